"""What changes the rows of this room. Each docstring lists the effects in order."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import partial

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import Cohort, User
from courses import qualification, recount, tallies
from courses.models import Course, Enrolment, Programme, Qualification, Release, Tally
from courses.signals import course_completed, programme_qualified
from courses.types import TallyDifference, TallyMove, china_day


def tally(moves: Sequence[TallyMove]) -> None:
    """Add moves to the tallies, in the caller's transaction. One statement, however many moves."""
    tallies.add(moves)


def repair_tallies() -> list[TallyDifference]:
    """Set the tallies of this room to what the rows say; return what was wrong."""
    return recount.repair()


@transaction.atomic
def enrol(*, user: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """Enrol somebody in the current release of a course. Doing it twice changes nothing.

    Effects: the enrolment, the tally of enrolments; or, for somebody who is enrolled already
    without a cohort, the cohort.
    """
    assert course.current_id is not None, f"{course.key} has no release"
    enrolment, is_new = Enrolment.objects.get_or_create(
        user=user, course=course, defaults={"release_id": course.current_id, "cohort": cohort}
    )
    if is_new:
        day = china_day(enrolment.created_at)
        tally([TallyMove(Tally.Metric.ENROLMENTS, day, course.key)])
    elif cohort is not None and enrolment.cohort_id is None:
        enrolment.cohort = cohort
        enrolment.save(update_fields=["cohort"])
    return enrolment


def remember_lesson(*, enrolment: Enrolment, lesson_key: str) -> None:
    """Note where a learner is reading, for *resume*. One statement."""
    Enrolment.objects.filter(pk=enrolment.pk).update(
        last_lesson_key=lesson_key, last_active_at=timezone.now()
    )


@transaction.atomic
def move_to_current_release(*, enrolment: Enrolment) -> bool:
    """Move a learner to the current release, by their own choice; False when they are there.

    Effects: the enrolment's release; completion and qualification, if the credit that they have
    is enough in the new release. Credit stays as it was earned: progress rows keep the version
    that they were earned on, and exercises that are new in the release are simply not done yet.
    """
    course = Course.objects.get(pk=enrolment.course_id)
    if course.current_id is None or course.current_id == enrolment.release_id:
        return False
    enrolment.release_id = course.current_id
    enrolment.save(update_fields=["release"])
    record_progress(
        enrolment_id=enrolment.pk, credit_by=0, passed_by=0, lesson_key="", now=timezone.now()
    )
    return True


def record_progress(
    *,
    enrolment_id: int,
    credit_by: int,
    passed_by: int,
    lesson_key: str,
    now: datetime.datetime,
) -> None:
    """Move an enrolment by a difference, in the caller's transaction.

    Effects, in order: credit (hundredths of a point), exercises passed, the lesson (unless ''),
    last activity. When the credit reaches the release's share for the first time: completion,
    its tally, the signal. Then, for each programme whose rule is met for the first time: the
    qualification, its tallies, the signal. A completed course stays completed when a regrade
    takes credit away. One statement, unless the course completes.
    """
    if _move(enrolment_id, credit_by, passed_by, lesson_key, now):
        _complete(enrolment_id, now)


_ENROLMENTS = Enrolment._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_RELEASES = Release._meta.db_table  # noqa: SLF001
_MOVE = f"""
    UPDATE {_ENROLMENTS} SET
        credit = credit + %s,
        exercises_passed = exercises_passed + %s,
        last_lesson_key = COALESCE(NULLIF(%s, ''), last_lesson_key),
        last_active_at = %s
    WHERE id = %s
    RETURNING completed_at, credit >= (
        SELECT points * completion_percent FROM {_RELEASES}
        WHERE {_RELEASES}.id = {_ENROLMENTS}.release_id
    )
"""  # noqa: S608
"""Moves the row and tells in the same statement whether it completes the course. Credit is in
hundredths of a point and the share in percent: points times share compares with it as it is.
(SQLite 3.40 answers `completed_at IS NULL` wrongly in RETURNING, so Python looks at the value.)
"""


def _move(
    enrolment_id: int, credit_by: int, passed_by: int, lesson_key: str, now: datetime.datetime
) -> bool:
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [credit_by, passed_by, lesson_key, moment, enrolment_id])
        row = cursor.fetchone()
    if row is None:
        raise Enrolment.DoesNotExist(f"There is no enrolment {enrolment_id}.")
    completed_at, is_reached = row
    return completed_at is None and bool(is_reached)


def _complete(enrolment_id: int, now: datetime.datetime) -> None:
    """Complete a course once: whoever changes the row from null is the one."""
    first = Enrolment.objects.filter(pk=enrolment_id, completed_at=None).update(completed_at=now)
    if not first:
        return
    enrolment = Enrolment.objects.select_related("course").get(pk=enrolment_id)
    moves = [TallyMove(Tally.Metric.COMPLETIONS, china_day(now), enrolment.course.key)]
    moves += _qualify(enrolment.user_id, _programmes_with(enrolment.course.key))
    tally(moves)
    _send_on_commit(
        course_completed,
        enrolment_id=enrolment.pk,
        user_id=enrolment.user_id,
        course_key=enrolment.course.key,
    )


def _programmes_with(course_key: str) -> list[Programme]:
    programmes = Programme.objects.exclude(current=None).select_related("current")
    return [
        programme
        for programme in programmes
        if programme.current and qualification.names(programme.current, course_key)
    ]


def _qualify(user_id: int, programmes: Iterable[Programme]) -> list[TallyMove]:
    """Qualify a person for those of these programmes whose rule they meet now, each once.

    The person's row is locked first: two courses that complete at the same moment must not each
    overlook the other. Returns the tallies to move.
    """
    programmes = list(programmes)
    if not programmes:
        return []
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user_id)
    completed = set(
        Enrolment.objects.filter(user_id=user_id)
        .exclude(completed_at=None)
        .values_list("course__key", flat=True)
    )
    earned = set(
        Qualification.objects.filter(user_id=user_id).values_list("programme_id", flat=True)
    )
    moves: list[TallyMove] = []
    for programme in programmes:
        version = programme.current
        if version is None or programme.pk in earned:
            continue
        if not qualification.is_met(version, completed):
            continue
        row = Qualification.objects.create(user_id=user_id, programme=programme, version=version)
        day = china_day(row.qualified_at)
        if not earned:
            moves.append(TallyMove(Tally.Metric.QUALIFIED_PEOPLE, day))
        earned.add(programme.pk)
        moves.append(TallyMove(Tally.Metric.QUALIFICATIONS, day, programme.key))
        _send_on_commit(
            programme_qualified,
            user_id=user_id,
            programme_key=programme.key,
            qualification_uuid=row.uuid,
        )
    return moves


def qualify_eligible(*, programme_key: str) -> int:
    """Qualify everybody who meets the rule of a programme already; return how many did so now.

    For a programme that is new, or whose new version asks for less: its learners completed their
    courses before, and nothing else would count them. One transaction for each person.
    """
    programme = Programme.objects.select_related("current").get(key=programme_key)
    if programme.current is None:
        return 0
    keys = [entry["key"] for entry in programme.current.courses]
    people = (
        Enrolment.objects.filter(course__key__in=keys)
        .exclude(completed_at=None)
        .exclude(user__qualifications__programme=programme)
        .values_list("user_id", flat=True)
        .distinct()
    )
    count = 0
    for user_id in people.iterator(chunk_size=1000):
        with transaction.atomic():
            moves = _qualify(user_id, [programme])
            tally(moves)
            count += bool(moves)
    return count


def _send_on_commit(signal: Signal, **news: object) -> None:
    transaction.on_commit(partial(signal.send_robust, sender=None, **news))
