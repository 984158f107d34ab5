"""The only door to what an organisation's administrators see; 404 to everybody else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.access import TEACHING_ROLES, cohort_for, may_verify
from accounts.models import (
    Cohort,
    CohortMember,
    Department,
    Invitation,
    InviteLink,
    Membership,
    Organisation,
    User,
)
from courses.types import LinkEnded


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person administers: an organisation, or one department of it."""

    organisation: Organisation
    department: Department | None
    """None: the whole organisation."""

    @property
    def is_whole(self) -> bool:
        return self.department is None

    def cohorts(self) -> QuerySet[Cohort]:
        """Those that have people of their own, the latest first."""
        cohorts = Cohort.objects.filter(organisation=self.organisation, merged_into=None)
        return cohorts if self.is_whole else cohorts.filter(department=self.department)

    def departments(self) -> QuerySet[Department]:
        departments = Department.objects.filter(organisation=self.organisation)
        if self.department is None:
            return departments
        return departments.filter(pk=self.department.pk)

    def people(self) -> QuerySet[User]:
        """Whoever holds a role in it, and who is in its cohorts."""
        roles = Membership.objects.filter(user=OuterRef("pk"), organisation=self.organisation)
        if self.is_whole:
            return User.objects.filter(Exists(roles))
        members = CohortMember.objects.filter(
            user=OuterRef("pk"), cohort__department=self.department
        )
        own = Exists(roles.filter(department=self.department))
        return User.objects.filter(own | (Exists(roles) & Exists(members)))

    def places(self) -> QuerySet[Invitation]:
        """Places that are kept and that nobody has taken yet."""
        places = Invitation.objects.filter(
            organisation=self.organisation, accepted_at=None, withdrawn_at=None
        )
        return places if self.is_whole else places.filter(cohort__department=self.department)

    def links(self) -> QuerySet[InviteLink]:
        """Invitation links that have not been revoked and have not ended.

        Of a department only those for learners: another role would reach beyond it.
        """
        links = InviteLink.objects.filter(
            organisation=self.organisation, revoked_at=None, expires_at__gt=timezone.now()
        )
        if self.is_whole:
            return links
        return links.filter(cohort__department=self.department, role=Membership.Role.LEARNER)


def administered(user: User, key: str) -> Scope:
    """What the person administers of an organisation. 1 query."""
    memberships = Membership.objects.select_related("organisation", "department")
    found = memberships.filter(
        user_id=user.pk, organisation__key=key, role=Membership.Role.ADMINISTRATOR
    ).first()
    if found is None:
        raise Http404
    return Scope(found.organisation, found.department)


def administered_whole(user: User, key: str) -> Scope:
    """An organisation of which the person administers the whole. 1 query."""
    scope = administered(user, key)
    if not scope.is_whole:
        raise Http404
    return scope


def department_in(scope: Scope, department_uuid: uuid.UUID) -> Department:
    """1 query."""
    return get_object_or_404(scope.departments(), uuid=department_uuid)


def person_in(scope: Scope, person_uuid: uuid.UUID) -> User:
    """1 query."""
    return get_object_or_404(scope.people(), uuid=person_uuid)


def membership_in(scope: Scope, person: User, role: str) -> Membership:
    """A role that may be taken by who has this scope. 1 query.

    Who administers a department takes only the roles that are limited to it.
    """
    roles = Membership.objects.select_related("organisation", "user")
    if not scope.is_whole:
        roles = roles.filter(department=scope.department)
    return get_object_or_404(roles, user=person, organisation=scope.organisation, role=role)


def cohort_in(scope: Scope, cohort_uuid: uuid.UUID) -> Cohort:
    """A cohort with organisation, department and plan. 1 query."""
    loaded = ("organisation", "department", "plan__programme__current")
    return get_object_or_404(scope.cohorts().select_related(*loaded), uuid=cohort_uuid)


def cohort_seen(user: User, key: str, cohort_uuid: uuid.UUID) -> Cohort:
    """A cohort of the organisation that the person administers or teaches. 1 query."""
    cohort = cohort_for(user, cohort_uuid)
    if cohort.organisation.key != key:
        raise Http404
    return cohort


def scope_over(user: User, cohort: Cohort) -> Scope | None:
    """What the person administers, if the cohort (its organisation loaded) is of it. 1 query."""
    membership = Membership.objects.filter(
        Q(department=None) | Q(department=cohort.department_id),
        user_id=user.pk,
        organisation=cohort.organisation_id,
        role=Membership.Role.ADMINISTRATOR,
    ).select_related("department")
    found = membership.first()
    return Scope(cohort.organisation, found.department) if found is not None else None


def link_in(scope: Scope, token: str) -> InviteLink:
    """1 query."""
    return get_object_or_404(scope.links(), token=token)


def usable_link(token: str) -> InviteLink:
    """A link that lets people in now; raises LinkEnded where it does not. 1 query."""
    link = link_with_token(token)
    if not is_usable(link):
        raise LinkEnded
    return link


def link_with_token(token: str) -> InviteLink:
    """An invitation link, ended or not, with organisation and cohort. 1 query."""
    loaded = ("organisation", "cohort__organisation", "made_by")
    return get_object_or_404(InviteLink.objects.select_related(*loaded), token=token)


def place_with_token(token: str) -> Invitation:
    """The place of a letter, if it is not withdrawn, organisation and cohort loaded. 1 query."""
    places = Invitation.objects.filter(withdrawn_at=None)
    return get_object_or_404(places.select_related("organisation", "cohort"), token=token)


def is_usable(link: InviteLink) -> bool:
    """Whether the link lets anybody in now. No query."""
    is_full = link.most_uses is not None and link.uses >= link.most_uses
    cohort = link.cohort
    is_closed = cohort is not None and (
        cohort.merged_into_id is not None or cohort.ends_on < timezone.localdate()
    )
    is_over = link.revoked_at is not None or link.expires_at <= timezone.now()
    return not (is_over or is_full or is_closed)


def is_taken_by(place: Invitation, user: User) -> bool:
    """Whether the place is the person's now. 1 query."""
    return Invitation.objects.filter(pk=place.pk, user=user).exists()


def registration_for(user: User, organisation_uuid: uuid.UUID) -> Organisation:
    """An organisation that the person registered and that is not verified. 1 query."""
    own = Organisation.objects.filter(registered_by=user, verified_at=None)
    return get_object_or_404(own, uuid=organisation_uuid)


def waiting_for(user: User, organisation_uuid: uuid.UUID) -> Organisation:
    """An organisation on which the person may decide for the centre. At most 2 queries."""
    check_may_verify(user)
    undecided = Organisation.objects.filter(verified_at=None).select_related("registered_by")
    return get_object_or_404(undecided, uuid=organisation_uuid)


def check_may_verify(user: User) -> None:
    """At most 1 query."""
    if not may_verify(user):
        raise Http404


def teachers_of(scope: Scope) -> QuerySet[User]:
    """Who may be an instructor of a cohort, by name."""
    roles = Membership.objects.filter(
        Q(department=None) | Q(department=scope.department) if not scope.is_whole else Q(),
        user=OuterRef("pk"),
        organisation=scope.organisation,
        role__in=TEACHING_ROLES,
    )
    return User.objects.filter(Exists(roles)).order_by("name", "pk")
