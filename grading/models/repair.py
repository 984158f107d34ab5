"""What was judged again, what people decided by hand, and that it happened.

A regrade is a batch with an item for each stored try: first every item is judged anew and nothing
changes for anybody (the preview), then every item is applied. The rows are the job: grading
workers do it when no learner waits (`grading.repairs`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, Exercise, ExerciseVersion
from grading.models.submissions import Progress, Submission


class RegradeBatch(models.Model):
    """Judging the stored tries at an exercise by another version of it."""

    class State(models.TextChoices):
        JUDGING = "judging", _("being judged for the preview")
        READY = "ready", _("preview, nothing has changed for anybody")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        ABANDONED = "abandoned", _("abandoned, nothing has changed for anybody")

    WORKED_ON: ClassVar = (State.JUDGING, State.APPLYING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="regrades")
    version = models.ForeignKey(ExerciseVersion, on_delete=models.PROTECT, related_name="+")
    """The version that judges."""
    judged_versions = models.JSONField(default=list)
    """Ids of the versions whose tries it judges; tries at others keep what they have."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.JUDGING)
    never_lower = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    """What learners are told; '' until it is applied."""
    gathered_to = models.BigIntegerField(default=0)
    """Every try up to this id has its item."""
    is_gathered = models.BooleanField(default=False)
    preview = models.JSONField(default=dict)
    """Made when every item is judged: `grading.repairs.summary`."""
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    begun_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    """When the last item was applied."""

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        indexes: ClassVar = [
            # What a worker looks for when no learner waits.
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=("judging", "applying")),
                name="regrade_worked_on",
            ),
            models.Index(fields=["exercise", "-id"], name="regrade_history"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class RegradeItem(models.Model):
    """One stored try in a regrade: what it has, and what it would have."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        JUDGED = "judged", _("judged")
        KEPT = "kept", _("keeps what it has")
        """Handed in at another version, changed by hand, or its text is no longer kept."""
        BROKEN = "broken", _("could not be judged")

    batch = models.ForeignKey(RegradeBatch, on_delete=models.CASCADE, related_name="items")
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="regrade_items"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    outcome_before = models.CharField(max_length=12)
    credit_before = models.PositiveIntegerField()
    outcome_after = models.CharField(max_length=12)
    credit_after = models.PositiveIntegerField()
    """As before until it is judged; of what is kept or broken for good."""
    is_lower = models.BooleanField(default=False)
    """Whether the new verdict takes away points or the pass."""
    verdict = models.JSONField(null=True)
    """`exercises.verdicts.to_json` of the new verdict, without transcripts."""
    packed = models.BinaryField(null=True)
    """`exercises.verdicts.pack_transcripts` of its transcripts."""
    engine = models.CharField(max_length=64, blank=True)
    """Who judged it, as in a grading run."""
    error = models.TextField(blank=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    losses = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("regraded try")
        verbose_name_plural = _("regraded tries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "submission"], name="regrade_item_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["batch", "id"],
                condition=models.Q(state="waiting"),
                name="regrade_item_waiting",
            ),
            models.Index(
                fields=["batch", "id"],
                condition=models.Q(state="judged", applied_at=None),
                name="regrade_item_unapplied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.submission_id}"


class Override(models.Model):
    """What a person gave a try in place of what it was judged to earn."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="overrides")
    credit = models.PositiveIntegerField()
    """Hundredths of a point, whatever tries, hints and lateness would cost."""
    credit_before = models.PositiveIntegerField()
    outcome_before = models.CharField(max_length=12)
    """Credit and outcome as judged, even if another override stood between."""
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(withdrawn_at=None),
                name="override_in_force_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.credit}"


class Notice(models.Model):
    """News of a repair for one learner, shown until they put it away."""

    class About(models.TextChoices):
        REGRADED = "regraded", _("judged again")
        OVERRIDDEN = "overridden", _("decided by hand")
        ANSWERED = "answered", _("answer to a request")
        DECIDED = "decided", _("decision on a request")
        EXTENDED = "extended", _("more time")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=10, choices=About.choices)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    batch = models.ForeignKey(
        RegradeBatch, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    progress = models.ForeignKey(
        Progress, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    credit_before = models.PositiveIntegerField(null=True)
    credit_after = models.PositiveIntegerField(null=True)
    """Of the exercise: the best of all tries; null where credit is not what it is about."""
    due_on = models.DateField(null=True)
    words = models.CharField(max_length=500, blank=True)
    """The reason, as it was written."""
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "progress"],
                condition=models.Q(about="regraded"),
                name="notice_once_a_regrade",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["enrolment", "-id"],
                condition=models.Q(seen_at=None),
                name="notice_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.about}"


class AuditEntry(models.Model):
    """That somebody changed what learners have. Append-only: the database refuses all else.

    `digest` is the SHA-256 of `previous` and of the canonical JSON of act, moment, person and
    facts (`grading.audit`): nothing before an entry can be changed unnoticed. No names, no free
    text: reasons are there by their digests.
    """

    previous = models.CharField(max_length=64, unique=True)
    """Digest of the entry before; zeros for the first."""
    digest = models.CharField(max_length=64, unique=True)
    act = models.CharField(max_length=40)
    at = models.CharField(max_length=32)
    """ISO 8601 in UTC, as it was hashed."""
    by = models.BigIntegerField(null=True)
    """Id of the person. Not a foreign key: the entry outlives them."""
    facts = models.JSONField()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        return f"{self.at} {self.act}"
