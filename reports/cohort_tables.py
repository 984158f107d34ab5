"""The tables of one cohort: who is where (the heat map), and who is at risk.

Both are of people: only who may see the people of the cohort gets them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from reports.at_risk import at_risk, explain, urgency
from reports.queries.cohorts import (
    HardExercise,
    Plan,
    Point,
    StudiedCourse,
    credit_in,
    people_in,
    plans_of,
    points_in,
)
from reports.queries.members import Member, members_of
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


def learner_url(member: Member) -> str:
    """The page of one person in their cohort."""
    return reverse("reports:cohort_learner", args=[member.plan.cohort.uuid, member.uuid])


@dataclass(frozen=True, slots=True)
class Unit:
    """A module of a course, or a lesson: a column of the heat map."""

    key: str
    title: Mapping[str, str]
    course: StudiedCourse
    worth: Mapping[str, int]
    """Key of the exercise → its points, in hundredths."""
    points: int
    """Their sum."""


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
            if points := sum(worth.values()):
                key = f"{course.key}.{part['key']}"
                found.append(Unit(key, part["title"], course, worth, points))
    return found


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A person, and their points in each course (by primary key)."""

    member: Member
    points: Mapping[int, Mapping[str, Point]]

    def percent(self, unit: Unit) -> int | None:
        """Of the points of a unit, whole per cent, 100 for all of them; None: not enrolled.

        An exercise belongs to the unit in which the current release has it. What a learner has
        who is on another release counts by the exercise, and never for more than it is worth.
        """
        if unit.course.pk not in self.member.enrolled:
            return None
        own, worth = self.points[unit.course.pk], unit.worth.items()
        have = sum(min(own[key].credit, most) for key, most in worth if key in own)
        return 100 * have // unit.points


def load_points(courses: Sequence[StudiedCourse], members: Sequence[Member]) -> list[HeatRow]:
    """People with their points in these courses: 1 query."""
    pks = [course.pk for course in courses]
    found = points_in([member.user_id for member in members], pks)
    return [
        HeatRow(member, {pk: found.get((member.user_id, pk), {}) for pk in pks})
        for member in members
    ]


NOT_ENROLLED = Mark("heat-none", _("not enrolled"))
SHADES = [Mark(f"heat-{step}") for step in range(STEPS + 1)]


def shade(unit: Unit, row: HeatRow) -> Mark:
    """0 for nothing, 1 to `STEPS` for what is begun; the number stands beside it."""
    percent = row.percent(unit)
    return NOT_ENROLLED if percent is None else SHADES[-(-percent * STEPS // 100)]


PERSON: Mapping[str, Any] = {
    "value": lambda row: row.member.name,
    "link": lambda row: learner_url(row.member),
    "choice": lambda row: str(row.member.uuid),
    "rank": lambda member: member.name,
}
PROGRESS = Column(
    "progress",
    _("Progress"),
    Kind.PERCENT,
    definition=definitions.PROGRESS,
    value=lambda row: row.member.progress,
    rank=lambda member: member.progress,
)
LAST_ACTIVE = Column(
    "active",
    _("Last active"),
    Kind.DATE,
    definition=definitions.LAST_ACTIVE,
    value=lambda row: row.member.active_on,
    rank=lambda member: member.active_on,
)


def filters_of(plan: Plan) -> tuple[Filter, ...]:
    """What the heat map can be narrowed to: a course, by its lessons then, and names."""
    courses = [(course.key, in_language(course.title, course.key)) for course in plan.courses]
    return (
        Filter("course", _("Course"), courses, everything=_("All, by module")),
        Filter("q", _("Name")),
    )


def heat_table(plan: Plan, members: Sequence[Member], query: QueryDict) -> Table:
    """People × units. Reads the points of the page alone, and to sort by a unit everybody's sum."""
    filters = filters_of(plan)
    chosen = choose(filters, query)
    courses = [one for one in plan.courses if chosen["course"] in {"", one.key}]
    by_lesson = bool(chosen["course"])
    units = [unit for one in courses for unit in units_of(one, by_lesson=by_lesson)]
    wanted = chosen["q"].casefold()
    asked = query.get("sort", "").removeprefix("-")
    return Table(
        "cohort-progress",
        _("Progress"),
        [
            *(Column("name", _("Name"), **PERSON), PROGRESS, LAST_ACTIVE),
            *(_unit_column(plan, unit, is_sorted_by=unit.key == asked) for unit in units),
        ],
        [member for member in members if wanted in member.name.casefold()],
        as_of=timezone.now(),
        filters=filters,
        of=str(plan.cohort.uuid),
        order="name",
        load=partial(load_points, courses),
        per_page=ROWS,
        empty=_("Nobody is in this cohort yet"),
    )


def _unit_column(plan: Plan, unit: Unit, *, is_sorted_by: bool) -> Column:
    def rank(member: Member) -> int | None:
        return credit.get(member.user_id, 0) if unit.course.pk in member.enrolled else None

    credit = credit_in(people_in([plan]), unit.course.pk, unit.worth) if is_sorted_by else {}
    return Column(
        unit.key,
        in_language(unit.title, unit.key),
        Kind.NUMBER,
        value=lambda row: row.percent(unit),
        group=in_language(unit.course.title, unit.course.key),
        mark=partial(shade, unit),
        rank=rank,
    )


RISK_COLUMNS = (
    Column("name", _("Name"), **PERSON),
    Column(
        "reasons",
        _("Reasons"),
        definition=definitions.REASONS,
        value=lambda row: " ".join(str(reason.words) for reason in row.reasons),
        rank=urgency,
    ),
    PROGRESS,
    LAST_ACTIVE,
)


def risk_table(
    plan: Plan,
    rows: Sequence[Member],
    now: datetime.datetime,
    hard: Mapping[int, Sequence[HardExercise]] | None = None,
) -> Table:
    """Who of a cohort is at risk, with reasons, the most urgent first.

    `hard`: what is hard for each of them, where that has been read.
    """
    return Table(
        "cohort-at-risk",
        _("At risk"),
        RISK_COLUMNS,
        rows,
        as_of=now,
        of=str(plan.cohort.uuid),
        load=partial(explain, now=now, hard=hard),
        prefix="risk-",
        per_page=20,
        empty=_("No rule holds for anybody"),
    )


def progress(user: Reader, query: QueryDict, of: str) -> Table:
    """The heat map of a cohort, by its uuid, for files."""
    plan = _plan(cohort_of(user, of))
    return heat_table(plan, members_of([plan]), query)


def risk(user: Reader, query: QueryDict, of: str) -> Table:
    """Who of a cohort, by its uuid, is at risk, for files."""
    now = timezone.now()
    plan = _plan(cohort_of(user, of))
    return risk_table(plan, at_risk(members_of([plan], now), china_day(now)), now)


def _plan(cohort: Cohort) -> Plan:
    return plans_of([cohort])[cohort.pk]
