"""Enrolling, coming further, qualifying."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import Cohort, User
from courses import qualification, standing_rows, standings
from courses.actions.counts import tally
from courses.models import Course, Enrolment, Programme, Qualification, Release, Tally
from courses.signals import course_completed, programme_qualified
from courses.types import TallyMove, china_day


@transaction.atomic
def enrol(*, user: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """Enrol somebody in the current release of a course. Doing it twice changes nothing.

    Effects: the enrolment, the tally of enrolments, the standing in each programme that requires
    the course, with its tallies; or, for somebody who is enrolled already without a cohort, the
    cohort.
    """
    assert course.current_id is not None, f"{course.key} has no release"
    enrolment, is_new = Enrolment.objects.get_or_create(
        user=user, course=course, defaults={"release_id": course.current_id, "cohort": cohort}
    )
    if is_new:
        day = china_day(enrolment.created_at)
        tally([TallyMove(Tally.Metric.ENROLMENTS, day, course.key)])
        standing_rows.advance(enrolment, now=enrolment.created_at)
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
        enrolment_id=enrolment.pk,
        credit_by=0,
        passed_by=0,
        lesson_key="",
        now=timezone.now(),
        is_try=False,
    )
    return True


def record_progress(
    *,
    enrolment_id: int,
    credit_by: int,
    passed_by: int,
    lesson_key: str,
    now: datetime.datetime,
    is_try: bool = True,
) -> None:
    """Move an enrolment by a difference, in the caller's transaction.

    Effects, in order: credit (hundredths of a point), exercises passed, the lesson (unless ''),
    last activity. At the first try of a month, and when the credit reaches half of the release's
    share or all of it for the first time: the enrolment's own mark of it. At completion: its
    tally, the signal; for each programme whose rule is met for the first time the qualification,
    its tallies, the signal. After any of these: the person's standings and their tallies. A course
    that was completed stays so when a regrade takes credit away. One statement, unless something
    happens for the first time.
    """
    month = standings.month_of(now) if is_try else 0
    news = _move(enrolment_id, credit_by, passed_by, lesson_key, now)
    if news.completes or news.is_halfway or month > news.active_month:
        _come_further(enrolment_id, news, month, now)


class _News(NamedTuple):
    """What has happened to an enrolment for the first time, and the month of its last try."""

    is_halfway: bool
    completes: bool
    active_month: int


_ENROLMENTS = Enrolment._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_RELEASES = Release._meta.db_table  # noqa: SLF001
_MOVE = f"""
    UPDATE {_ENROLMENTS} SET
        credit = credit + %s,
        exercises_passed = exercises_passed + %s,
        last_lesson_key = COALESCE(NULLIF(%s, ''), last_lesson_key),
        last_active_at = %s
    WHERE id = %s
    RETURNING halfway_at, completed_at, active_month, credit, (
        SELECT points * completion_percent FROM {_RELEASES}
        WHERE {_RELEASES}.id = {_ENROLMENTS}.release_id
    )
"""  # noqa: S608
"""Moves the row and tells in the same statement what is to be known of it. Credit is in
hundredths of a point and the share in percent: points times share compares with it as it is.
"""


def _move(
    enrolment_id: int, credit_by: int, passed_by: int, lesson_key: str, now: datetime.datetime
) -> _News:
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [credit_by, passed_by, lesson_key, moment, enrolment_id])
        row = cursor.fetchone()
    if row is None:
        raise Enrolment.DoesNotExist(f"There is no enrolment {enrolment_id}.")
    halfway_at, completed_at, active_month, credit, needed = row
    return _News(
        is_halfway=halfway_at is None and 2 * credit >= needed,
        completes=completed_at is None and credit >= needed,
        active_month=active_month,
    )


def _come_further(enrolment_id: int, news: _News, month: int, now: datetime.datetime) -> None:
    """Mark what an enrolment, which the caller's transaction holds locked, has reached."""
    enrolments = Enrolment.objects.select_related("course", "cohort")
    enrolment = enrolments.get(pk=enrolment_id)
    is_active = month > news.active_month
    if is_active:
        enrolment.active_month = month
    if news.is_halfway:
        enrolment.halfway_at = now
    if news.completes:
        enrolment.completed_at = now
    enrolment.save(update_fields=["active_month", "halfway_at", "completed_at"])
    if news.completes:
        _complete(enrolment, now)
    standing_rows.advance(enrolment, now=now, is_try=is_active)


def _complete(enrolment: Enrolment, now: datetime.datetime) -> None:
    """What follows when a course is completed, once."""
    moves = [TallyMove(Tally.Metric.COMPLETIONS, china_day(now), enrolment.course.key)]
    moves += _qualify(enrolment.user_id, standing_rows.programmes_with(enrolment.course.key))
    tally(moves)
    _send_on_commit(
        course_completed,
        enrolment_id=enrolment.pk,
        user_id=enrolment.user_id,
        course_key=enrolment.course.key,
    )


def _qualify(user_id: int, programmes: Iterable[Programme]) -> list[TallyMove]:
    """Qualify a person for those of these programmes whose rule they meet now, each once.

    The person's row is locked first: two courses that complete at the same moment must not each
    overlook the other. Returns the tallies to move.
    """
    programmes = list(programmes)
    if not programmes:
        return []
    standing_rows.lock_people([user_id])
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
    """Give everybody their standing in a programme, and qualify who meets its rule already;
    return how many qualified now.

    For a programme that is new, or whose new version asks for something else: its learners
    enrolled in its courses and completed them before, and nothing else would count them. One
    transaction for each person.
    """
    programme = Programme.objects.select_related("current").get(key=programme_key)
    if programme.current is None:
        return 0
    keys = [entry["key"] for entry in programme.current.courses]
    people = Enrolment.objects.filter(course__key__in=keys).filter(
        ~Exists(programme.standings.filter(user_id=OuterRef("user_id")))
        | (Q(completed_at__isnull=False) & ~Q(user__qualifications__programme=programme))
    )
    count = 0
    for user_id in people.values_list("user_id", flat=True).distinct().iterator(chunk_size=1000):
        count += _catch_up(user_id, programme, keys)
    return count


@transaction.atomic
def _catch_up(user_id: int, programme: Programme, keys: Collection[str]) -> bool:
    """Whether the person qualified just now."""
    moves = _qualify(user_id, [programme])
    tally(moves)
    enrolments = Enrolment.objects.filter(user_id=user_id, course__key__in=keys)
    for enrolment in enrolments.select_related("course", "cohort", "user").order_by("created_at"):
        standing_rows.bring_up_person(enrolment, [programme], now=timezone.now())
    return bool(moves)


def _send_on_commit(signal: Signal, **news: object) -> None:
    transaction.on_commit(partial(signal.send_robust, sender=None, **news))
