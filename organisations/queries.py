"""What these pages read. Each docstring says how many queries."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.access import TEACHING_ROLES
from accounts.models import (
    Announcement,
    Cohort,
    CohortMember,
    Department,
    Invitation,
    InviteLink,
    Letter,
    Membership,
    Organisation,
    User,
)
from courses.models import CohortDeadline, Course
from courses.queries import programme_courses, seats_taken
from organisations.access import Scope
from organisations.addresses import Addresses, Line

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """What inviting a list of addresses would do."""

    new: list[Line]
    known: list[Line]
    """Who has a place or belongs to the organisation already."""
    invalid: list[str]


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging one cohort into another would do."""

    people: int
    in_both: int
    """Of them: who is in the other one already."""
    places: int


def offices_of(user: User) -> list[Membership]:
    """The roles in which the person has pages here, organisation and department loaded. 1 query."""
    roles = Membership.objects.filter(user=user, role__in=TEACHING_ROLES)
    loaded = roles.select_related("organisation", "department")
    return list(loaded.order_by("organisation__name", "role"))


def taught_cohorts(user: User) -> list[Cohort]:
    """The cohorts that the person teaches, the latest first, organisations loaded. 1 query."""
    cohorts = Cohort.objects.filter(instructors__user=user, merged_into=None)
    return list(cohorts.select_related("organisation"))


def registrations_of(user: User) -> list[Organisation]:
    """What the person registered and the centre has not verified, the latest first. 1 query."""
    own = Organisation.objects.filter(registered_by=user, verified_at=None)
    return list(own.order_by("-created_at"))


def waiting_registrations(number: str | None) -> Page[Organisation]:
    """Registrations on which nobody has decided, the oldest first. 2 queries."""
    waiting = Organisation.objects.filter(verified_at=None, refused_at=None)
    return _page(waiting.select_related("registered_by").order_by("created_at", "pk"), number)


def is_registered(credit_code: str, but: int | None) -> bool:
    """Whether a verified organisation other than `but` has this code. 1 query."""
    verified = Organisation.objects.filter(credit_code=credit_code, verified_at__isnull=False)
    return (verified if but is None else verified.exclude(pk=but)).exists()


def waiting_of(user: User) -> int:
    """How many registrations of the person wait for the centre. 1 query."""
    return Organisation.objects.filter(
        registered_by=user, verified_at=None, refused_at=None
    ).count()


def role_counts(scope: Scope) -> list[tuple[str, int]]:
    """How many people hold each role (its title), all roles. 1 query."""
    roles = Membership.objects.filter(organisation=scope.organisation)
    if not scope.is_whole:
        roles = roles.filter(department=scope.department)
    counted = Counter(dict(roles.values_list("role").annotate(Count("pk"))))
    return [(str(title), counted[role]) for role, title in Membership.Role.choices]


def cohorts_with_members(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """With `people`, the number of members, and `kept`, of open places; department, plan loaded."""
    members = CohortMember.objects.filter(cohort=OuterRef("pk"))
    places = Invitation.objects.filter(cohort=OuterRef("pk"), accepted_at=None, withdrawn_at=None)
    return cohorts.select_related("department", "plan__programme__current").annotate(
        people=_count(members, "cohort"), kept=_count(places, "cohort")
    )


def cohorts_page(scope: Scope, number: str | None) -> Page[Cohort]:
    """2 queries."""
    return _page(cohorts_with_members(scope.cohorts()), number)


def other_cohorts(scope: Scope, cohort: Cohort) -> list[Cohort]:
    """Into which people of a cohort can go. 1 query."""
    return list(scope.cohorts().exclude(pk=cohort.pk))


def places_in(cohort: Cohort) -> int:
    """How many places of a cohort are open. 1 query."""
    return Invitation.objects.filter(cohort=cohort, accepted_at=None, withdrawn_at=None).count()


def plan_of(cohort: Cohort) -> dict[str, Any]:
    """What the form of a cohort shows beside its own columns. 1 query."""
    plan = getattr(cohort, "plan", None)
    return {
        "programme": plan.programme.key if plan else "",
        "target": plan.target if plan else None,
        "instructors": [person.uuid for person in instructors_of(cohort)],
    }


def departments_with_counts(scope: Scope) -> list[Department]:
    """With `cohort_count` and `people` (roles that are limited to it). 1 query."""
    cohorts = Cohort.objects.filter(department=OuterRef("pk"))
    roles = Membership.objects.filter(department=OuterRef("pk"))
    return list(
        scope.departments().annotate(
            cohort_count=_count(cohorts, "department"), people=_count(roles, "department")
        )
    )


def people_page(scope: Scope, words: str, role: str, number: str | None) -> Page[User]:
    """People by name, with `roles`: what they hold in this organisation. 3 queries."""
    people = scope.people()
    if words:
        people = people.filter(Q(name__icontains=words) | Q(email__istartswith=words))
    if role in Membership.Role.values:
        holders = Membership.objects.filter(organisation=scope.organisation, role=role)
        people = people.filter(pk__in=holders.values("user"))
    return _page(_with_roles(people, scope.organisation).order_by("name", "pk"), number)


def members_page(cohort: Cohort, words: str, number: str | None) -> Page[CohortMember]:
    """People of a cohort by name. 2 queries."""
    members = CohortMember.objects.filter(cohort=cohort).select_related("user")
    if words:
        members = members.filter(Q(user__name__icontains=words) | Q(user__email__istartswith=words))
    return _page(members.order_by("user__name", "pk"), number)


def roles_of(person: User, organisation: Organisation) -> list[Membership]:
    """A person's roles in an organisation, departments loaded. 1 query."""
    roles = Membership.objects.filter(user=person, organisation=organisation)
    return list(roles.select_related("department").order_by("role"))


def cohorts_in(person: User, scope: Scope) -> list[Cohort]:
    """In which of these cohorts a person is. 1 query."""
    return list(scope.cohorts().filter(members__user=person))


def required_courses(cohort: Cohort) -> list[Course]:
    """Of the programme of a cohort that has a plan. 1 query."""
    version = cohort.plan.programme.current
    assert version is not None, "a plan is of a published programme"
    return [course for course, required in programme_courses(version) if required]


def deadlines_of(cohort: Cohort) -> dict[str, datetime.date]:
    """The days of a cohort that has a plan, by key of the course. 1 query."""
    return dict(
        CohortDeadline.objects.filter(plan=cohort.plan).values_list("course__key", "due_on")
    )


def merging(source: Cohort, target: Cohort) -> Merging:
    """What merging would do. 3 queries."""
    in_both = CohortMember.objects.filter(cohort=target, user__cohort_memberships__cohort=source)
    places = Invitation.objects.filter(cohort=source, user=None, withdrawn_at=None)
    return Merging(source.members.count(), in_both.count(), places.count())


def instructors_of(cohort: Cohort) -> list[User]:
    """By name. 1 query."""
    return list(User.objects.filter(taught_cohorts__cohort=cohort).order_by("name", "pk"))


def chosen_members(cohort: Cohort, uuids: Sequence[str]) -> list[User]:
    """Those of a cohort's people whose uuid is among these; what is none is ignored. 1 query."""
    wanted = []
    for text in uuids:
        with suppress(ValueError):
            wanted.append(uuid.UUID(text))
    people = User.objects.filter(cohort_memberships__cohort=cohort, uuid__in=wanted)
    return list(people.order_by("name"))


def open_place_count(scope: Scope) -> int:
    """1 query."""
    return scope.places().count()


def seats_used(scope: Scope) -> int | None:
    """How many seats are taken, where they are limited; else None. At most 2 queries."""
    is_limited = scope.is_whole and scope.organisation.seat_limit is not None
    return seats_taken(scope.organisation) if is_limited else None


def places_page(scope: Scope, words: str, number: str | None) -> Page[Invitation]:
    """Open places, the latest first, with `letter_waits` and `letter_failed`. 2 queries."""
    last = Letter.objects.filter(invitation=OuterRef("pk")).order_by("-pk")
    places = scope.places().select_related("cohort")
    if words:
        places = places.filter(Q(name__icontains=words) | Q(email__istartswith=words))
    letters = places.annotate(
        asked_at=Subquery(last.values("due_at")[:1]),
        sent_at=Subquery(last.values("sent_at")[:1]),
        given_up_at=Subquery(last.values("given_up_at")[:1]),
    )
    return _page(letters.order_by("-invited_at", "pk"), number)


def links_of(scope: Scope) -> list[InviteLink]:
    """Links that can still be followed, the first to end first, cohorts loaded. 1 query."""
    return list(scope.links().select_related("cohort").order_by("expires_at", "pk"))


def chosen_places(scope: Scope, tokens: Sequence[str]) -> list[int]:
    """Those of the open places whose token is among these. 1 query."""
    wanted = [token for token in tokens if token.isprintable()]
    return list(scope.places().filter(token__in=wanted).values_list("pk", flat=True))


def preview(scope: Scope, addresses: Addresses) -> Preview:
    """What inviting these would do. 2 queries."""
    known = known_addresses(scope.organisation, [line.email for line in addresses.lines])
    return Preview(
        new=[line for line in addresses.lines if line.email not in known],
        known=[line for line in addresses.lines if line.email in known],
        invalid=addresses.invalid,
    )


def known_addresses(organisation: Organisation, emails: Sequence[str]) -> set[str]:
    """For which of these addresses a place is kept, or whose people belong here. 2 queries."""
    places = Invitation.objects.filter(
        organisation=organisation, withdrawn_at=None, email__in=emails
    )
    people = User.objects.filter(memberships__organisation=organisation, email__in=emails)
    return set(places.values_list("email", flat=True)) | set(people.values_list("email", flat=True))


def announcements_page(scope: Scope, number: str | None) -> Page[Announcement]:
    """What was announced, the latest first, cohort and author loaded. 2 queries."""
    said = Announcement.objects.filter(organisation=scope.organisation)
    if not scope.is_whole:
        said = said.filter(cohort__department=scope.department)
    return _page(
        said.select_related("cohort", "author")
        .annotate(selected=Count("recipients"))
        .order_by("-created_at", "-pk"),
        number,
    )


def _with_roles(people: QuerySet[User], organisation: Organisation) -> QuerySet[User]:
    roles = Membership.objects.filter(organisation=organisation).select_related("department")
    return people.prefetch_related(Prefetch("memberships", roles.order_by("role"), to_attr="roles"))


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    """A subquery that counts rows of an outer one, so that two counts do not multiply."""
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _page(rows: QuerySet[Any], number: str | None) -> Page[Any]:
    return Paginator(rows, ON_A_PAGE).get_page(number)
