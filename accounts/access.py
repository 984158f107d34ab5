"""The only door to organisations and cohorts: takes the person, and raises 404 to strangers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Cohort, Membership, Organisation, User

Role = Membership.Role


def has_role(user: User | AnonymousUser, organisation: Organisation, *roles: str) -> bool:
    """Whether the person holds one of the roles in the organisation. 1 query; none for visitors."""
    if not isinstance(user, User):
        return False
    return Membership.objects.filter(
        user=user, organisation=organisation, role__in=roles or Role.values
    ).exists()


def organisation_for(user: User, key: str, *roles: str) -> Organisation:
    """An organisation in which the person holds one of the roles (any role when none is named).

    1 query.
    """
    memberships = Membership.objects.select_related("organisation")
    found = memberships.filter(
        user_id=user.pk, organisation__key=key, role__in=roles or Role.values
    ).first()
    if found is None:
        raise Http404
    return found.organisation


def cohort_with_code(code: str) -> Cohort:
    """The cohort of a join code, if it has not ended. 1 query.

    Codes are read aloud and typed by hand: case, spaces and hyphens do not matter.
    """
    cohorts = Cohort.objects.select_related("organisation")
    tidy = "".join(code.split()).replace("-", "").upper()
    return get_object_or_404(cohorts, join_code=tidy, ends_on__gte=timezone.localdate())


def holds_office(user: User) -> bool:
    """Whether the person administers the site or the nation. No query."""
    return user.is_staff or user.is_superuser or user.is_national_administrator


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
