"""The people of an organisation, with how far each has come there."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db.models import Count, Max, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, CohortMember, User
from courses.models import Enrolment, Standing
from reports import definitions_cohort as definitions
from reports.organisation_tables import scope_of
from reports.queries.cohorts import plans_of
from reports.queries.organisations import Scope, people_of
from reports.tables import Column, Filter, Kind, Reader, Table, choose

FILTERS = (Filter("q", _("Name or e-mail address")),)


@dataclass(slots=True)
class PersonRow:
    """A person, and what the organisation counts of them."""

    user: User
    cohorts: list[Cohort] = field(default_factory=list)
    stage: int | None = None
    completed: int = 0
    active_at: datetime.datetime | None = None


def person_url(row: PersonRow) -> str:
    """Their page in the cohort that ends last; "" where they are in none."""
    if not row.cohorts:
        return ""
    return reverse("reports:cohort_learner", args=[row.cohorts[0].uuid, row.user.uuid])


COLUMNS = (
    Column(
        "name",
        _("Name"),
        value=lambda row: row.user.name or row.user.email,
        link=person_url,
        order="name",
    ),
    Column("email", _("E-mail address"), value=lambda row: row.user.email, order="email"),
    Column("cohorts", _("Cohorts"), value=lambda row: ", ".join(one.name for one in row.cohorts)),
    Column(
        "stage",
        _("Stage"),
        definition=definitions.STAGE,
        value=lambda row: None if row.stage is None else Standing.Stage(row.stage).label,
    ),
    Column(
        "completed",
        _("Completed"),
        Kind.NUMBER,
        definition=definitions.ORGANISATION_COMPLETED,
    ),
    Column(
        "active",
        _("Last active"),
        Kind.DATE,
        definition=definitions.LAST_ACTIVE,
        value=lambda row: row.active_at,
    ),
)


def people(scope: Scope, query: QueryDict) -> Table:
    """The people of a scope. 7 queries for a page."""
    rows = people_of(scope)
    if wanted := choose(FILTERS, query)["q"]:
        rows = rows.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    return Table(
        "organisation-people",
        _("People"),
        COLUMNS,
        rows,
        as_of=timezone.now(),
        filters=FILTERS,
        of=scope.organisation.key,
        order="name",
        load=partial(_load, scope),
        empty=_("Nobody learns here yet"),
    )


def people_report(user: Reader, query: QueryDict, of: str) -> Table:
    """The people of an organisation, by its key, for files."""
    return people(scope_of(user, of), query)


def _load(scope: Scope, users: Sequence[User]) -> list[PersonRow]:
    """What belongs to these people: 3 queries, and 2 of the plans."""
    rows = {user.pk: PersonRow(user) for user in users}
    cohorts = {cohort.pk: cohort for cohort in scope.cohorts}
    members = CohortMember.objects.filter(user__in=users, cohort__in=list(cohorts))
    for user_id, cohort_id in members.values_list("user", "cohort"):
        rows[user_id].cohorts.append(cohorts[cohort_id])
    for row in rows.values():
        row.cohorts.sort(key=lambda cohort: (cohort.ends_on, cohort.pk), reverse=True)
    standings = Standing.objects.filter(user__in=users, organisation=scope.organisation)
    for user_id, stage in standings.values_list("user").annotate(Max("stage")):
        rows[user_id].stage = stage
    courses = {course.pk for plan in plans_of(scope.cohorts).values() for course in plan.courses}
    own = Enrolment.objects.filter(user__in=users, course__in=courses).values_list("user")
    for user_id, completed, active_at in own.annotate(Count("completed_at"), Max("last_active_at")):
        rows[user_id].completed, rows[user_id].active_at = completed, active_at
    return list(rows.values())
