"""All that the page of one learner in a cohort shows."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from accounts.models import Cohort
from courses.types import china_day
from reports.charts.weeks import WeekChart, week_chart
from reports.cohort_page import programme_title
from reports.judging import judge
from reports.queries.cohorts import (
    Learner,
    Point,
    Studied,
    StudiedCourse,
    learners_of,
    plans_of,
    points_of,
)
from reports.queries.learners import Handed, Week, latest_of, weeks_of
from reports.risk import Reason
from reports.words import in_language


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """One exercise of a course as one learner has it."""

    title: str
    worth: int
    """In points."""
    point: Point | None


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course of the cohort as one learner has it."""

    title: str
    is_required: bool
    due_on: datetime.date | None
    is_late: bool
    """The deadline passed before it was completed."""
    studied: Studied | None
    exercises: Sequence[ExerciseLine]

    @property
    def percent(self) -> int:
        return int(100 * self.studied.share) if self.studied else 0

    @property
    def passed(self) -> int:
        return sum(line.point is not None and line.point.is_passed for line in self.exercises)


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """What templates/reports/learner.html shows."""

    learner: Learner
    programme: str
    as_of: datetime.datetime
    reasons: Sequence[Reason]
    courses: Sequence[CourseLine]
    weeks: Sequence[Week]
    chart: WeekChart
    latest: Sequence[tuple[str, Handed]]
    """Title of the exercise, and the try."""


def learner_page(cohort: Cohort, person_uuid: uuid.UUID) -> LearnerPage:
    """The page of somebody in a cohort, which comes with its plan; 404 to who is not in it.

    8 queries.
    """
    now = timezone.now()
    today = china_day(now)
    plan = plans_of([cohort])[cohort.pk]
    learners = learners_of([plan], now=now, only=person_uuid)
    if not learners:
        raise Http404
    (learner,) = learners
    enrolments = [studied.enrolment_id for studied in learner.courses.values()]
    points = points_of(enrolments)
    weeks = weeks_of(enrolments, today)
    return LearnerPage(
        learner,
        programme_title(plan),
        now,
        judge(learner, today) if cohort.ends_on >= today else [],
        [_course(course, learner, points, today) for course in plan.courses],
        weeks,
        week_chart([(week.start, week.tries) for week in weeks]),
        [(in_language(one.title), one) for one in latest_of(enrolments)],
    )


def _course(
    course: StudiedCourse,
    learner: Learner,
    points: Mapping[int, Mapping[str, Point]],
    today: datetime.date,
) -> CourseLine:
    studied = learner.courses.get(course.pk)
    own = points[studied.enrolment_id] if studied else {}
    done_on = (studied.completed_on if studied else None) or today
    return CourseLine(
        in_language(course.title, course.key),
        course.is_required,
        course.due_on,
        is_late=course.due_on is not None and done_on > course.due_on,
        studied=studied,
        exercises=[
            ExerciseLine(in_language(one["title"], one["key"]), one["points"], own.get(one["key"]))
            for one in course.exercises
        ],
    )
