"""Judging an exercise's tries again, and deciding about one by hand."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Exercise, ExerciseVersion
from exercises.types import Outcome
from grading import audit, bell
from grading.models import Notice, Override, RegradeBatch, Submission
from grading.policy import HUNDREDTHS
from grading.regrading import Regraded, decide
from grading.same_question import asks_the_same
from grading.statements import lock
from grading.types import Refused

State = RegradeBatch.State


@transaction.atomic
def preview_regrade(
    *, exercise: Exercise, version: ExerciseVersion, judges: Collection[int], by: User
) -> RegradeBatch:
    """Begin to judge the stored tries at an exercise by one of its versions, for a preview.

    `judges`: ids of the versions whose tries are judged by it. Nothing changes for any learner.
    Effects: the batch, an audit entry; after commit a worker is rung. Raises `Refused` when no
    version is named or one that asks something else, and while another regrade of the exercise is
    under way.
    """
    assert version.exercise_id == exercise.pk, "a version of another exercise judges nothing here"
    judged = list(exercise.versions.filter(pk__in=judges))
    own = [one.pk for one in judged]
    if not own:
        raise Refused(_("Choose at least one version whose tries are to be judged again."))
    if not all(asks_the_same(one, version) for one in judged):
        raise Refused(_("One of these versions asks something else: its answers do not fit."))
    under_way = (State.JUDGING, State.READY, State.APPLYING)
    Exercise.objects.select_for_update().get(pk=exercise.pk)
    if RegradeBatch.objects.filter(exercise=exercise, state__in=under_way).exists():
        raise Refused(
            _("Another regrade of this exercise is under way. Apply or abandon it first.")
        )
    batch = RegradeBatch.objects.create(
        exercise=exercise, version=version, judged_versions=sorted(own), begun_by=by
    )
    facts = {"batch": batch.pk, "version": version.digest, "judges": sorted(own)}
    audit.record("regrade.previewed", by=by, facts=facts)
    transaction.on_commit(bell.ring)
    return batch


@transaction.atomic
def apply_regrade(*, batch: RegradeBatch, by: User, reason: str, never_lower: bool) -> bool:
    """Give every try of a previewed regrade its new verdict. Twice is once: False then.

    Effects: the batch, an audit entry; after commit a worker is rung, who moves each try by
    `grading.regrading.regrade` and tells its learner. What was handed in since the preview is
    judged and applied too.
    """
    own = RegradeBatch.objects.select_for_update().filter(pk=batch.pk, state=State.READY)
    if not own.exists():
        return False
    own.update(
        state=State.APPLYING,
        reason=reason,
        never_lower=never_lower,
        applied_by=by,
        gathered_to=0,
        is_gathered=False,
    )
    facts = {"batch": batch.pk, "never_lower": never_lower, "reason": audit.digest_of(reason)}
    audit.record("regrade.begun", by=by, facts=facts)
    transaction.on_commit(bell.ring)
    return True


@transaction.atomic
def abandon_regrade(*, batch: RegradeBatch, by: User) -> bool:
    """Drop a preview; False when it is past that. Effects: the batch, its items, an audit entry."""
    own = RegradeBatch.objects.filter(pk=batch.pk, state__in=(State.JUDGING, State.READY))
    if not own.update(state=State.ABANDONED):
        return False
    batch.items.all().delete()
    audit.record("regrade.abandoned", by=by, facts={"batch": batch.pk})
    return True


@transaction.atomic
def override(*, submission: Submission, credit: int, reason: str, by: User) -> Override:
    """Give one graded try so many hundredths of a point, whatever it was judged to earn.

    All points are a pass, none are wrong, and what lies between is partly right. Effects: an
    override in force before is withdrawn; the override; credit and every count by
    `grading.regrading.decide`; the learner's notice; an audit entry. Raises `Refused` for what is
    not a graded try, and for more points than there are.
    """
    most = submission.version.points * HUNDREDTHS
    if not is_graded_try(submission):
        raise Refused(_("Points can be given to a graded try alone."))
    if not 0 <= credit <= most:
        raise Refused(_("Give between no points and all of them."))
    lock(submission.progress_id)
    before = _withdraw(submission, by)
    current = Submission.objects.get(pk=submission.pk)
    made = Override.objects.create(
        submission=submission,
        credit=credit,
        credit_before=before.credit_before if before else current.credit,
        outcome_before=before.outcome_before if before else current.outcome,
        reason=reason,
        by=by,
    )
    outcome = Outcome.PARTLY if credit else Outcome.WRONG
    done = decide(
        submission,
        credit=credit,
        outcome=Outcome.PASSED if credit == most else outcome,
        reason=reason,
    )
    _tell(submission, done, reason)
    facts = {"submission": submission.pk, "before": done.before, "after": credit}
    audit.record("override.made", by=by, facts={**facts, "reason": audit.digest_of(reason)})
    return made


@transaction.atomic
def withdraw_override(*, submission: Submission, reason: str, by: User) -> bool:
    """Let a try earn again what it was judged to earn; False where no override is in force.

    Effects as of `override`.
    """
    lock(submission.progress_id)
    before = _withdraw(submission, by)
    if before is None:
        return False
    done = decide(submission, credit=None, outcome=before.outcome_before, reason=reason)
    _tell(submission, done, reason)
    facts = {"submission": submission.pk, "before": done.before, "after": done.after}
    audit.record("override.withdrawn", by=by, facts={**facts, "reason": audit.digest_of(reason)})
    return True


def is_graded_try(submission: Submission) -> bool:
    """Whether it earns points: a try with a verdict."""
    is_try = submission.purpose == Submission.Purpose.TRY
    return is_try and submission.state == Submission.State.DONE


def _withdraw(submission: Submission, by: User) -> Override | None:
    """Take the override in force out of force, and return it."""
    in_force = Override.objects.filter(submission=submission, withdrawn_at=None)
    found = in_force.first()
    in_force.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    return found


def _tell(submission: Submission, done: Regraded, reason: str) -> None:
    Notice.objects.create(
        enrolment_id=submission.progress.enrolment_id,
        about=Notice.About.OVERRIDDEN,
        submission=submission,
        progress=submission.progress,
        credit_before=done.best_before,
        credit_after=done.best_after,
        words=reason,
    )
