"""A learner asks that a try be looked at again, and what is said about it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grading.models.submissions import Progress, Submission


class RegradeRequest(models.Model):
    """One question about one graded try; one may be open for each exercise of a learner."""

    class Decision(models.TextChoices):
        OPEN = "", _("open")
        REGRADED = "regraded", _("judged again")
        OVERRIDDEN = "overridden", _("points given by hand")
        REFUSED = "refused", _("left as it was")
        TAKEN_BACK = "taken_back", _("taken back by the learner")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="requests")
    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="requests")
    """Of the submission."""
    decision = models.CharField(
        max_length=10, choices=Decision.choices, default=Decision.OPEN, blank=True
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    is_answered = models.BooleanField(default=False)
    """Whether the last word is the instructors'."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("regrade request")
        verbose_name_plural = _("regrade requests")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["progress"],
                condition=models.Q(decision=""),
                name="regrade_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class RequestMessage(models.Model):
    """One contribution to the thread of a request."""

    request = models.ForeignKey(RegradeRequest, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_learners = models.BooleanField()
    words = models.CharField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("message of a regrade request")
        verbose_name_plural = _("messages of regrade requests")

    def __str__(self) -> str:
        return f"{self.request_id} · {self.created_at}"
