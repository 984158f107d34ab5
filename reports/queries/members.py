"""The people of cohorts in a few figures each, and for how many of them a rule of risk holds.

A page shows some of a cohort's people and counts all of them. So of everybody it reads one row,
and the rest (reports/queries/cohorts.py) of those that it shows. On PostgreSQL the rules of
reports/risk.py are one statement here; tests/reports/test_members.py holds the two together.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import CohortMember, User
from courses.models import Enrolment, Release
from courses.types import CHINA, china_day
from grading.models import Progress
from reports.judging import judge
from reports.queries.cohorts import (
    RECENT,
    HardExercise,
    Learner,
    Plan,
    hard_of,
    learners_of,
    studied_of,
)
from reports.risk import HORIZON, MANY_TRIES, MARGIN, SETTLED, WAIT, Rule

URGENCY = {rule: number for number, rule in enumerate(Rule)}
"""How early a rule is listed: the most urgent is 0."""


class Member(NamedTuple):
    """A person in a cohort, and in figures where they are in its courses (by primary key)."""

    plan: Plan
    user_id: int
    uuid: uuid.UUID
    name: str
    joined_on: datetime.date
    progress: float
    """The mean of their shares of the measured courses, 0 to 1."""
    active_on: datetime.date | None
    """The last day on which they did anything in one of the courses."""
    enrolled: Collection[int]
    met: Collection[int]
    """The courses that they completed by its deadline."""
    urgency: int
    """`URGENCY` of the first rule that holds for them; of no use where none does."""
    reasons: int
    """How many reasons there are to call them at risk."""


def members_of(plans: Collection[Plan], now: datetime.datetime | None = None) -> list[Member]:
    """The people of cohorts, by name. 1 query on PostgreSQL, 3 elsewhere.

    Who is in two of the cohorts is there twice.
    """
    now = now or timezone.now()
    if connection.vendor == "postgresql":
        return _asked(plans, now)
    today = china_day(now)
    return [figures_of(learner, today) for learner in learners_of(plans, now=now)]


def figures_of(learner: Learner, today: datetime.date) -> Member:
    """What the statement below says of everybody, of one person. No query."""
    why = judge(learner, today)
    due = {course.pk: course.due_on for course in learner.plan.courses}
    met = [
        pk
        for pk, studied in learner.courses.items()
        for due_on in (due[pk],)
        if due_on and studied.completed_on and studied.completed_on <= due_on
    ]
    return Member(
        learner.plan,
        learner.user_id,
        learner.uuid,
        learner.name,
        learner.joined_on,
        learner.progress,
        learner.active_on,
        list(learner.courses),
        met,
        urgency=min((URGENCY[reason.rule] for reason in why), default=0),
        reasons=len(why),
    )


def learners_from(
    members: Sequence[Member],
    *,
    now: datetime.datetime,
    hard: Mapping[int, Sequence[HardExercise]] | None = None,
) -> list[Learner]:
    """These people with all of where they are, in order. 2 queries, 1 with what is hard for each
    person (by primary key)."""
    users = {member.user_id for member in members}
    plans = {member.plan.cohort.pk: member.plan for member in members}.values()
    studied = studied_of(users, {course.pk for plan in plans for course in plan.courses})
    if hard is None:
        hard = hard_of(users, plans, now)
    learners = []
    for member in members:
        learner = Learner(member.plan, member.user_id, member.uuid, member.name, member.joined_on)
        learner.fill(studied, hard)
        learners.append(learner)
    return learners


A_DAY = datetime.timedelta(days=1)


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  # Django documents _meta as public


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE '{CHINA.key}')::date"


_TODAY = "%(today)s::date"
_BEGUN = "LEAST(started_on, enrolled_on)"
"""Of which that of nobody's enrolment is NULL, and left out."""
_EXPECTED = f"""
    CASE WHEN {_TODAY} - {_BEGUN} >= {SETTLED} AND due_on > {_BEGUN}
         THEN ({_TODAY} - {_BEGUN})::float8 / (due_on - {_BEGUN}) ELSE 0 END
"""
_RULES: Mapping[Rule, str] = {
    Rule.OVERDUE: f"is_open AND due_on < {_TODAY}",
    Rule.INACTIVE: f"""
        is_open AND due_on - {_TODAY} BETWEEN 0 AND {HORIZON} AND {_TODAY} - active_on >= {WAIT}
    """,
    Rule.BEHIND: f"""
        is_open AND due_on >= {_TODAY} AND share < {_EXPECTED} - {MARGIN}
    """,
    Rule.NO_TRY: f"""
        is_open AND (due_on IS NULL OR due_on >= {_TODAY})
        AND NOT has_tried AND {_TODAY} - enrolled_on >= {WAIT}
    """,
}
"""The rules that look at one course."""
_COUNTS: Mapping[Rule, str] = {
    **{rule: f"count(*) FILTER (WHERE {condition})" for rule, condition in _RULES.items()},
    Rule.NOT_ENROLLED: f"""
        (COALESCE(bool_and(enrolled_on IS NULL) FILTER (WHERE is_measured), FALSE)
         AND {_TODAY} - started_on >= {WAIT})::integer
    """,
    Rule.STUCK: "sum(stuck)::integer",
}
"""How many reasons each rule gives."""
_EACH = ", ".join(f'{_COUNTS[rule]} AS "{rule}"' for rule in Rule)
_SUM = " + ".join(f'"{rule}"' for rule in Rule)
_FIRST = " ".join(f'WHEN "{rule}" > 0 THEN {urgency}' for rule, urgency in URGENCY.items())

_MEMBERS = f"""
    WITH place AS (
        SELECT member.id AS member_id, member.cohort_id, member.user_id,
               {_day("joined_at")} AS joined_on,
               GREATEST(starts_on, {_day("joined_at")}) AS started_on,
               studied.course_id, due_on, is_measured,
               is_measured AND completed_at IS NULL AS is_open, active_month > 0 AS has_tried,
               {_day("enrolment.created_at")} AS enrolled_on, {_day("last_active_at")} AS active_on,
               {_day("completed_at")} AS completed_on,
               CASE WHEN enrolment.id IS NULL THEN 0
                    WHEN completed_at IS NOT NULL OR points * completion_percent <= 0 THEN 1
                    ELSE LEAST(1, credit::float8 / (points * completion_percent)) END AS share,
               (SELECT count(*) FROM {_table(Progress)} AS progress
                WHERE last_active_at >= %(since)s AND completed_at IS NULL
                    AND progress.enrolment_id = enrolment.id AND passed_at IS NULL
                    AND tries >= {MANY_TRIES} AND touched_at >= %(lately)s) AS stuck
        FROM unnest(
            %(cohorts)s::bigint[], %(starts)s::date[],
            %(courses)s::bigint[], %(due)s::date[], %(measured)s::boolean[]
        ) AS studied (cohort_id, starts_on, course_id, due_on, is_measured)
        JOIN {_table(CohortMember)} AS member USING (cohort_id)
        LEFT JOIN {_table(Enrolment)} AS enrolment
            ON enrolment.user_id = member.user_id AND enrolment.course_id = studied.course_id
        LEFT JOIN {_table(Release)} AS release ON release.id = release_id
    ),
    figures AS (
        SELECT cohort_id, user_id, joined_on,
               COALESCE(avg(share) FILTER (WHERE is_measured), 0) AS progress,
               max(active_on) AS active_on,
               array_agg(course_id) FILTER (WHERE enrolled_on IS NOT NULL) AS enrolled,
               array_agg(course_id) FILTER (WHERE completed_on <= due_on) AS met, {_EACH}
        FROM place
        GROUP BY member_id, cohort_id, user_id, joined_on, started_on
    )
    SELECT cohort_id, user_id, uuid, COALESCE(NULLIF(name, ''), email), joined_on,
           progress, active_on, enrolled, met, CASE {_FIRST} ELSE 0 END, {_SUM}
    FROM figures JOIN {_table(User)} AS person ON person.id = user_id
    ORDER BY name, user_id, cohort_id
"""  # noqa: S608
# Joined by indexes alone: of a cohort that came today PostgreSQL knows no size, and takes what it
# joins by anything else for small.


def _asked(plans: Collection[Plan], now: datetime.datetime) -> list[Member]:
    today = china_day(now)
    of_cohort = {plan.cohort.pk: plan for plan in plans}
    rows = [row for plan in plans for row in _studied(plan)]
    cohorts, starts, courses, due, measured = zip(*rows, strict=True) if rows else [()] * 5
    asked = {
        "today": today,
        "since": now - RECENT,
        "lately": datetime.datetime.combine(today - WAIT * A_DAY, datetime.time(), CHINA),
        "cohorts": list(cohorts),
        "starts": list(starts),
        "courses": list(courses),
        "due": list(due),
        "measured": list(measured),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, asked)  # type: ignore[arg-type]  # psycopg takes lists too
        return [
            Member(
                of_cohort[cohort],
                user,
                uuid_,
                name,
                joined,
                done,
                active,
                own or (),
                met or (),
                *risk,
            )
            for cohort, user, uuid_, name, joined, done, active, own, met, *risk in cursor
        ]


def _studied(plan: Plan) -> list[tuple[int, datetime.date, int | None, datetime.date | None, bool]]:
    """A row for each course; one without a course where there is none, for its people's sake."""
    cohort, measured = plan.cohort, {course.pk for course in plan.measured}
    return [
        (cohort.pk, cohort.starts_on, course.pk, course.due_on, course.pk in measured)
        for course in plan.courses
    ] or [(cohort.pk, cohort.starts_on, None, None, False)]
