"""Judging again what was judged: the row, what it earned and every count move by the difference."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.actions import record_progress, tally
from courses.models import ExerciseVersion, Tally
from courses.types import TallyMove, china_day
from exercises.texts import storable
from exercises.types import Outcome, Verdict
from exercises.verdicts import pack_transcripts, to_json
from grading.models import Body, GradingRun, LedgerRecord, Override, Progress, Submission
from grading.statements import lock
from grading.states import earned, judge
from grading.types import Repaired

State = Submission.State
Purpose = Submission.Purpose


BY_HAND = "by hand"
"""Stands for the engine in the run of what a person decided."""


@dataclass(frozen=True, slots=True)
class Regraded:
    """What judging again came to, in hundredths of a point."""

    before: int
    after: int
    applied: bool
    """False: it would have earned less, and nothing may be taken away; or a person had decided."""
    best_before: int
    best_after: int
    """Of all tries at the exercise."""


@transaction.atomic
def regrade(
    submission: Submission,
    verdict: Verdict,
    *,
    version: ExerciseVersion,
    engine: str,
    never_lower: bool = True,
    reason: str = "",
) -> Regraded:
    """Give a graded try another verdict, by a version of its exercise that may be newer.

    Effects, in order: progress locked; the submission, its verdict and what happened on ledgers,
    as `version` judges them, and what its learner is told; a grading
    run with the reason *regrade*; progress (best credit, first pass) and enrolment by the
    difference, and with it completion and qualification, which are not taken back; the tallies of
    passes and competencies. When it was handed in and graded first stays as it was. With
    `never_lower` a verdict that earns less or loses the pass leaves the run and nothing else; so
    does any verdict where an override is in force.
    """
    moved = _Moved(submission)
    current, before, was = moved.submission, moved.submission.credit, moved.submission.outcome
    settled_at = current.settled_at
    judge(current, verdict, version=version)
    current.settled_at = settled_at
    stays = never_lower and lowers(before, was, current.credit, current.outcome)
    is_applied = not stays and not is_overridden(current)
    _add_run(current, engine, verdict)
    if is_applied:
        current.version = version
        current.save(update_fields=["version", "outcome", "score", "credit"])
        said = storable(to_json(replace(verdict, transcripts=())))
        told = Repaired(before, current.credit, reason, by_hand=False, asked=moved.asked)
        Body.objects.filter(pk=current.pk).update(verdict=said, repaired=asdict(told))
        _keep_ledgers(current, verdict)
        moved.count()
    return moved.result(before, current.credit, applied=is_applied)


def lowers(before: int, was: str, after: int, outcome: str) -> bool:
    """Whether a new verdict takes away points or the pass."""
    return after < before or (was == Outcome.PASSED and outcome != Outcome.PASSED)


def is_overridden(submission: Submission) -> bool:
    """Whether a person's decision stands for its verdict. 1 query."""
    return Override.objects.filter(submission=submission, withdrawn_at=None).exists()


@transaction.atomic
def decide(submission: Submission, *, credit: int | None, outcome: str, reason: str) -> Regraded:
    """Give a graded try the credit that a person decided; None: what its score earns.

    Effects as of `regrade`, but for the verdict, which stays to be read.
    """
    moved = _Moved(submission)
    current, before = moved.submission, moved.submission.credit
    current.credit = earned(current, current.version) if credit is None else credit
    current.outcome = outcome
    current.save(update_fields=["credit", "outcome"])
    _add_run(current, BY_HAND)
    told = Repaired(before, current.credit, reason, by_hand=True, asked=moved.asked)
    Body.objects.filter(pk=current.pk).update(repaired=asdict(told))
    moved.count()
    return moved.result(before, current.credit, applied=True)


@transaction.atomic
def forgive_lateness(submission: Submission, *, late_percent: int, reason: str) -> Regraded:
    """Let a graded try lose less for being late, as of a later day it would have.

    Effects as of `regrade`, but for the verdict. What a person decided stays.
    """
    moved = _Moved(submission)
    current, before = moved.submission, moved.submission.credit
    current.late_percent = min(current.late_percent, late_percent)
    if not is_overridden(current):
        current.credit = earned(current, current.version)
    current.save(update_fields=["late_percent", "credit"])
    if current.credit != before:
        told = Repaired(before, current.credit, reason, by_hand=True, asked=moved.asked)
        Body.objects.filter(pk=current.pk).update(repaired=asdict(told))
    moved.count()
    return moved.result(before, current.credit, applied=True)


class _Moved:
    """A graded try that is about to change, read anew with its progress locked until commit."""

    def __init__(self, submission: Submission) -> None:
        self.progress = lock(submission.progress_id)
        self.submission = Submission.objects.select_related("version").get(pk=submission.pk)
        assert self.submission.state == State.DONE, "only what was graded is graded again"
        assert self.submission.purpose == Purpose.TRY, "only tries earn anything"
        repaired = Body.objects.filter(pk=submission.pk).values_list("repaired", flat=True).first()
        self.asked: int = (repaired or {}).get("asked") or self.submission.version_id
        """The version that the learner saw, even if another one has judged before."""
        self._best = self.progress.credit
        self._passes = _passes(self.progress, -1)

    def count(self) -> None:
        """Move all counts by the difference to what the rows say now."""
        _count(self.progress, self._passes)

    def result(self, before: int, after: int, *, applied: bool) -> Regraded:
        return Regraded(before, after, applied, self._best, self.progress.credit)


def _keep_ledgers(submission: Submission, verdict: Verdict) -> None:
    if verdict.transcripts:
        packed = pack_transcripts(verdict.transcripts)
        LedgerRecord.objects.update_or_create(pk=submission.pk, defaults={"packed": packed})
    else:
        LedgerRecord.objects.filter(pk=submission.pk).delete()


def _count(progress: Progress, passes_before: list[TallyMove]) -> None:
    tries = Submission.objects.filter(progress=progress, purpose=Purpose.TRY, state=State.DONE)
    passed = tries.filter(outcome=Outcome.PASSED).order_by("settled_at", "pk").first()
    credit = tries.aggregate(best=Max("credit"))["best"] or 0
    credit_by = credit - progress.credit
    passed_by = int(passed is not None) - int(progress.passed_at is not None)
    progress.credit = credit
    progress.passed_at = passed.settled_at if passed is not None else None
    progress.save(update_fields=["credit", "passed_at"])
    record_progress(
        enrolment_id=progress.enrolment_id,
        credit_by=credit_by,
        passed_by=passed_by,
        lesson_key="",
        now=timezone.now(),
        is_try=False,
    )
    tally([*passes_before, *_passes(progress, 1)])


def _passes(progress: Progress, by: int) -> list[TallyMove]:
    """How the first pass of an exercise is counted, `by` times; nothing while it is not passed."""
    if progress.passed_at is None:
        return []
    passed = (
        Submission.objects.filter(
            progress=progress,
            purpose=Purpose.TRY,
            state=State.DONE,
            outcome=Outcome.PASSED,
            settled_at=progress.passed_at,
        )
        .select_related("version__exercise__course")
        .order_by("pk")
        .first()
    )
    if passed is None:
        return []
    day = china_day(progress.passed_at)
    metric = Tally.Metric
    return [
        TallyMove(metric.PASSES, day, passed.version.exercise.course.key, by),
        *(
            TallyMove(metric.COMPETENCY_PASSES, day, competency, by)
            for competency in passed.version.competencies
        ),
    ]


def _add_run(submission: Submission, engine: str, verdict: Verdict | None = None) -> None:
    now = timezone.now()
    GradingRun.objects.create(
        submission=submission,
        reason=GradingRun.Reason.REGRADE,
        engine=engine,
        outcome=submission.outcome if verdict is None else verdict.outcome,
        score=None if verdict is None else verdict.score,
        started_at=now,
        finished_at=now,
        cpu_ms=None if verdict is None else verdict.cpu_ms,
        memory_bytes=None if verdict is None else verdict.memory_bytes,
    )
