"""What pages read of this room. Each docstring says how many queries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import Organisation, User
from courses import content, recount, seats
from courses.models import (
    Course,
    Enrolment,
    Lesson,
    LessonExercise,
    PolicyReport,
    Programme,
    ProgrammeVersion,
    Qualification,
    Release,
    Tally,
)
from courses.search import pattern, terms
from courses.types import CatalogueFilters, CountDifference, TallyDifference

OutlineLesson = Mapping[str, Any]
"""One lesson of `Release.outline`."""


def catalogue(filters: CatalogueFilters) -> QuerySet[Course]:
    """Published courses that fit every filter, with `current` loaded, by key. 1 query.

    Every word (and every pair of Chinese letters) of `q` must begin a word of the course. The
    scan is over the current releases, one row for each course: a table of courses is small, and
    `LIKE` with a leading wildcard would use no B-tree index anyway.
    """
    courses = Course.objects.exclude(current=None).select_related("current").order_by("key")
    exact = {
        "current__topic": filters.topic,
        "current__level": filters.level,
        "current__provider": filters.provider,
    }
    courses = courses.filter(**{name: value for name, value in exact.items() if value})
    if filters.max_hours is not None:
        courses = courses.filter(current__effort_hours__lte=filters.max_hours)
    if filters.language:
        courses = courses.filter(current__search_text__contains=f" lang={filters.language} ")
    for term in terms(filters.q):
        courses = courses.filter(current__search_text__contains=pattern(term))
    return courses


def providers() -> list[str]:
    """Who publishes courses, by name. 1 query."""
    current = Release.objects.filter(pk__in=Course.objects.exclude(current=None).values("current"))
    return list(current.order_by("provider").values_list("provider", flat=True).distinct())


def placements_of(lesson: Lesson) -> Sequence[LessonExercise]:
    """The exercises of a lesson in order, versions and exercises loaded. No query, and 1 when
    this process has not read them before."""
    return content.placements(lesson.pk)


def my_courses(user: User) -> list[Enrolment]:
    """A person's enrolments, the last active first, course and release loaded. 1 query."""
    # Uses index: enrolment_unique, by its first column.
    enrolments = Enrolment.objects.filter(user=user).order_by("-last_active_at", "-pk")
    return list(enrolments.select_related("course", "release"))


def enrolment_in(user: User, course: Course) -> Enrolment | None:
    """A person's enrolment in a course, if there is one. 1 query."""
    return Enrolment.objects.filter(user=user, course=course).first()


def newer_release(enrolment: Enrolment) -> Release | None:
    """The current release, where it is another than the learner's and is offered to them. No query
    where the course's current release is loaded, else 1."""
    current = enrolment.course.current
    if current is None or current.pk == enrolment.release_id:
        return None
    return None if current.for_learners == Release.ForLearners.KEPT else current


def releases_between(enrolment: Enrolment, newer: Release) -> list[Release]:
    """The releases after the learner's, up to a newer one, newest first. 1 query."""
    since = newer.course.releases.filter(
        number__gt=enrolment.release.number, number__lte=newer.number
    )
    return list(since.order_by("-number")) or [newer]


def policy_report(release: Release) -> PolicyReport | None:
    """What the separation guard said of a release; None where it was never asked. 1 query."""
    return PolicyReport.objects.filter(release=release).first()


def my_qualifications(user: User) -> list[Qualification]:
    """What a person is qualified for, the latest first, versions loaded. 1 query."""
    rows = Qualification.objects.filter(user=user).order_by("-qualified_at", "-pk")
    return list(rows.select_related("programme", "version"))


def programmes() -> list[Programme]:
    """Published programmes by key, the version in force loaded. 1 query."""
    published = Programme.objects.exclude(current=None).order_by("key")
    return list(published.select_related("current"))


def programme_courses(version: ProgrammeVersion) -> list[tuple[Course, bool]]:
    """The published courses of a programme in order, and whether each is required. 1 query."""
    keys = [entry["key"] for entry in version.courses]
    published = Course.objects.exclude(current=None).filter(key__in=keys)
    by_key = {course.key: course for course in published.select_related("current")}
    return [
        (by_key[entry["key"]], bool(entry["required"]))
        for entry in version.courses
        if entry["key"] in by_key
    ]


def courses_with_keys(keys: Sequence[str]) -> list[Course]:
    """The published courses among these keys, in their order. 1 query; none for no key."""
    if not keys:
        return []
    published = Course.objects.exclude(current=None).filter(key__in=keys)
    by_key = {course.key: course for course in published.select_related("current")}
    return [by_key[key] for key in keys if key in by_key]


def lessons_of(release: Release) -> list[OutlineLesson]:
    """All lessons of a release in order, from its outline. No query."""
    return [lesson for module in release.outline for lesson in module["lessons"]]


def neighbours(
    release: Release, lesson_key: str
) -> tuple[OutlineLesson | None, OutlineLesson | None]:
    """The lessons before and after one, from the outline. No query."""
    lessons = lessons_of(release)
    at = next(n for n, lesson in enumerate(lessons) if lesson["key"] == lesson_key)
    before = lessons[at - 1] if at > 0 else None
    after = lessons[at + 1] if at + 1 < len(lessons) else None
    return before, after


def resume_key(enrolment: Enrolment) -> str:
    """The lesson where a learner left off, or the first one. No query if the release is loaded."""
    keys = [lesson["key"] for lesson in lessons_of(enrolment.release)]
    return enrolment.last_lesson_key if enrolment.last_lesson_key in keys else keys[0]


def qualified_count() -> int:
    """How many people hold at least one qualification. 1 query, over tallies alone."""
    # Uses index: tally_unique, by its first column.
    rows = Tally.objects.filter(metric=Tally.Metric.QUALIFIED_PEOPLE)
    return rows.aggregate(total=Sum("value"))["total"] or 0


def qualified_history() -> list[tuple[datetime.date, int]]:
    """The same count at the end of each day on which it moved, oldest first. 1 query."""
    days = (
        Tally.objects.filter(metric=Tally.Metric.QUALIFIED_PEOPLE)
        .values_list("day")
        .annotate(moved=Sum("value"))
        .order_by("day")
    )
    moves = [(day, moved) for day, moved in days if moved]
    totals = accumulate(moved for _, moved in moves)
    return [(day, total) for (day, _), total in zip(moves, totals, strict=True)]


def tally_differences() -> list[TallyDifference | CountDifference]:
    """Every tally of this room that is not what the rows say. Reads all rows: not for pages."""
    return recount.differences()


def compare_tallies(
    metric: str, counted: Mapping[tuple[datetime.date, str], int]
) -> list[TallyDifference]:
    """How the tallies of a metric differ from a count by somebody who owns the rows. 1 query."""
    return recount.compare(metric, counted)


def seats_taken(organisation: Organisation) -> int:
    """How many seats of an organisation are taken, by learners and by kept places. 2 queries."""
    return seats.seats_taken(organisation)
