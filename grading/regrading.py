"""Judging again what was judged: the row, what it earned and every count move by the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.actions import record_progress, tally
from courses.models import ExerciseVersion, Tally
from courses.types import TallyMove, china_day
from exercises.texts import storable
from exercises.types import Outcome, Verdict
from exercises.verdicts import to_json
from grading.models import Body, GradingRun, Progress, Submission
from grading.statements import lock
from grading.states import judge

State = Submission.State
Purpose = Submission.Purpose


@dataclass(frozen=True, slots=True)
class Regraded:
    """What judging again came to, in hundredths of a point."""

    before: int
    after: int
    applied: bool
    """False: it would have earned less, and nothing may be taken away."""


@transaction.atomic
def regrade(
    submission: Submission,
    verdict: Verdict,
    *,
    version: ExerciseVersion,
    engine: str,
    never_lower: bool = True,
) -> Regraded:
    """Give a graded try another verdict, by a version of its exercise that may be newer.

    Effects, in order: progress locked; the submission and its verdict, as `version` judges them; a
    grading run with the reason *regrade*; progress (best credit, first pass) and enrolment by the
    difference, and with it completion and qualification, which are not taken back; the tallies of
    passes and competencies. When it was handed in and graded first stays as it was. With
    `never_lower` a verdict that earns less leaves the run and nothing else.
    """
    progress = lock(submission.progress_id)
    current = Submission.objects.select_related("version").get(pk=submission.pk)
    assert current.state == State.DONE, "only what was graded is graded again"
    assert current.purpose == Purpose.TRY, "only tries earn anything"
    before = current.credit
    settled_at = current.settled_at
    passes_before = _passes(progress, -1)
    judge(current, verdict, version=version)
    current.settled_at = settled_at
    is_applied = current.credit >= before or not never_lower
    _add_run(current, verdict, engine)
    if is_applied:
        current.version = version
        current.save(update_fields=["version", "outcome", "score", "credit"])
        said = storable(to_json(replace(verdict, transcripts=())))
        Body.objects.filter(pk=current.pk).update(verdict=said)
        _count(progress, passes_before)
    return Regraded(before, current.credit, is_applied)


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


def _add_run(submission: Submission, verdict: Verdict, engine: str) -> None:
    now = timezone.now()
    GradingRun.objects.create(
        submission=submission,
        reason=GradingRun.Reason.REGRADE,
        engine=engine,
        outcome=verdict.outcome,
        score=verdict.score,
        started_at=now,
        finished_at=now,
        cpu_ms=verdict.cpu_ms,
        memory_bytes=verdict.memory_bytes,
    )
