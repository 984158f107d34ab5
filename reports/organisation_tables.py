"""The tables of an organisation: cohorts, who is at risk, competencies, people."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import administered_organisation, cohorts_for
from accounts.models import Cohort, User
from courses.types import china_day
from reports import definitions_cohort as definitions
from reports.at_risk import at_risk, explain
from reports.cohort_tables import RISK_COLUMNS
from reports.queries.cohorts import Plan, plans_of
from reports.queries.members import Member, members_of
from reports.queries.organisations import (
    CompetencyCount,
    Scope,
    Stage,
    StageSums,
    member_counts,
    people_count,
    stage_sums,
)
from reports.tables import Column, Kind, Reader, Table

A_WEEK = datetime.timedelta(days=7)


def scope_of(user: Reader, of: str) -> Scope:
    """What the person administers of the organisation of that key; else 404. 2 queries."""
    organisation, is_whole = administered_organisation(user, of)
    assert isinstance(user, User)
    cohorts = cohorts_for(user, organisation).select_related("plan__programme__current")
    return Scope(organisation, is_whole, list(cohorts.filter(merged_into=None)))


@dataclass(frozen=True, slots=True)
class CohortRow:
    """What the table says of one cohort."""

    cohort: Cohort
    people: int
    active: int | None
    """None once the cohort has ended."""
    halfway: int
    qualified: int
    target: int | None
    next_due: datetime.date | None


def active_people(members: Collection[Member], today: datetime.date) -> set[int]:
    """Who of these did anything within a week (by primary key)."""
    since = today - A_WEEK
    return {
        member.user_id
        for member in members
        if member.active_on is not None and member.active_on > since
    }


def cohort_rows(
    scope: Scope,
    plans: Mapping[int, Plan],
    members: Sequence[Member],
    sums: StageSums,
    today: datetime.date,
) -> list[CohortRow]:
    """The cohorts of a scope. `members`: the people of those that have not ended. 1 query."""
    counts = member_counts(scope)
    of_cohort: dict[int, list[Member]] = {}
    for member in members:
        of_cohort.setdefault(member.plan.cohort.pk, []).append(member)
    rows = []
    for cohort in scope.cohorts:
        plan = plans[cohort.pk]
        due = [one.due_on for one in plan.courses if one.due_on and one.due_on >= today]
        own = of_cohort.get(cohort.pk, [])
        rows.append(
            CohortRow(
                cohort,
                people=counts.get(cohort.pk, 0),
                active=len(active_people(own, today)) if cohort.ends_on >= today else None,
                halfway=sums.of({cohort.pk}, Stage.HALFWAY),
                qualified=sums.of({cohort.pk}, Stage.QUALIFIED),
                target=plan.target,
                next_due=min(due, default=None),
            )
        )
    return rows


COHORT_COLUMNS = (
    Column(
        "name",
        _("Cohort"),
        value=lambda row: row.cohort.name,
        link=lambda row: reverse("reports:cohort", args=[row.cohort.uuid]),
    ),
    Column("people", _("People"), Kind.NUMBER, definition=definitions.PEOPLE),
    Column("active", _("Active this week"), Kind.NUMBER, definition=definitions.ACTIVE_THIS_WEEK),
    Column("halfway", _("Halfway"), Kind.NUMBER, definition=definitions.HALFWAY),
    Column("qualified", _("Qualified"), Kind.NUMBER, definition=definitions.QUALIFIED),
    Column("target", _("Target"), Kind.NUMBER, definition=definitions.TARGET),
    Column("next_due", _("Next deadline"), Kind.DATE, definition=definitions.NEXT_DEADLINE),
    Column("ends_on", _("Ends on"), Kind.DATE, value=lambda row: row.cohort.ends_on),
)


def cohorts_table(scope: Scope, rows: Sequence[CohortRow]) -> Table:
    """The cohorts, the last to end first."""
    return Table(
        "organisation-cohorts",
        _("Cohorts"),
        COHORT_COLUMNS,
        rows,
        as_of=timezone.now(),
        of=scope.organisation.key,
        order="-ends_on",
        per_page=20,
        empty=_("There is no cohort yet"),
    )


def risk_table(scope: Scope, rows: Sequence[Member], now: datetime.datetime) -> Table:
    """Who is at risk in the cohorts that have not ended, the most urgent first."""
    name, reasons, *others = RISK_COLUMNS
    cohort = Column(
        "cohort",
        _("Cohort"),
        value=lambda row: row.member.plan.cohort.name,
        rank=lambda member: member.plan.cohort.name,
        link=lambda row: reverse("reports:cohort", args=[row.member.plan.cohort.uuid]),
    )
    person = Column("name", name.title, value=name.value, link=name.link, rank=name.rank)
    return Table(
        "organisation-at-risk",
        _("At risk"),
        (person, reasons, cohort, *others),
        rows,
        as_of=now,
        of=scope.organisation.key,
        load=partial(explain, now=now),
        prefix="risk-",
        per_page=10,
        empty=_("No rule holds for anybody"),
    )


def competency_table(scope: Scope, rows: Sequence[CompetencyCount]) -> Table:
    """Competencies, the most common first."""
    return Table(
        "organisation-competencies",
        _("Competencies"),
        (
            Column("code", _("Competency")),
            Column("people", _("People"), Kind.NUMBER, definition=definitions.COMPETENCY),
            Column("share", _("Of all"), Kind.PERCENT, definition=definitions.ORGANISATION_PEOPLE),
        ),
        rows,
        as_of=timezone.now(),
        of=scope.organisation.key,
        prefix="competency-",
        per_page=10,
        empty=_("Nobody has completed a course yet"),
        exports=False,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """All that an organisation's page is made of."""

    scope: Scope
    as_of: datetime.datetime
    people: int
    active: int
    sums: StageSums
    cohorts: Sequence[CohortRow]
    at_risk: Sequence[Member]


def figures_of(scope: Scope) -> Figures:
    """The figures of a scope, of which each person counts once. 6 queries on PostgreSQL, 8
    elsewhere."""
    now = timezone.now()
    today = china_day(now)
    plans = plans_of(scope.cohorts)
    is_open = {cohort.pk for cohort in scope.cohorts if cohort.ends_on >= today}
    members = members_of([plan for pk, plan in plans.items() if pk in is_open], now)
    sums = stage_sums(scope.organisation.pk)
    return Figures(
        scope,
        now,
        people=people_count(scope),
        active=len(active_people(members, today)),
        sums=sums,
        cohorts=cohort_rows(scope, plans, members, sums, today),
        at_risk=at_risk(members, today),
    )


def cohorts(user: Reader, query: QueryDict, of: str) -> Table:
    """The cohorts that somebody administers of an organisation, by its key."""
    scope = scope_of(user, of)
    return cohorts_table(scope, figures_of(scope).cohorts)


def risk(user: Reader, query: QueryDict, of: str) -> Table:
    """Who is at risk in an organisation, by its key."""
    scope = scope_of(user, of)
    figures = figures_of(scope)
    return risk_table(scope, figures.at_risk, figures.as_of)
