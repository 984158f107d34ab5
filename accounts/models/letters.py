"""Letters that wait to be sent. The row is the job: nothing is lost with a process or a message."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.invitations import Announcement, Invitation
from accounts.models.organisations import Organisation
from accounts.models.people import User


class Letter(models.Model):
    """One e-mail to one person: an invitation, an announcement, or a decision of the centre.

    Exactly one of `invitation`, `announcement` and `organisation` (on which was decided) is set.
    The words are written when it is sent, in the language of the person.
    """

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="letters"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    """Whom it is for; null for an invitation, which has an address."""
    due_at = models.DateTimeField()
    """When to send it, or to try again; while it is being sent, the end of the lease."""
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="letter_waiting_once",
            ),
            models.UniqueConstraint(fields=["announcement", "user"], name="letter_announced_once"),
        ]
        indexes: ClassVar = [
            # What the postman takes next.
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="letter_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation or self.announcement or self.organisation}"
