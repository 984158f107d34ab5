"""Which grading processes live."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkerBeat(models.Model):
    """That a grading process lives, in which lane it grades, or why it does not grade."""

    worker = models.CharField(max_length=128, unique=True)
    """Host and process: 'grader-3:1402'."""
    lane = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it grades nothing, as a sentence for operators; '' while it does."""
    missing = models.JSONField(default=dict)
    """Engine and language that it does not have, and why: what needs them stays queued."""
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("grading worker")
        verbose_name_plural = _("grading workers")

    def __str__(self) -> str:
        return self.worker
