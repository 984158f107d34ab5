"""All that the page of a cohort shows besides its tables: figures, deadlines, what is hard."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort
from courses.types import china_day
from reports import definitions_cohort as definitions
from reports.at_risk import at_risk
from reports.cohort_tables import heat_table, learner_url, risk_table
from reports.organisation_tables import active_people
from reports.queries.cohorts import Learner, Plan, learners_of, plans_of
from reports.queries.organisations import Stage, stage_sums
from reports.tables import TablePage
from reports.words import in_language

MOST_EXERCISES = 10
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """A headline figure with what it means."""

    key: str
    title: Promise
    value: int
    definition: Promise
    of: int | None = None
    """What it is a part of, or is to become."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline and how many have met it, or can no longer."""

    title: str
    due_on: datetime.date
    days_left: int
    """Negative once it has passed."""
    met: int
    people: int


@dataclass(frozen=True, slots=True)
class Link:
    """A name that leads somewhere."""

    title: str
    url: str
    tries: int


@dataclass(frozen=True, slots=True)
class HardSpot:
    """An exercise that several people try in vain."""

    title: str
    course: str
    people: int
    tries: int
    """Of these people, all together."""
    named: Sequence[Link]
    """Those with the most tries."""

    @property
    def others(self) -> int:
        return self.people - len(self.named)


@dataclass(frozen=True, slots=True)
class CohortPage:
    """What templates/reports/cohort.html shows."""

    plan: Plan
    programme: str
    as_of: datetime.datetime
    facts: Sequence[Fact]
    deadlines: Sequence[Deadline]
    hard: Sequence[HardSpot]
    heat: TablePage
    risk: TablePage


def cohort_page(cohort: Cohort, query: QueryDict) -> CohortPage:
    """The page of a cohort, which comes with its plan: 7 queries."""
    now = timezone.now()
    today = china_day(now)
    plan = plans_of([cohort])[cohort.pk]
    learners = learners_of([plan], now=now)
    risks = at_risk(learners, today)
    return CohortPage(
        plan,
        programme_title(plan),
        now,
        _facts(plan, learners, len(risks), today),
        deadlines_of(plan, learners, today),
        hard_spots(learners),
        heat_table(plan, learners, query).page(query),
        risk_table(plan, risks).page(query),
    )


def programme_title(plan: Plan) -> str:
    """The title of the programme of a plan; "" without one."""
    version = plan.programme.current if plan.programme else None
    return in_language(version.about["title"]) if version else ""


def _facts(plan: Plan, learners: Sequence[Learner], risks: int, today: datetime.date) -> list[Fact]:
    cohort = plan.cohort
    sums = stage_sums(cohort.organisation_id, cohort.pk)
    people = len(learners)
    halfway = sums.of({cohort.pk}, Stage.HALFWAY)
    qualified = sums.of({cohort.pk}, Stage.QUALIFIED)
    return [
        Fact("people", _("People"), people, definitions.PEOPLE),
        Fact(
            "active",
            _("Active this week"),
            len(active_people(learners, today)),
            definitions.ACTIVE_THIS_WEEK,
            people,
        ),
        Fact("at-risk", _("At risk"), risks, definitions.AT_RISK, people),
        Fact("halfway", _("Halfway"), halfway, definitions.HALFWAY, people),
        Fact("qualified", _("Qualified"), qualified, definitions.QUALIFIED, plan.target),
    ]


def deadlines_of(plan: Plan, learners: Sequence[Learner], today: datetime.date) -> list[Deadline]:
    """The deadlines of a cohort in order of their days, with who has met each."""
    found = []
    for course in plan.courses:
        if course.due_on is None:
            continue
        done = [one.courses[course.pk].completed_on for one in learners if course.pk in one.courses]
        met = sum(day is not None and day <= course.due_on for day in done)
        title = in_language(course.title, course.key)
        left = (course.due_on - today).days
        found.append(Deadline(title, course.due_on, left, met, len(learners)))
    return sorted(found, key=lambda deadline: deadline.due_on)


def hard_spots(learners: Sequence[Learner]) -> list[HardSpot]:
    """The exercises at which most people are stuck, those with the most tries named."""
    tried: dict[int, list[tuple[int, Learner]]] = {}
    titles: dict[int, tuple[Mapping[str, str], int]] = {}
    for learner in learners:
        for one in learner.hard:
            tried.setdefault(one.exercise_id, []).append((one.tries, learner))
            titles[one.exercise_id] = (one.title, one.course_id)
    spots = []
    for exercise_id, people in tried.items():
        people.sort(key=lambda pair: (-pair[0], pair[1].name))
        title, course_id = titles[exercise_id]
        plan = people[0][1].plan
        course = next(one for one in plan.courses if one.pk == course_id)
        spots.append(
            HardSpot(
                in_language(title),
                in_language(course.title, course.key),
                people=len(people),
                tries=sum(tries for tries, _learner in people),
                named=[Link(one.name, learner_url(one), n) for n, one in people[:MOST_NAMES]],
            )
        )
    return sorted(spots, key=lambda spot: (-spot.people, -spot.tries))[:MOST_EXERCISES]
