"""What learners do to exercises. Each docstring lists the effects in order."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.actions import record_progress
from courses.models import Enrolment, LessonExercise
from courses.types import china_day
from exercises.registry import kind_named
from exercises.seeds import seed_for
from exercises.texts import storable
from exercises.types import Answer, Kind, Playable, Spec, Tools, Variant
from exercises.verdicts import to_json
from grading import bell, limits, policy, states
from grading.models import (
    Body,
    Draft,
    Extension,
    LedgerRecord,
    Notice,
    Override,
    Progress,
    RegradeItem,
    RequestMessage,
    Submission,
)
from grading.policy import Denial
from grading.statements import insert, touch
from grading.types import DENIALS, Refused

TURN_STEP = datetime.timedelta(seconds=2)
"""How far each submission that a learner has waiting puts back the turn of their next one."""
LONGEST_DRAFT = 256 * 1024
"""Characters of all files together; a program that long could not be handed in either."""

Posted = Mapping[str, Sequence[str]]


def submit(
    *,
    enrolment: Enrolment,
    placement: LessonExercise,
    posted: Posted,
    idempotency_key: uuid.UUID,
    purpose: str = Submission.Purpose.TRY,
    now: datetime.datetime | None = None,
) -> Submission:
    """Hand in an answer. The same key again gives the first submission, whatever was posted.

    Effects, in one transaction: progress (made at first touch, locked), the try charged,
    submission and body. A quick kind is graded here and now, with all that `states.record`
    lists; for a slow one a worker is rung after commit. A run (`purpose` "run") does only the
    visible checks of a slow kind, and a play only what the learner asks for: they charge no try
    and earn nothing.

    Raises `Refused` when policy or the rate limit say no, and `Unreadable` when the answer
    cannot be read: nothing is written then. `now` is for tests; by default it is the
    database's clock. 5 statements for a quick kind on PostgreSQL.
    """
    try:
        limits.spend(enrolment.user_id, purpose)
        with transaction.atomic():
            return _submit(enrolment, placement, posted, idempotency_key, purpose, now)
    except (IntegrityError, Refused):
        first = _first_with(enrolment, placement, idempotency_key)
        if first is None:
            raise
        return first


def _submit(
    enrolment: Enrolment,
    placement: LessonExercise,
    posted: Posted,
    key: uuid.UUID,
    purpose: str,
    now: datetime.datetime | None,
) -> Submission:
    version = placement.version
    kind = kind_named(version.kind)
    is_try = purpose == Submission.Purpose.TRY
    if not is_try and not kind.slow:
        raise Refused(_("Only programs can be run without handing them in."))
    progress = touch(enrolment, placement)
    terms = progress.terms or policy.ENDLESS
    moment = now or progress.touched_at
    in_flight = _in_flight(enrolment) if kind.slow else []
    _require(
        policy.allows(
            tries=version.tries,
            tries_used=progress.tries,
            in_flight=progress.pk in in_flight,
            is_try=is_try,
            terms=terms,
            today=china_day(moment),
        )
    )
    seed = seed_for(enrolment.seed, version.exercise.uuid, progress.variant)
    variant = kind.vary(version.spec, seed)
    answer: Answer = storable(_read(kind, version.spec, variant, posted, purpose))
    submission = Submission(
        progress=progress,
        version=version,
        purpose=purpose,
        number=progress.tries + is_try,
        hints_used=progress.hints_used,
        late_percent=policy.late_percent(terms, china_day(moment)) if is_try else 0,
        variant=progress.variant,
        seed=seed,
        engine=_engine(version.spec, answer),
        idempotency_key=key,
        created_at=moment,
        turn_at=moment + TURN_STEP * len(in_flight),
    )
    progress.tries += is_try
    if kind.slow:
        _queue(submission, answer, placement)
    else:
        _grade_now(submission, answer, placement, kind, variant)
    return submission


def _read(kind: Kind, spec: Spec, variant: Variant, posted: Posted, purpose: str) -> Answer:
    if purpose != Submission.Purpose.PLAY:
        return kind.read(spec, variant, posted)
    if not isinstance(kind, Playable):
        raise Refused(_("Only contracts can be called by hand."))
    return kind.read_play(spec, variant, posted)


def _engine(spec: Spec, answer: Answer) -> str:
    """What a worker must have to grade this answer; '' where no ledger is needed."""
    return f"{spec['engine']}/{answer['language']}" if "engine" in spec else ""


def _queue(submission: Submission, answer: Answer, placement: LessonExercise) -> None:
    """Leave it to a worker: the row is the job."""
    insert(submission, Body(answer=answer))
    progress = submission.progress
    if submission.purpose == Submission.Purpose.TRY:
        progress.save(update_fields=["tries"])
        record_progress(
            enrolment_id=progress.enrolment_id,
            credit_by=0,
            passed_by=0,
            lesson_key=placement.lesson.key,
            now=submission.created_at,
        )
    transaction.on_commit(bell.ring)


def _grade_now(
    submission: Submission,
    answer: Answer,
    placement: LessonExercise,
    kind: Kind,
    variant: Variant,
) -> None:
    """Grade it in the request, in the transaction that hands it in."""
    version, now = placement.version, submission.created_at
    verdict = kind.grade(version.spec, variant, answer, Tools())
    states.judge(submission, verdict, version=version)
    submission.settled_at = now
    insert(submission, Body(answer=answer, verdict=to_json(verdict)))
    progress = submission.progress
    states.record(
        progress,
        submission,
        course_key=progress.enrolment.course.key,
        lesson_key=placement.lesson.key,
        now=now,
    )
    states.announce(submission)


def _require(denial: Denial | None) -> None:
    if denial is not None:
        raise Refused(DENIALS[denial])


def _in_flight(enrolment: Enrolment) -> list[int]:
    """Progress rows of this learner in this course whose submission waits or runs."""
    # Uses index: submission_one_in_flight, for each progress of the enrolment.
    waiting = Submission.objects.filter(
        progress__enrolment=enrolment, state__in=Submission.IN_FLIGHT
    )
    return list(waiting.values_list("progress_id", flat=True))


def _first_with(
    enrolment: Enrolment, placement: LessonExercise, key: uuid.UUID
) -> Submission | None:
    # Uses index: submission_idempotent.
    return (
        Submission.objects.select_related("progress", "body", "version__exercise")
        .filter(
            progress__enrolment=enrolment,
            progress__exercise=placement.version.exercise_id,
            idempotency_key=key,
        )
        .first()
    )


@transaction.atomic
def reveal_hint(*, enrolment: Enrolment, placement: LessonExercise) -> Progress:
    """Show the learner one more hint, which costs their later tries what its author says.

    Effects: progress (made at first touch). Raises `Refused` when there is no further hint.
    """
    progress = touch(enrolment, placement)
    if progress.hints_used >= len(placement.version.hints):
        raise Refused(_("There is no further hint."))
    progress.hints_used += 1
    progress.save(update_fields=["hints_used"])
    return progress


@transaction.atomic
def new_variant(*, enrolment: Enrolment, placement: LessonExercise) -> Progress:
    """Give the learner the exercise with other values. Tries, hints and credit stay as they are.

    Effects: progress. Raises `Refused` before the first try (else one could choose the easiest
    values), without varied values, without tries left, and while a submission is being graded.
    """
    progress = touch(enrolment, placement)
    version = placement.version
    if not policy.may_vary(has_values=bool(version.spec.get("vary")), tries_used=progress.tries):
        raise Refused(_("You can ask for other values after your first try."))
    _require(
        policy.allows(
            tries=version.tries,
            tries_used=progress.tries,
            in_flight=progress.pk in _in_flight(enrolment),
            terms=progress.terms or policy.ENDLESS,
            today=china_day(progress.touched_at),
        )
    )
    progress.variant += 1
    progress.save(update_fields=["variant"])
    return progress


def save_draft(
    *,
    enrolment: Enrolment,
    placement: LessonExercise,
    files: Mapping[str, str],
    language: str = "",
) -> None:
    """Keep what a learner has typed. Files that the exercise does not have are left out.

    Effects: the draft, in one statement. Raises `Refused` when it is too long to be handed in.
    """
    version = placement.version
    kind = kind_named(version.kind)
    page: Any = kind.show(version.spec, kind.vary(version.spec, 0), None)
    names = [file["name"] for file in page.get("files", ())]
    known = {name: storable(files[name]) for name in names if name in files}
    if sum(map(len, known.values())) > LONGEST_DRAFT:
        raise Refused(_("This is too long to be kept."))
    draft = Draft(
        enrolment=enrolment,
        exercise_id=version.exercise_id,
        files=known,
        language=language if language in page.get("languages", ()) else "",
        saved_at=timezone.now(),
    )
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["enrolment", "exercise"],
        update_fields=["files", "language", "saved_at"],
    )


def discard_draft(*, enrolment: Enrolment, placement: LessonExercise) -> None:
    """Forget what a learner has typed: back to the starter."""
    Draft.objects.filter(enrolment=enrolment, exercise=placement.version.exercise_id).delete()


@transaction.atomic
def forget_answers(*, user_id: int) -> None:
    """Forget what a person typed. Tries, scores and credit stay: they are counted.

    Effects: drafts, what happened on ledgers, what was said in requests and news deleted; answers
    and verdicts emptied, in regrades too, and the reasons for points by hand and for more time.
    One that is still being graded breaks off, and its try is given back.
    """
    Draft.objects.filter(enrolment__user_id=user_id).delete()
    theirs = {"submission__progress__enrolment__user_id": user_id}
    LedgerRecord.objects.filter(**theirs).delete()
    Body.objects.filter(**theirs).update(answer={}, verdict=None, repaired=None)
    RegradeItem.objects.filter(**theirs).update(verdict=None, packed=None)
    RequestMessage.objects.filter(request__progress__enrolment__user_id=user_id).delete()
    Notice.objects.filter(enrolment__user_id=user_id).delete()
    Override.objects.filter(**theirs).update(reason="")
    Extension.objects.filter(enrolment__user_id=user_id).update(reason="")
