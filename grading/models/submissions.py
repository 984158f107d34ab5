"""What learners handed in and what became of it. The row is the job; a message only wakes.

`credit` is in hundredths of a point everywhere, so that sums stay exact.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, Exercise, ExerciseVersion
from grading.policy import Terms


class Progress(models.Model):
    """How far a learner is with one exercise: all that a lesson page reads. Made at first touch."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="progress")
    version = models.ForeignKey(ExerciseVersion, on_delete=models.PROTECT, related_name="+")
    variant = models.PositiveSmallIntegerField(default=0)
    """Number of the variant; its seed is a function of it and of the enrolment's seed."""
    tries = models.PositiveIntegerField(default=0)
    hints_used = models.PositiveSmallIntegerField(default=0)
    credit = models.PositiveIntegerField(default=0)
    """Best credit of all tries, after policy."""
    passed_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(auto_now=True)
    terms: Terms | None = None
    """Until when the learner may work; only on progress that `grading.statements` has read."""

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints: ClassVar = [
            # Serves the lesson page too: all progress of one enrolment.
            models.UniqueConstraint(fields=["enrolment", "exercise"], name="progress_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.exercise_id}"


class Submission(models.Model):
    """One try (or one *Run* of the visible checks). Append-only but for its state."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being graded")
        DONE = "done", _("graded")
        BROKEN = "broken", _("not graded: our fault")
        QUARANTINED = "quarantined", _("set aside: our fault")

    class Purpose(models.TextChoices):
        TRY = "try", _("submission")
        RUN = "run", _("run of the visible checks")
        PLAY = "play", _("calls in the playground")

    IN_FLIGHT: ClassVar = (State.QUEUED, State.RUNNING)

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="submissions")
    version = models.ForeignKey(
        ExerciseVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Indexed by submission_version."""
    purpose = models.CharField(max_length=4, choices=Purpose.choices, default=Purpose.TRY)
    number = models.PositiveIntegerField()
    """Which try it is, from 1; runs carry the number of tries made before them."""
    hints_used = models.PositiveSmallIntegerField(default=0)
    """How many hints had been shown when it was handed in: later ones do not cost it anything."""
    late_percent = models.PositiveSmallIntegerField(default=0)
    """Percent of what it earns that are lost because it came late."""
    variant = models.PositiveSmallIntegerField(default=0)
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=24, blank=True, default="")
    """The ledger engine and language that a worker needs for it: 'chainmaker/go'; '' for none."""
    idempotency_key = models.UUIDField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    outcome = models.CharField(max_length=12, blank=True)
    """`exercises.types.Outcome` of the verdict; '' until graded."""
    score = models.FloatField(null=True)
    """Share of the points before policy, 0 to 1; null until graded."""
    credit = models.PositiveIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    losses = models.PositiveSmallIntegerField(default=0)
    """How many workers died or vanished while they held it."""
    created_at = models.DateTimeField()
    """By the database's clock, like every moment of a submission."""
    turn_at = models.DateTimeField()
    """Its place in the queue: `created_at`, and later for a learner who has others waiting."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["progress", "idempotency_key"], name="submission_idempotent"
            ),
            models.UniqueConstraint(
                fields=["progress"],
                condition=models.Q(state__in=("queued", "running")),
                name="submission_one_in_flight",
            ),
        ]
        indexes: ClassVar = [
            # The queue: what a worker claims and the sweeper looks at.
            models.Index(
                fields=["turn_at", "id"],
                condition=models.Q(state__in=("queued", "running")),
                name="submission_queue",
            ),
            # History of one exercise of one learner, newest first.
            models.Index(fields=["progress", "-id"], name="submission_history"),
            # What was handed in to one exercise by everybody, newest first.
            models.Index(fields=["version", "-id"], name="submission_version"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Body(models.Model):
    """The answer of a submission and the verdict now shown for it; prunable by policy."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    answer = models.JSONField()
    verdict = models.JSONField(null=True)
    """`exercises.verdicts.to_json` of the verdict, without transcripts; null until graded."""
    repaired = models.JSONField(null=True)
    """What the learner is told beside the verdict when it is not the first, as a table:
    `grading.types.Repaired`. Null while nothing was repaired."""

    class Meta:
        verbose_name = _("body of a submission")
        verbose_name_plural = _("bodies of submissions")

    def __str__(self) -> str:
        return str(self.submission_id)


class LedgerRecord(models.Model):
    """What happened on the ledgers of a submission, beside its verdict; prunable by policy.

    Apart from the body, which every lesson page reads: a record is hundreds of times as long.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="ledger_record"
    )
    packed = models.BinaryField()
    """`exercises.verdicts.pack_transcripts` of the verdict's transcripts."""

    class Meta:
        verbose_name = _("ledger record")
        verbose_name_plural = _("ledger records")

    def __str__(self) -> str:
        return str(self.submission_id)


class GradingRun(models.Model):
    """One grading of a submission by a worker. Insert-only: who judged it, with what, how long.

    Kinds that are graded in the request have none: their submission row says it all
    (docs/decisions/0004).
    """

    class Reason(models.TextChoices):
        FIRST = "first"
        REGRADE = "regrade"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="runs")
    reason = models.CharField(max_length=8, choices=Reason.choices, default=Reason.FIRST)
    engine = models.CharField(max_length=64)
    """Lane and interpreter: 'bubblewrap nested, CPython 3.11.7'."""
    outcome = models.CharField(max_length=12)
    score = models.FloatField(null=True)
    error = models.TextField(blank=True)
    """For a broken engine: what happened, for operators only."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    cpu_ms = models.FloatField(null=True)
    memory_bytes = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("grading run")
        verbose_name_plural = _("grading runs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(reason="first"),
                name="grading_run_first_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.reason}"


class Draft(models.Model):
    """What a learner has typed into the editor and not yet handed in. One per exercise."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="drafts")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField()
    language = models.CharField(max_length=12, blank=True, default="")
    """Of a contract: the language that was chosen."""
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "exercise"], name="draft_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.exercise_id}"
