"""What pages read of this room. Each docstring says how many queries."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Announcement,
    AnnouncementSeen,
    Cohort,
    CohortMember,
    Consent,
    Membership,
    User,
)

ANNOUNCEMENT_DAYS = 60
"""How long an announcement stays on the pages of who does not put it away."""
MOST_ANNOUNCEMENTS = 3


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


def announcements_for(user: User) -> list[Announcement]:
    """What the person's organisations told them of late and they have not put away. 1 query.

    The latest first, at most three, organisations loaded.
    """
    since = timezone.now() - datetime.timedelta(days=ANNOUNCEMENT_DAYS)
    selected = Announcement.recipients.through.objects.filter(announcement=OuterRef("pk"))
    in_cohort = CohortMember.objects.filter(cohort=OuterRef("cohort"), user=user)
    learns = Membership.objects.filter(
        organisation=OuterRef("organisation"), user=user, role=Membership.Role.LEARNER
    )
    everybody = ~Exists(selected) & (Exists(in_cohort) | (Q(cohort=None) & Exists(learns)))
    found = Announcement.objects.filter(
        Exists(selected.filter(user=user)) | everybody,
        ~Exists(AnnouncementSeen.objects.filter(announcement=OuterRef("pk"), user=user)),
        created_at__gte=since,
    )
    return list(found.select_related("organisation").order_by("-created_at")[:MOST_ANNOUNCEMENTS])


def audience_of(announcement: Announcement) -> QuerySet[User]:
    """Whom an announcement is for. 1 query now, and the people when they are asked for."""
    if announcement.recipients.exists():
        return User.objects.filter(pk__in=announcement.recipients.values("pk"))
    if announcement.cohort_id is not None:
        return User.objects.filter(cohort_memberships__cohort=announcement.cohort_id)
    return User.objects.filter(
        memberships__organisation=announcement.organisation_id,
        memberships__role=Membership.Role.LEARNER,
    )
