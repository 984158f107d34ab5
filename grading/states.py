"""A submission on its way: queued, running under a lease, done. The row is the job.

queued → running (`claim`) → done (`settle`) or broken (`break_off`); back to queued (`release`);
quarantined after too many lost workers. Every change asks for the lease's token (fencing), so a
worker that was thought dead changes nothing any more. Leases are measured by the database's clock.

Locks are always taken in one order: Progress, Submission, Enrolment, Tally.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from courses.actions import record_progress, tally
from courses.models import ExerciseVersion, Tally
from courses.types import TallyMove, china_day
from exercises.texts import storable
from exercises.types import Outcome, Verdict
from exercises.verdicts import pack_transcripts, to_json
from grading import policy, statements
from grading.models import GradingRun, LedgerRecord, Progress, Submission
from grading.signals import exercise_passed, submission_settled
from grading.statements import Gain, gained, lock, take

State = Submission.State

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """One submission that one worker may grade until its lease ends."""

    submission: Submission
    """With its body."""
    token: uuid.UUID
    started_at: datetime.datetime


def lease() -> datetime.timedelta:
    """How long a worker may be silent before its submission is given to another."""
    return datetime.timedelta(seconds=settings.GRADING_LEASE_SECONDS)


def claim(missing: Collection[str] = ()) -> Claim | None:
    """Take the submission whose turn it is; None when nothing waits that this worker can grade.

    `missing`: ledger engines that it does not have.

    Fair between learners: `turn_at` puts the second waiting submission of a learner behind the
    first ones of everybody who came in the meantime. A running one whose lease has ended is
    taken like a queued one and counts a loss; at `GRADING_MAX_LOSSES` it is quarantined.
    """
    token = uuid.uuid4()
    submission = take(
        token,
        lease_seconds=settings.GRADING_LEASE_SECONDS,
        most_losses=settings.GRADING_MAX_LOSSES - 1,
        missing=missing,
    )
    if submission is None or submission.lease_until is None:
        quarantine_lost()
        return None
    return Claim(submission, token, submission.lease_until - lease())


def extend(claim: Claim) -> bool:
    """Move the end of the lease; False when it is no longer ours."""
    held = _held(claim.submission.pk, State.RUNNING, claim.token)
    return bool(held.update(lease_until=Now() + lease()))


def release(claim: Claim) -> bool:
    """Put it back into the queue without a loss: not this submission's fault, nor its turn's."""
    held = _held(claim.submission.pk, State.RUNNING, claim.token)
    return bool(held.update(state=State.QUEUED, lease_token=None, lease_until=None))


@transaction.atomic
def settle(claim: Claim, verdict: Verdict, *, engine: str) -> bool:
    """Write a verdict while the lease is still ours; False when it is not, and nothing changes.

    Effects: submission, verdict, what happened on ledgers, grading run, progress; for a try also
    what `count` lists.
    """
    submission, version = claim.submission, claim.submission.version
    judge(submission, verdict, version=version)
    run = _run(claim, engine, outcome=verdict.outcome, verdict=verdict)
    is_try = submission.purpose == Submission.Purpose.TRY
    said = storable(to_json(replace(verdict, transcripts=())))
    passed = is_try and verdict.outcome == Outcome.PASSED
    gain = statements.settle(run, claim.token, said, passed=passed)
    if gain is None:
        return False
    submission.settled_at = gain.now
    if verdict.transcripts:
        packed = pack_transcripts(verdict.transcripts)
        LedgerRecord.objects.update_or_create(pk=submission.pk, defaults={"packed": packed})
    if is_try:
        count(gain, submission, course_key=version.exercise.course.key)
    announce(submission)
    return True


@transaction.atomic
def break_off(claim: Claim, error: str, *, engine: str) -> bool:
    """End a submission that could not be graded by our fault; False when it is no longer ours.

    Effects: state `broken`, grading run with the error, the try given back, an alert in the log.
    """
    submission = claim.submission
    now = lock(submission.progress_id).touched_at
    held = _held(submission.pk, State.RUNNING, claim.token)
    if not held.update(state=State.BROKEN, settled_at=now, lease_token=None, lease_until=None):
        return False
    run = _run(claim, engine, outcome=State.BROKEN, error=error)
    run.finished_at = now
    run.save(force_insert=True)
    _give_back(submission, State.BROKEN)
    logger.error("submission_broken", submission=str(submission.uuid), error=error)
    return True


@transaction.atomic
def quarantine(submission: Submission) -> bool:
    """Set aside a submission that has lost too many workers; False when somebody else moved it.

    Effects: state `quarantined`, the try given back, an alert in the log.
    """
    now = lock(submission.progress_id).touched_at
    held = _held(submission.pk, State.RUNNING, submission.lease_token)
    if not held.update(
        state=State.QUARANTINED,
        losses=F("losses") + 1,
        settled_at=now,
        lease_token=None,
        lease_until=None,
    ):
        return False
    _give_back(submission, State.QUARANTINED)
    logger.error("submission_quarantined", submission=str(submission.uuid))
    return True


def quarantine_lost() -> int:
    """Quarantine every submission whose last allowed worker was lost; return how many."""
    lost = _waiting().filter(state=State.RUNNING, losses__gte=settings.GRADING_MAX_LOSSES - 1)
    return sum(quarantine(submission) for submission in lost)


def judge(submission: Submission, verdict: Verdict, *, version: ExerciseVersion) -> None:
    """Put a verdict and what it earns into the fields of a submission. Writes nothing."""
    submission.state = State.DONE
    submission.outcome = verdict.outcome
    submission.score = verdict.score
    if submission.purpose == Submission.Purpose.TRY:
        submission.credit = earned(submission, version)


def earned(submission: Submission, version: ExerciseVersion) -> int:
    """What a graded try earns by its score, in hundredths of a point."""
    costs = [hint["cost"] for hint in version.hints[: submission.hints_used]]
    return policy.credit(
        points=version.points,
        score=submission.score or 0.0,
        earlier_tries=submission.number - 1,
        penalty_percent=version.penalty_percent,
        hint_costs=costs,
        late_percent=submission.late_percent,
    )


def record(
    progress: Progress,
    submission: Submission,
    *,
    course_key: str,
    lesson_key: str,
    now: datetime.datetime,
) -> None:
    """Move what a graded try moves, in the caller's transaction, which holds `progress` locked.

    Effects: progress (best credit, first pass) and the tries that the caller has changed; what
    `count` lists. Three statements unless the course completes.
    """
    passed = submission.outcome == Outcome.PASSED
    gain = gained(progress, submission.credit, passed=passed, now=now)
    progress.save(update_fields=["tries", "credit", "passed_at"])
    count(gain, submission, course_key=course_key, lesson_key=lesson_key)


def count(gain: Gain, submission: Submission, *, course_key: str, lesson_key: str = "") -> None:
    """Count a graded try by the difference that it made, in the transaction that wrote it.

    Effects: the enrolment, and with it completion and qualification; the tallies of submissions,
    of passes and of the competencies that were passed; the signal of a first pass. Two statements
    unless something happens for the first time. The submission comes with its version.
    """
    record_progress(
        enrolment_id=gain.enrolment_id,
        credit_by=gain.credit_by,
        passed_by=int(gain.is_first_pass),
        lesson_key=lesson_key,
        now=gain.now,
    )
    day = china_day(gain.now)
    moves = [TallyMove(Tally.Metric.SUBMISSIONS, day, course_key)]
    if gain.is_first_pass:
        moves.append(TallyMove(Tally.Metric.PASSES, day, course_key))
        moves += [
            TallyMove(Tally.Metric.COMPETENCY_PASSES, day, competency)
            for competency in submission.version.competencies
        ]
        news = partial(
            exercise_passed.send_robust,
            sender=None,
            enrolment_id=gain.enrolment_id,
            exercise_id=gain.exercise_id,
            submission_id=submission.pk,
        )
        transaction.on_commit(news)
    tally(moves)


def announce(submission: Submission) -> None:
    """Send, after commit, that a submission has reached its last state."""
    transaction.on_commit(
        partial(
            submission_settled.send_robust,
            sender=None,
            submission_id=submission.pk,
            state=submission.state,
        )
    )


def _waiting() -> QuerySet[Submission]:
    """What a worker may take: queued, or running under a lease that has ended."""
    # The first condition is that of the partial index submission_queue.
    return Submission.objects.filter(state__in=Submission.IN_FLIGHT).filter(
        Q(state=State.QUEUED) | Q(lease_until__lt=Now())
    )


def _held(pk: int, state: str, token: uuid.UUID | None) -> QuerySet[Submission]:
    """The submission as long as nobody else has moved it."""
    return Submission.objects.filter(pk=pk, state=state, lease_token=token)


def _give_back(submission: Submission, state: str) -> None:
    """The try, which was charged when it was handed in; the caller holds progress locked."""
    if submission.purpose == Submission.Purpose.TRY:
        Progress.objects.filter(pk=submission.progress_id).update(tries=F("tries") - 1)
    submission.state = state
    announce(submission)


def _run(
    claim: Claim, engine: str, *, outcome: str, verdict: Verdict | None = None, error: str = ""
) -> GradingRun:
    """The run of this claim but for when it ended, not saved."""
    return GradingRun(
        submission=claim.submission,
        engine=engine,
        outcome=outcome,
        score=None if verdict is None else verdict.score,
        error=error,
        started_at=claim.started_at,
        cpu_ms=None if verdict is None else verdict.cpu_ms,
        memory_bytes=None if verdict is None else verdict.memory_bytes,
    )
