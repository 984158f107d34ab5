"""The only door to objects of this room: takes the person, and raises 404 to strangers."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Cohort, User
from courses.models import Course, Enrolment, Lesson, LessonExercise, Programme


def published_course(key: str) -> Course:
    """A course that has a release, which is loaded as `current`. 1 query; for everybody."""
    return get_object_or_404(
        Course.objects.exclude(current=None).select_related("current"), key=key
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
    """A lesson of the release that the learner is pinned to. 1 query.

    Loaded: release, course and, of the learner's cohort, its last day.
    """
    lessons = Lesson.objects.select_related("release__course")
    lesson = _own(lessons, "release__", user, course_key, key=lesson_key)
    return _enrolment(lesson, lesson), lesson


def exercise_for(
    user: User | AnonymousUser, course_key: str, lesson_key: str, exercise_key: str
) -> tuple[Enrolment, LessonExercise]:
    """An exercise where the learner's own release places it. 1 query.

    Loaded: version, its exercise, lesson, release, course and, of the learner's cohort, its last
    day. The lesson's body is deferred: a submission does not need it, and asking for it costs a
    query.
    """
    placements = LessonExercise.objects.select_related(
        "version__exercise", "lesson__release__course"
    ).defer("lesson__body", "lesson__release__search_text")
    placement = _own(
        placements,
        "lesson__release__",
        user,
        course_key,
        lesson__key=lesson_key,
        version__exercise__key=exercise_key,
    )
    return _enrolment(placement, placement.lesson), placement


_COLUMNS = [field.attname for field in Enrolment._meta.concrete_fields]  # noqa: SLF001
_LAST_DAY = "cohort__ends_on"
_MARK = "enrolment_"
_Row = TypeVar("_Row", bound=Model)


def _own(
    rows: QuerySet[_Row], release: str, user: User | AnonymousUser, course_key: str, **where: str
) -> _Row:
    """The one row of the release that this person is pinned to, with their enrolment's columns.

    The columns come along in the same query, under `_MARK`: an enrolment is not a row that
    `select_related` could reach from here.
    """
    if user.pk is None:
        raise Http404("Nobody is signed in.")  # "no person" must not match "no enrolment"
    columns = {
        f"{_MARK}{name}": F(f"{release}enrolments__{name}") for name in (*_COLUMNS, _LAST_DAY)
    }
    own = rows.annotate(**columns).filter(
        **{f"{_MARK}user_id": user.pk, f"{release}course__key": course_key}
    )
    row: _Row = get_object_or_404(own, **where)
    return row


def _enrolment(row: Model, lesson: Lesson) -> Enrolment:
    """The enrolment whose columns came with a row; course and release are the lesson's."""
    values = [getattr(row, f"{_MARK}{name}") for name in _COLUMNS]
    enrolment = Enrolment.from_db(None, _COLUMNS, values)
    enrolment.release = lesson.release
    enrolment.course = lesson.release.course
    if enrolment.cohort_id is not None:
        last_day = getattr(row, f"{_MARK}{_LAST_DAY}")
        enrolment.cohort = Cohort.from_db(None, ["id", "ends_on"], [enrolment.cohort_id, last_day])
    return enrolment
