"""Places that an organisation keeps for people, and the ways on which they come."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Cohort, Membership, Organisation
from accounts.models.people import User


def new_token() -> str:
    """A random token of 32 signs for an address, 192 bits."""
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """A place kept for a person in an organisation, by e-mail address; taken once they sign up.

    What a roster and an e-mail list make. `email` is in lower case. A place that was withdrawn
    stays as a row: nothing that happened is rewritten.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    """The organisation's own number of the person: a student number, a OneRoster `sourcedId`."""
    token = models.CharField(max_length=32, unique=True, default=new_token)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(withdrawn_at=None),
                name="invitation_in_force_unique",
            ),
        ]
        indexes: ClassVar = [
            # Whoever confirms an address: the places kept for it.
            models.Index(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_by_email",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"


class InviteLink(models.Model):
    """An address that lets whoever has it join, until it ends, is used up or is revoked."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invite_links"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="invite_links"
    )
    role = models.CharField(
        _("role"), max_length=16, choices=Membership.Role.choices, default=Membership.Role.LEARNER
    )
    token = models.CharField(max_length=32, unique=True, default=new_token)
    most_uses = models.PositiveIntegerField(_("uses"), null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("invitation link")
        verbose_name_plural = _("invitation links")

    def __str__(self) -> str:
        return f"{self.organisation} · {self.role}"


class RosterUpload(models.Model):
    """A list of people that an organisation uploaded: read, compared, then applied as chosen.

    The row is the job: a message only wakes a worker, and the sweeper finds what was forgotten.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("being read")
        READY = "ready", _("ready to be applied")
        APPLYING = "applying", _("being applied")
        DONE = "done", _("applied")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed by our fault")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="roster_uploads"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="roster_uploads"
    )
    """Where people go whose row names no cohort."""
    uploaded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    message = models.CharField(max_length=500, blank=True)
    """Why the whole file was refused, as a sentence that says what to do."""
    removes_missing = models.BooleanField(default=False)
    """Whether who is not in the list loses their place."""
    keeps_good_rows = models.BooleanField(default=True)
    """Whether the good rows are applied where others were refused; else none is."""
    sends_mail = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """Rows read, then rows applied, of `total`: what the progress bar shows."""
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("roster upload")
        verbose_name_plural = _("roster uploads")

    def __str__(self) -> str:
        return f"{self.file_name} · {self.organisation}"


class RosterRow(models.Model):
    """One row of an uploaded roster and what it will do, or why it was refused."""

    class Effect(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        SAME = "same", _("unchanged")
        REMOVED = "removed", _("removed")
        REFUSED = "refused", _("refused")

    upload = models.ForeignKey(RosterUpload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    """The row of the file, as a spreadsheet counts it; 0 for people that are not in the file."""
    effect = models.CharField(max_length=8, choices=Effect.choices)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, related_name="+")
    said = models.JSONField(default=dict)
    """Of a change: field → [before, after]. Of a refusal: {"reason": {language: words}}."""

    class Meta:
        verbose_name = _("roster row")
        verbose_name_plural = _("roster rows")
        indexes: ClassVar = [
            # The page of one effect, in the order of the file.
            models.Index(fields=["upload", "effect", "number"], name="roster_row_page"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} · {self.number}"


class Announcement(models.Model):
    """What an organisation tells the people of one cohort, or all its learners."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="announcements"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="announcements"
    )
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    recipients = models.ManyToManyField(User, related_name="+", blank=True)
    """Whom it is for where it was sent to selected people; none: everybody of the cohort."""
    sends_mail = models.BooleanField(_("by e-mail too"), default=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.subject


class AnnouncementSeen(models.Model):
    """That a person has put an announcement away."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="seen_by")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("announcement seen")
        verbose_name_plural = _("announcements seen")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "user"], name="announcement_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} · {self.user_id}"
