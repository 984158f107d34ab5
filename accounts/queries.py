"""What pages read of this room. Each docstring says how many queries."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Cohort, Consent, Membership, User


def memberships_of(user: User) -> list[Membership]:
    """A person's roles, by organisation, which is loaded. 1 query."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    return list(memberships.order_by("organisation__name", "role"))


def cohorts_of(user: User) -> list[Cohort]:
    """The cohorts of a person, the latest first, organisations loaded. 1 query."""
    return list(Cohort.objects.filter(members__user=user).select_related("organisation"))


def open_cohorts_of(user: User) -> list[Cohort]:
    """Those that have not ended, the first to end first. 1 query."""
    cohorts = Cohort.objects.filter(members__user=user, ends_on__gte=timezone.localdate())
    return list(cohorts.select_related("organisation").order_by("ends_on", "pk"))


def consents_of(user: User) -> list[Consent]:
    """What a person agreed to, the latest first. 1 query."""
    return list(Consent.objects.filter(user=user).order_by("-given_at", "-pk"))
