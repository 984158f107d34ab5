"""All that the page of a cohort shows besides its tables: figures, deadlines, what is hard."""

from __future__ import annotations

import datetime
from collections import Counter
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
from reports.queries.cohorts import HardExercise, Plan, hard_of, people_in, plans_of
from reports.queries.members import Member, members_of
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
    """The page of a cohort, which comes with its plan: 7 queries on PostgreSQL, 9 elsewhere."""
    now = timezone.now()
    today = china_day(now)
    plan = plans_of([cohort])[cohort.pk]
    members = members_of([plan], now)
    hard = hard_of(people_in([plan]), [plan], now)
    risks = at_risk(members, today)
    return CohortPage(
        plan,
        programme_title(plan),
        now,
        _facts(plan, members, len(risks), today),
        deadlines_of(plan, members, today),
        hard_spots(plan, members, hard),
        heat_table(plan, members, query).page(query),
        risk_table(plan, risks, now, hard).page(query),
    )


def programme_title(plan: Plan) -> str:
    """The title of the programme of a plan; "" without one."""
    version = plan.programme.current if plan.programme else None
    return in_language(version.about["title"]) if version else ""


def _facts(plan: Plan, members: Sequence[Member], risks: int, today: datetime.date) -> list[Fact]:
    cohort = plan.cohort
    sums = stage_sums(cohort.organisation_id, cohort.pk)
    people = len(members)
    halfway = sums.of({cohort.pk}, Stage.HALFWAY)
    qualified = sums.of({cohort.pk}, Stage.QUALIFIED)
    return [
        Fact("people", _("People"), people, definitions.PEOPLE),
        Fact(
            "active",
            _("Active this week"),
            len(active_people(members, today)),
            definitions.ACTIVE_THIS_WEEK,
            people,
        ),
        Fact("at-risk", _("At risk"), risks, definitions.AT_RISK, people),
        Fact("halfway", _("Halfway"), halfway, definitions.HALFWAY, people),
        Fact("qualified", _("Qualified"), qualified, definitions.QUALIFIED, plan.target),
    ]


def deadlines_of(plan: Plan, members: Sequence[Member], today: datetime.date) -> list[Deadline]:
    """The deadlines of a cohort in order of their days, with who has met each."""
    met = Counter(pk for member in members for pk in member.met)
    found = []
    for course in plan.courses:
        if course.due_on is not None:
            title = in_language(course.title, course.key)
            left = (course.due_on - today).days
            found.append(Deadline(title, course.due_on, left, met[course.pk], len(members)))
    return sorted(found, key=lambda deadline: deadline.due_on)


def hard_spots(
    plan: Plan, members: Sequence[Member], hard: Mapping[int, Sequence[HardExercise]]
) -> list[HardSpot]:
    """The exercises at which most people are stuck, those with the most tries named.

    `hard`: what is hard for each person of the cohort.
    """
    person = {member.user_id: member for member in members}
    tried: dict[int, list[tuple[HardExercise, Member]]] = {}
    for user_id, exercises in hard.items():
        for one in exercises:
            # Whoever joined the cohort between two queries is in the next page.
            if user_id in person:
                tried.setdefault(one.exercise_id, []).append((one, person[user_id]))
    most = sorted(tried.values(), key=lambda people: (-len(people), -_tries(people)))
    return [_spot(plan, people) for people in most[:MOST_EXERCISES]]


def _tries(people: Sequence[tuple[HardExercise, Member]]) -> int:
    return sum(exercise.tries for exercise, _member in people)


def _spot(plan: Plan, people: Sequence[tuple[HardExercise, Member]]) -> HardSpot:
    exercise = people[0][0]
    course = next(one for one in plan.courses if one.pk == exercise.course_id)
    first = sorted(people, key=lambda pair: (-pair[0].tries, pair[1].name))[:MOST_NAMES]
    return HardSpot(
        in_language(exercise.title),
        in_language(course.title, course.key),
        people=len(people),
        tries=_tries(people),
        named=[Link(member.name, learner_url(member), one.tries) for one, member in first],
    )
