"""How a revision becomes a release: what is said of it, who consents, what the guard let pass."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from authoring.models.workspaces import Revision, Workspace
from courses.models import Release


class Publication(models.Model):
    """One release of a workspace, from its first note to its last.

    A workspace prepares one at a time: its notes wait for whatever revision will be published.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="publications")
    notes = models.JSONField(default=dict)
    """Language → what changed, in plain paragraphs."""
    for_learners = models.CharField(
        max_length=8, choices=Release.ForLearners.choices, default=Release.ForLearners.OFFERED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="publications"
    )
    """Null until it is published, as are all below."""
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    """How many learners were moved to it."""

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(published_at=None),
                name="publication_prepared_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} {self.release or '…'}"


class Remark(models.Model):
    """What somebody says of a revision: a comment, consent, or that it needs more work."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        CONSENT = "consent", _("consents to the release")
        SENT_BACK = "back", _("sends it back")

    DECISIONS: ClassVar = (Kind.CONSENT, Kind.SENT_BACK)

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="remarks")
    revision = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, related_name="remarks"
    )
    """Null where an autosave took the place of what was spoken of."""
    number = models.PositiveIntegerField()
    """Of the revision."""
    digest = models.CharField(max_length=64)
    """Of its tree: a decision is about exactly these files."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(_("what you say"), max_length=4000, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="remark_thread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.workspace} {self.number}"


class PolicyOverride(models.Model):
    """A reviewer's written reason for which a finding of the separation guard may stand.

    It answers for one sentence of one file: when the sentence changes, it says nothing any more.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="overrides")
    rule = models.CharField(max_length=64)
    file = models.CharField(max_length=240)
    excerpt = models.CharField(max_length=200)
    reason = models.TextField(_("why it may stand"), max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("override of the policy check")
        verbose_name_plural = _("overrides of the policy check")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "rule", "file", "excerpt"], name="policy_override_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} {self.rule} {self.file}"
