"""What is to be tried of a draft: the row is the job, done by `manage.py author`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from authoring.models.workspaces import Revision, Workspace


class Trial(models.Model):
    """One thing to be tried: an exercise, the mutants of its solution, or a whole revision.

    waiting → working → done, or failed. Whoever works holds a lease, which every answer that is
    graded prolongs; when it ends, another worker begins anew.
    """

    class Purpose(models.TextChoices):
        TRY = "try", _("try an exercise")
        MUTANTS = "mutants", _("try small mistakes")
        PROOF = "proof", _("prove a revision")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being tried")
        DONE = "done", _("tried")
        FAILED = "failed", _("failed")
        """By our fault: it was tried several times, and no worker came to an end."""

    UNFINISHED: ClassVar = (State.WAITING, State.WORKING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="trials")
    revision = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, related_name="trials"
    )
    """Null where an autosave took the place of what was tried."""
    digest = models.CharField(max_length=64)
    """Of the revision's tree when it was tried: the report is about exactly these files."""
    exercise_key = models.CharField(max_length=64, blank=True)
    """Empty for a whole revision."""
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """Answers that were graded so far."""
    report = models.JSONField(default=dict)
    """Empty until it is done; `authoring.trials` says what it holds for each purpose."""
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        indexes: ClassVar = [
            # Pages: the latest trial of an exercise or a revision.
            models.Index(fields=["workspace", "exercise_key", "purpose", "-id"]),
            # Workers.
            models.Index(
                fields=["id"],
                name="trial_unfinished",
                condition=models.Q(state__in=("waiting", "working")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.workspace} {self.exercise_key}".strip()

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def seconds(self) -> float:
        """Since it was asked for, until it was over."""
        return ((self.finished_at or timezone.now()) - self.created_at).total_seconds()

    @property
    def holds(self) -> bool:
        """Whether it is done, and nothing was found."""
        return self.state == self.State.DONE and not self.report.get("faults")
