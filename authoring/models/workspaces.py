"""A course while it is written: its workspace, who writes in it, and every revision of its files.

A revision is a whole course in the neutral format (docs/course-format.md): a table of paths and
the digests of their contents, as git keeps it. Contents are kept once, whoever wrote them.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User


class Blob(models.Model):
    """The contents of a file, by the SHA-256 of its bytes in hexadecimal. Immutable."""

    digest = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("file contents")
        verbose_name_plural = _("file contents")

    def __str__(self) -> str:
        return self.digest[:12]


class Workspace(models.Model):
    """Where one course is written. It belongs to an organisation; the course's key names it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course_key = models.SlugField(max_length=64, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="workspaces"
    )
    title = models.JSONField(default=dict)
    """Language → title, as in the newest revision whose course.toml could be read."""
    needs_review = models.BooleanField(_("a second person reviews"), default=True)
    """Whether a release needs the consent of somebody who did not write it."""
    head = models.OneToOneField(
        "Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The newest revision."""
    published = models.ForeignKey(
        "Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The revision that learners study now; null while there is none."""
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    role: str
    """What the person may do here; only on a workspace that `authoring.access` gave out."""

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")

    def __str__(self) -> str:
        return self.course_key


class WorkspaceMember(models.Model):
    """What a person may do in a workspace."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        """Reads and writes."""
        EDITOR = "editor", _("editor")
        """Reads, writes, invites, publishes, regrades."""
        REVIEWER = "reviewer", _("reviewer")
        """Reads, comments, consents to a release or sends it back."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="workspaces")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("member of a workspace")
        verbose_name_plural = _("members of workspaces")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="workspace_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.workspace} · {self.role}"


class Revision(models.Model):
    """All files of a course at one moment. Immutable.

    An autosave whose author saved the same files again soon after is superseded: it is no part of
    the history, and is removed when nobody can be writing on it any more.
    """

    class Origin(models.TextChoices):
        BROWSER = "browser", _("written in the browser")
        AUTOSAVE = "autosave", _("saved while writing")
        ARCHIVE = "archive", _("uploaded archive")
        IMPORT = "import", _("imported from another system")
        GIT = "git", _("fetched from git")
        UPLOAD = "upload", _("sent by a program")
        UNDO = "undo", _("taken back")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    tree = models.JSONField()
    """Path below the course's folder, with / → digest of the contents."""
    digest = models.CharField(max_length=64)
    """Of the tree: equal revisions have equal digests."""
    origin = models.CharField(max_length=10, choices=Origin.choices)
    message = models.CharField(_("what changed"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    is_superseded = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints: ClassVar = [
            # Serves the history too, newest first.
            models.UniqueConstraint(fields=["workspace", "number"], name="revision_number"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} {self.number}"
