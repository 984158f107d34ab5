"""The only door to organisations and cohorts: takes the person, and raises 404 to strangers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Announcement, Cohort, CohortInstructor, Membership, Organisation, User

Role = Membership.Role
TEACHING_ROLES = (Role.INSTRUCTOR, Role.ADMINISTRATOR)


def administered_organisation(user: User | AnonymousUser, key: str) -> tuple[Organisation, bool]:
    """An organisation that the person administers, and whether the whole of it; else 404.

    1 query. Of a department they see the figures of its cohorts, which are `cohorts_for`.
    """
    if not isinstance(user, User):
        raise Http404
    own = Membership.objects.filter(user_id=user.pk, role=Role.ADMINISTRATOR)
    found = get_object_or_404(own.select_related("organisation"), organisation__key=key)
    return found.organisation, found.department_id is None


def cohorts_for(user: User, organisation: Organisation | None = None) -> QuerySet[Cohort]:
    """The cohorts whose people the person may see: those they administer and those they teach.

    An administrator's are all of the organisation, or of the department to which their role is
    limited. Who teaches holds a role of the organisation in which that is possible. No query.
    """
    own = Membership.objects.filter(user_id=user.pk, organisation=OuterRef("organisation"))
    administers = own.filter(role=Role.ADMINISTRATOR).filter(
        Q(department=None) | Q(department=OuterRef("department"))
    )
    teaches = Exists(own.filter(role__in=TEACHING_ROLES)) & Exists(
        CohortInstructor.objects.filter(user_id=user.pk, cohort=OuterRef("pk"))
    )
    cohorts = Cohort.objects.filter(Exists(administers) | teaches)
    return cohorts if organisation is None else cohorts.filter(organisation=organisation)


def cohort_for(user: User, cohort_uuid: uuid.UUID) -> Cohort:
    """A cohort whose people the person may see, with organisation, department and plan; else 404.

    1 query.
    """
    loaded = ("organisation", "department", "plan__programme__current")
    return get_object_or_404(cohorts_for(user).select_related(*loaded), uuid=cohort_uuid)


def cohort_with_code(code: str) -> Cohort:
    """The cohort of a join code, if it has not ended nor gone into another one. 1 query.

    Codes are read aloud and typed by hand: case, spaces and hyphens do not matter.
    """
    cohorts = Cohort.objects.select_related("organisation")
    tidy = "".join(code.split()).replace("-", "").replace("\0", "").upper()
    return get_object_or_404(
        cohorts, join_code=tidy, merged_into=None, ends_on__gte=timezone.localdate()
    )


def has_organisations(user: User) -> bool:
    """Whether the organisations' pages have something for the person. At most 2 queries."""
    roles = Membership.objects.filter(user=user, role__in=TEACHING_ROLES)
    asked = Organisation.objects.filter(registered_by=user)
    return user.is_national_administrator or roles.exists() or asked.exists()


def announcement_for(user: User, announcement_uuid: uuid.UUID) -> Announcement:
    """An announcement of an organisation to which the person belongs; else 404. 1 query."""
    own = Membership.objects.filter(user_id=user.pk, organisation=OuterRef("organisation"))
    return get_object_or_404(Announcement.objects.filter(Exists(own)), uuid=announcement_uuid)


def may_verify(user: User | AnonymousUser) -> bool:
    """Whether the person decides for the centre which organisations count. At most 1 query.

    National administrators do, and who administers the whole of a national centre.
    """
    if not isinstance(user, User):
        return False
    if user.is_national_administrator:
        return True
    return Membership.objects.filter(
        user=user,
        role=Role.ADMINISTRATOR,
        department=None,
        organisation__kind=Organisation.Kind.CENTRE,
        organisation__verified_at__isnull=False,
    ).exists()


def national_for(user: User) -> str:
    """Which part of the nation the person may see the counts of: '' for all, or a province.

    Raises Http404 to everybody else. No query.
    """
    if user.is_national_administrator:
        return ""
    if user.administers_province:
        return user.administers_province
    raise Http404


def holds_office(user: User) -> bool:
    """Whether the person administers the site, the nation or a province. No query."""
    return (
        user.is_staff
        or user.is_superuser
        or user.is_national_administrator
        or bool(user.administers_province)
    )


def is_administrator(user: User) -> bool:
    """Whether the person administers anything: the site, the nation, or an organisation.

    At most 1 query.
    """
    if holds_office(user):
        return True
    return Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).exists()


def consent_is_current(user: User) -> bool:
    """Whether the person has agreed to every text in the version in force. 1 query."""
    from_rows = user.consents.filter(withdrawn_at=None).values_list("document", "version")
    return set(settings.CONSENT_VERSIONS.items()) <= set(from_rows)
