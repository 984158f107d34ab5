"""The only door to objects of this room: takes the person, and raises 404 to strangers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date

from accounts.models import Cohort, User
from courses import content
from courses.models import Course, Enrolment, Lesson, LessonExercise, Programme


def published_course(key: str) -> Course:
    """A course that has a release, which is loaded as `current` with its report of the policy
    check. 1 query; for everybody."""
    return get_object_or_404(
        Course.objects.exclude(current=None).select_related("current__policy"), key=key
    )


def published_programme(key: str) -> Programme:
    """A programme with its version in force loaded as `current`. 1 query; for everybody."""
    programmes = Programme.objects.exclude(current=None).select_related("current")
    return get_object_or_404(programmes, key=key)


def enrolment_for(user: User | AnonymousUser, course_key: str) -> Enrolment:
    """The learner's own enrolment in a course, with course and release loaded. 1 query."""
    enrolments = Enrolment.objects.select_related("course", "release")
    return get_object_or_404(enrolments, user_id=user.pk, course__key=course_key)


def lesson_for(
    user: User | AnonymousUser, course_key: str, lesson_key: str
) -> tuple[Enrolment, Lesson]:
    """A lesson of the release that the learner is pinned to. 1 query, and at most 2 when this
    process has not read the lesson before.

    Loaded: release, course and, of the learner's cohort, its last day.
    """
    enrolment, lesson_pk = _own(user, course_key, lesson_key)
    lesson = content.lesson(lesson_pk)
    enrolment.release, enrolment.course = lesson.release, lesson.release.course
    return enrolment, lesson


def exercise_for(
    user: User | AnonymousUser, course_key: str, lesson_key: str, exercise_key: str
) -> tuple[Enrolment, LessonExercise]:
    """An exercise where the learner's own release places it. 1 query, and at most 3 when this
    process has not read the lesson before.

    Loaded: version, its exercise, lesson, release, course and, of the learner's cohort, its last
    day.
    """
    enrolment, lesson = lesson_for(user, course_key, lesson_key)
    for placement in content.placements(lesson.pk):
        if placement.version.exercise.key == exercise_key:
            return enrolment, placement
    raise Http404("The lesson has no such exercise.")


_ENROLMENT = Enrolment._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_COURSE = Course._meta.db_table  # noqa: SLF001
_LESSON = Lesson._meta.db_table  # noqa: SLF001
_COHORT = Cohort._meta.db_table  # noqa: SLF001

# SQL, because the ORM takes longer to write this than a database to answer it.
# Uses index: enrolment_unique, by its first column; lesson_key.
_OWN = f"""
    SELECT own.*, lesson.id AS lesson_pk, cohort.ends_on AS last_day
    FROM {_ENROLMENT} AS own
    JOIN {_COURSE} AS course ON course.id = own.course_id
    JOIN {_LESSON} AS lesson ON lesson.release_id = own.release_id
    LEFT JOIN {_COHORT} AS cohort ON cohort.id = own.cohort_id
    WHERE own.user_id = %s AND course.key = %s AND lesson.key = %s
"""  # noqa: S608


def _own(user: User | AnonymousUser, course_key: str, lesson_key: str) -> tuple[Enrolment, int]:
    """The person's enrolment, with its cohort's last day, and which lesson it opens. 1 query."""
    # Nobody is signed in: the key is null then, which equals no person's.
    rows: list[Any] = list(Enrolment.objects.raw(_OWN, [user.pk, course_key, lesson_key]))
    if not rows:
        raise Http404("The person has no such lesson.")
    (enrolment,) = rows
    if enrolment.cohort_id is not None:
        last_day = enrolment.last_day
        if isinstance(last_day, str):  # SQLite's dates are text
            last_day = parse_date(last_day)
        enrolment.cohort = Cohort.from_db(None, ["id", "ends_on"], [enrolment.cohort_id, last_day])
    return enrolment, enrolment.lesson_pk
