"""The tables of one cohort: who is where (the heat map), and who is at risk.

Both are of people: only who may see the people of the cohort gets them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import cohort_for
from accounts.models import Cohort, User
from courses.types import china_day
from reports import definitions_cohort as definitions
from reports.at_risk import AtRisk, at_risk
from reports.queries.cohorts import (
    Learner,
    Plan,
    Point,
    StudiedCourse,
    learners_of,
    plans_of,
    points_of,
)
from reports.tables import Column, Filter, Kind, Mark, Reader, Table, choose
from reports.words import in_language

ROWS = 100
STEPS = 5
"""Shades of a cell that has begun."""


def cohort_of(user: Reader, of: str) -> Cohort:
    """The cohort of that uuid, if the person may see its people; else 404. 1 query."""
    try:
        cohort_uuid = uuid.UUID(of)
    except ValueError as error:
        raise Http404 from error
    if not isinstance(user, User):
        raise Http404
    return cohort_for(user, cohort_uuid)


def learner_url(learner: Learner) -> str:
    """The page of one learner in their cohort."""
    return reverse("reports:cohort_learner", args=[learner.plan.cohort.uuid, learner.uuid])


@dataclass(frozen=True, slots=True)
class Unit:
    """A module of a course, or a lesson: a column of the heat map."""

    key: str
    title: Mapping[str, str]
    course: StudiedCourse
    worth: Mapping[str, int]
    """Key of the exercise → its points, in hundredths."""


def units_of(course: StudiedCourse, *, by_lesson: bool) -> list[Unit]:
    """The modules or the lessons of a course that have exercises, in order."""
    found = []
    for module in course.outline:
        for part in module["lessons"] if by_lesson else [module]:
            lessons = [part] if by_lesson else module["lessons"]
            worth = {
                exercise["key"]: 100 * exercise["points"]
                for lesson in lessons
                for exercise in lesson["exercises"]
            }
            if sum(worth.values()):
                found.append(Unit(f"{course.key}.{part['key']}", part["title"], course, worth))
    return found


@dataclass(slots=True)
class HeatRow:
    """A learner, and their points in each course (by primary key) once these are loaded."""

    learner: Learner
    points: dict[int, Mapping[str, Point]] = field(default_factory=dict)

    def percent(self, unit: Unit) -> int | None:
        """Of the points of a unit, whole per cent, 100 for all of them; None: not enrolled.

        An exercise belongs to the unit in which the current release has it. What a learner has
        who is on another release counts by the exercise, and never for more than it is worth.
        """
        if unit.course.pk not in self.learner.courses:
            return None
        own = self.points.get(unit.course.pk, {})
        have = sum(min(own[key].credit, worth) for key, worth in unit.worth.items() if key in own)
        return int(100 * have / sum(unit.worth.values()))


def load_points(rows: Sequence[HeatRow], courses: Sequence[StudiedCourse]) -> Sequence[HeatRow]:
    """Rows with the points of their learners in these courses: 1 query."""
    pks = [course.pk for course in courses]
    enrolments = [
        row.learner.courses[pk].enrolment_id
        for row in rows
        for pk in pks
        if pk in row.learner.courses
    ]
    found = points_of(enrolments)
    for row in rows:
        own = row.learner.courses
        row.points = {pk: found[own[pk].enrolment_id] for pk in pks if pk in own}
    return rows


NOT_ENROLLED = Mark("heat-none", _("not enrolled"))
SHADES = [Mark(f"heat-{step}") for step in range(STEPS + 1)]


def shade(unit: Unit, row: HeatRow) -> Mark:
    """0 for nothing, 1 to `STEPS` for what is begun; the number stands beside it."""
    percent = row.percent(unit)
    return NOT_ENROLLED if percent is None else SHADES[-(-percent * STEPS // 100)]


PERSON: Mapping[str, Any] = {
    "value": lambda row: row.learner.name,
    "link": lambda row: learner_url(row.learner),
    "choice": lambda row: str(row.learner.uuid),
}
PROGRESS = Column(
    "progress",
    _("Progress"),
    Kind.PERCENT,
    definition=definitions.PROGRESS,
    value=lambda row: row.learner.progress,
)
LAST_ACTIVE = Column(
    "active",
    _("Last active"),
    Kind.DATE,
    definition=definitions.LAST_ACTIVE,
    value=lambda row: row.learner.active_on,
)


def filters_of(plan: Plan) -> tuple[Filter, ...]:
    """What the heat map can be narrowed to: a course, by its lessons then, and names."""
    courses = [(course.key, in_language(course.title, course.key)) for course in plan.courses]
    return (
        Filter("course", _("Course"), courses, everything=_("All, by module")),
        Filter("q", _("Name")),
    )


def heat_table(plan: Plan, learners: Sequence[Learner], query: QueryDict) -> Table:
    """Learners × units. Reads points of the page alone, of everybody to sort by a unit."""
    filters = filters_of(plan)
    chosen = choose(filters, query)
    courses = [one for one in plan.courses if chosen["course"] in {"", one.key}]
    by_lesson = bool(chosen["course"])
    units = [unit for one in courses for unit in units_of(one, by_lesson=by_lesson)]
    wanted = chosen["q"].casefold()
    rows = [HeatRow(learner) for learner in learners if wanted in learner.name.casefold()]
    if query.get("sort", "").removeprefix("-") in {unit.key for unit in units}:
        load_points(rows, courses)
    return Table(
        "cohort-progress",
        _("Progress"),
        [Column("name", _("Name"), **PERSON), PROGRESS, LAST_ACTIVE, *map(_unit_column, units)],
        rows,
        as_of=timezone.now(),
        filters=filters,
        of=str(plan.cohort.uuid),
        order="name",
        load=lambda part: load_points(part, courses),
        per_page=ROWS,
        empty=_("Nobody is in this cohort yet"),
    )


def _unit_column(unit: Unit) -> Column:
    return Column(
        unit.key,
        in_language(unit.title, unit.key),
        Kind.NUMBER,
        value=lambda row: row.percent(unit),
        group=in_language(unit.course.title, unit.course.key),
        mark=partial(shade, unit),
    )


RISK_COLUMNS = (
    Column("name", _("Name"), **PERSON),
    Column(
        "reasons",
        _("Reasons"),
        definition=definitions.REASONS,
        value=lambda row: " ".join(str(reason.words) for reason in row.reasons),
    ),
    PROGRESS,
    LAST_ACTIVE,
)


def risk_table(plan: Plan, rows: Sequence[AtRisk]) -> Table:
    """Who of a cohort is at risk, with reasons, the most urgent first."""
    return Table(
        "cohort-at-risk",
        _("At risk"),
        RISK_COLUMNS,
        rows,
        as_of=timezone.now(),
        of=str(plan.cohort.uuid),
        prefix="risk-",
        per_page=20,
        empty=_("No rule holds for anybody"),
    )


def progress(user: Reader, query: QueryDict, of: str) -> Table:
    """The heat map of a cohort, by its uuid, for files."""
    plan = _plan(cohort_of(user, of))
    return heat_table(plan, learners_of([plan]), query)


def risk(user: Reader, query: QueryDict, of: str) -> Table:
    """Who of a cohort, by its uuid, is at risk, for files."""
    plan = _plan(cohort_of(user, of))
    return risk_table(plan, at_risk(learners_of([plan]), china_day(timezone.now())))


def _plan(cohort: Cohort) -> Plan:
    return plans_of([cohort])[cohort.pk]
