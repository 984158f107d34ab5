"""What a cohort is to study, and who of it is where: what the pages of people read.

Every function reads for any number of cohorts and people at once: how many queries it makes does
not depend on them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, Sum, When
from django.db.models.functions import Least
from django.utils import timezone

from accounts.models import Cohort, CohortMember
from courses.models import CohortDeadline, CohortPlan, Course, Enrolment, Programme
from courses.types import china_day
from grading.models import Progress

HARD = 3
"""Tries at one exercise without passing it from which on a cohort's page names it."""
RECENT = datetime.timedelta(days=30)
"""How long ago the last of these tries may be."""

Title = Mapping[str, str]
"""A text: language → words."""
Users = Collection[int] | QuerySet[Any, Any]
"""People by primary key, or a query for these keys."""


@dataclass(frozen=True, slots=True)
class StudiedCourse:
    """A course that a cohort studies, in the release that new learners get."""

    pk: int
    key: str
    title: Title
    outline: Sequence[Mapping[str, Any]]
    """`Release.outline`."""
    is_required: bool = True
    due_on: datetime.date | None = None

    @property
    def exercises(self) -> list[Mapping[str, Any]]:
        """Those of its outline, in order."""
        lessons = [lesson for module in self.outline for lesson in module["lessons"]]
        return [exercise for lesson in lessons for exercise in lesson["exercises"]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cohort studies, in order. Without a programme: where its people enrolled."""

    cohort: Cohort
    programme: Programme | None
    target: int | None
    courses: Sequence[StudiedCourse]

    @property
    def measured(self) -> Sequence[StudiedCourse]:
        """The courses that progress is measured by: the required ones, all where none is."""
        return [course for course in self.courses if course.is_required] or self.courses


@dataclass(frozen=True, slots=True)
class Studied:
    """Where one person is in one course."""

    enrolment_id: int
    enrolled_on: datetime.date
    active_on: datetime.date
    has_tried: bool
    credit: int
    """In hundredths of a point."""
    needed: int
    """The credit that completes the release that the person is on."""
    is_completed: bool
    completed_on: datetime.date | None

    @property
    def share(self) -> float:
        """Of what completes the course, 0 to 1. A course that was completed stays so."""
        if self.is_completed or self.needed <= 0:
            return 1.0
        return min(1.0, self.credit / self.needed)


@dataclass(frozen=True, slots=True)
class HardExercise:
    """An exercise that a person has tried and not passed."""

    exercise_id: int
    course_id: int
    title: Title
    tries: int
    last_on: datetime.date


@dataclass(slots=True)
class Learner:
    """A person in a cohort, and where they are in its courses (by primary key)."""

    plan: Plan
    user_id: int
    uuid: uuid.UUID
    name: str
    joined_on: datetime.date
    courses: dict[int, Studied] = field(default_factory=dict)
    hard: list[HardExercise] = field(default_factory=list)

    def fill(
        self,
        studied: Mapping[int, Mapping[int, Studied]],
        hard: Mapping[int, Sequence[HardExercise]],
    ) -> None:
        """Take what is theirs of what was read of many people (by primary key)."""
        own = studied.get(self.user_id, {})
        self.courses = {one.pk: own[one.pk] for one in self.plan.courses if one.pk in own}
        found = hard.get(self.user_id, ())
        self.hard = [one for one in found if one.course_id in self.courses]

    @property
    def progress(self) -> float:
        """The mean of their shares of the measured courses, 0 to 1."""
        measured = self.plan.measured
        shares = (self.courses[one.pk].share for one in measured if one.pk in self.courses)
        return sum(shares) / len(measured) if measured else 0.0

    @property
    def completed(self) -> int:
        """How many of the courses are completed."""
        return sum(studied.is_completed for studied in self.courses.values())

    @property
    def active_on(self) -> datetime.date | None:
        """The last day on which they did anything in one of the courses."""
        return max((studied.active_on for studied in self.courses.values()), default=None)


def plans_of(cohorts: Sequence[Cohort]) -> dict[int, Plan]:
    """The plan of each cohort, by primary key. 2 queries, one more where a cohort has none.

    The cohorts come with `plan__programme__current`.
    """
    plans = {cohort.pk: row for cohort in cohorts if (row := getattr(cohort, "plan", None))}
    wanted = {cohort.pk: _entries(plans.get(cohort.pk)) for cohort in cohorts}
    unplanned = [cohort.pk for cohort in cohorts if cohort.pk not in plans]
    for cohort_id, key in _enrolled_keys(unplanned):
        wanted[cohort_id][key] = True
    due: dict[tuple[int, int], datetime.date] = {
        (plan_id, course_id): due_on
        for plan_id, course_id, due_on in CohortDeadline.objects.filter(
            plan__in=list(plans)
        ).values_list("plan", "course", "due_on")
    }
    courses = _courses({key for keys in wanted.values() for key in keys})
    found = {}
    for cohort in cohorts:
        row = plans.get(cohort.pk)
        studied = [
            _studied(
                courses[key],
                is_required=is_required,
                due_on=due.get((cohort.pk, courses[key].pk)),
            )
            for key, is_required in wanted[cohort.pk].items()
            if key in courses
        ]
        found[cohort.pk] = Plan(
            cohort, row.programme if row else None, row.target if row else None, studied
        )
    return found


def _entries(plan: CohortPlan | None) -> dict[str, bool]:
    """The keys of a plan's courses in order, and whether each is required."""
    version = plan.programme.current if plan is not None else None
    return {entry["key"]: bool(entry["required"]) for entry in version.courses} if version else {}


def _enrolled_keys(cohort_ids: Collection[int]) -> list[tuple[int, str]]:
    if not cohort_ids:
        return []
    rows = Enrolment.objects.filter(cohort__in=cohort_ids).order_by("course__key")
    return list(rows.values_list("cohort", "course__key").distinct())


def _courses(keys: Collection[str]) -> dict[str, Course]:
    published = Course.objects.filter(key__in=keys).exclude(current=None)
    loaded = published.select_related("current").defer("current__search_text", "current__notes")
    return {course.key: course for course in loaded}


def _studied(course: Course, *, is_required: bool, due_on: datetime.date | None) -> StudiedCourse:
    release = course.current
    assert release is not None, "a published course"
    title = release.about["title"]
    return StudiedCourse(course.pk, course.key, title, release.outline, is_required, due_on)


def learners_of(
    plans: Collection[Plan],
    *,
    now: datetime.datetime | None = None,
    only: uuid.UUID | None = None,
) -> list[Learner]:
    """The people of cohorts, by name, with where they are. 3 queries.

    `only`: one person, by uuid. Who is in two of the cohorts is there twice.
    """
    now = now or timezone.now()
    of_cohort = {plan.cohort.pk: plan for plan in plans}
    # Uses index: cohort_member_unique, by its first column.
    members = CohortMember.objects.filter(cohort__in=list(of_cohort))
    if only is not None:
        members = members.filter(user__uuid=only)
    columns = ("cohort", "user", "user__uuid", "user__name", "user__email", "joined_at")
    learners = [
        Learner(of_cohort[cohort_id], user_id, uuid_, name or email, china_day(joined_at))
        for cohort_id, user_id, uuid_, name, email, joined_at in members.values_list(
            *columns
        ).order_by("user__name", "user", "cohort")
    ]
    courses = {course.pk for plan in plans for course in plan.courses}
    users = members.values("user")
    studied, hard = studied_of(users, courses), hard_of(users, plans, now)
    for learner in learners:
        learner.fill(studied, hard)
    return learners


def people_in(plans: Collection[Plan]) -> Users:
    """The people of cohorts, for the functions below. No query."""
    # Uses index: cohort_member_unique, by its first column.
    cohorts = [plan.cohort.pk for plan in plans]
    return CohortMember.objects.filter(cohort__in=cohorts).values("user")


def studied_of(users: Users, courses: Collection[int]) -> dict[int, dict[int, Studied]]:
    """Person → course → where they are (by primary key). 1 query."""
    # Uses index: enrolment_unique, for each person.
    rows = Enrolment.objects.filter(user__in=users, course__in=courses)
    found: dict[int, dict[int, Studied]] = {}
    for (
        pk,
        user,
        course,
        created,
        active,
        month,
        credit,
        completed,
        points,
        percent,
    ) in rows.values_list(
        *("pk", "user", "course", "created_at", "last_active_at", "active_month", "credit"),
        *("completed_at", "release__points", "release__completion_percent"),
    ):
        found.setdefault(user, {})[course] = Studied(
            enrolment_id=pk,
            enrolled_on=china_day(created),
            active_on=china_day(active),
            has_tried=bool(month),
            credit=credit,
            needed=points * percent,
            is_completed=completed is not None,
            completed_on=china_day(completed) if completed is not None else None,
        )
    return found


def hard_of(
    users: Users, plans: Collection[Plan], now: datetime.datetime
) -> dict[int, list[HardExercise]]:
    """Person → the exercises of the plans' courses that they try in vain. 1 query.

    Only of courses that they were active in since, and have not completed: of an organisation
    these are few, and each is read by its enrolment.
    """
    since = now - RECENT
    courses = {course.pk: course for plan in plans for course in plan.courses}
    titles = {
        (course.pk, exercise["key"]): exercise["title"]
        for course in courses.values()
        for exercise in course.exercises
    }
    # Uses index: enrolment_unique, then progress_unique by its first column.
    rows = Progress.objects.filter(
        Q(tries__gte=HARD, passed_at=None, touched_at__gte=since),
        enrolment__user__in=users,
        enrolment__course__in=list(courses),
        enrolment__completed_at=None,
        enrolment__last_active_at__gte=since,
    ).order_by("-tries", "exercise")
    found: dict[int, list[HardExercise]] = {}
    for user, exercise, key, course, tries, touched in rows.values_list(
        *("enrolment__user", "exercise", "exercise__key", "enrolment__course"),
        *("tries", "touched_at"),
    ):
        title = titles.get((course, key), {"en": key})
        hard = HardExercise(exercise, course, title, tries, china_day(touched))
        found.setdefault(user, []).append(hard)
    return found


IS_PASSED = ExpressionWrapper(Q(passed_at__isnull=False), BooleanField())
"""Not the moment: a page reads a thousand of these."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one person has of one exercise."""

    credit: int
    """In hundredths of a point."""
    tries: int
    is_passed: bool


def points_of(enrolments: Collection[int]) -> dict[int, dict[str, Point]]:
    """Enrolment → key of the exercise → what the person has. 1 query; none without enrolments."""
    found: dict[int, dict[str, Point]] = {pk: {} for pk in enrolments}
    if not found:
        return found
    # Uses index: progress_unique, by its first column.
    rows = Progress.objects.filter(enrolment__in=list(found)).annotate(is_passed=IS_PASSED)
    for enrolment, key, credit, tries, is_passed in rows.values_list(
        "enrolment", "exercise__key", "credit", "tries", "is_passed"
    ):
        found[enrolment][key] = Point(credit, tries, is_passed)
    return found


def points_in(
    users: Collection[int], courses: Collection[int]
) -> dict[tuple[int, int], dict[str, Point]]:
    """Person and course → key of the exercise → what the person has. 1 query."""
    found: dict[tuple[int, int], dict[str, Point]] = {}
    # Uses index: enrolment_unique, then progress_unique by its first column.
    rows = Progress.objects.filter(enrolment__user__in=users, enrolment__course__in=courses)
    for user, course, key, credit, tries, is_passed in rows.annotate(
        is_passed=IS_PASSED
    ).values_list(
        *("enrolment__user", "enrolment__course", "exercise__key"),
        *("credit", "tries", "is_passed"),
    ):
        found.setdefault((user, course), {})[key] = Point(credit, tries, is_passed)
    return found


def credit_in(users: Users, course: int, worth: Mapping[str, int]) -> dict[int, int]:
    """Person → their credit in some exercises of a course, of each no more than it is worth (by its
    key, in hundredths of a point). 1 query; who has touched none of them is not there."""
    most = Case(*(When(exercise__key=key, then=points) for key, points in worth.items()))
    rows = Progress.objects.filter(
        enrolment__user__in=users, enrolment__course=course, exercise__key__in=list(worth)
    )
    return dict(rows.values_list("enrolment__user").annotate(credits=Sum(Least("credit", most))))
