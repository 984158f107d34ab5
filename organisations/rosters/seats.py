"""Whether everybody whom a roster adds would have a seat, before anything of it is applied."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import Cohort, Invitation, Membership, RosterRow, RosterUpload, User
from courses.types import NoSeats

Effect = RosterRow.Effect


def check_seats(upload: RosterUpload) -> None:
    """Raise `NoSeats` unless all rows fit into the organisation and into each cohort with a limit.

    Who is removed makes room for who is added. 4 queries where the organisation has a limit, 4
    for each cohort that has one and is named.
    """
    organisation = upload.organisation
    if organisation.seat_limit is not None:
        learners = User.objects.filter(
            memberships__organisation=organisation, memberships__role=Membership.Role.LEARNER
        )
        places = Invitation.objects.filter(organisation=organisation, user=None, withdrawn_at=None)
        taken = set(learners.values_list("email", flat=True))
        taken |= set(places.values_list("email", flat=True))
        gone = _emails(upload, effect=Effect.REMOVED)
        _fit(organisation.seat_limit, taken, gone, _emails(upload, effect=Effect.ADDED))
    named = upload.rows.filter(effect__in=(Effect.ADDED, Effect.CHANGED)).values("cohort")
    for cohort in Cohort.objects.filter(pk__in=named).exclude(seat_limit=None).order_by("pk"):
        _check_cohort(upload, cohort, cohort.seat_limit or 0)


def _check_cohort(upload: RosterUpload, cohort: Cohort, limit: int) -> None:
    members = User.objects.filter(cohort_memberships__cohort=cohort)
    places = Invitation.objects.filter(cohort=cohort, user=None, withdrawn_at=None)
    taken = set(members.values_list("email", flat=True))
    taken |= set(places.values_list("email", flat=True))
    gone = _emails(upload, effect=Effect.REMOVED, cohort=cohort)
    # Whoever changes the cohort leaves the one that they are in.
    moved = upload.rows.filter(effect=Effect.CHANGED, said__has_key="cohort").exclude(cohort=cohort)
    gone |= set(moved.values_list("email", flat=True))
    coming = _emails(upload, effect__in=(Effect.ADDED, Effect.CHANGED), cohort=cohort)
    _fit(limit, taken, gone, coming)


def _emails(upload: RosterUpload, **which: object) -> set[str]:
    return set(upload.rows.filter(**which).values_list("email", flat=True))


def _fit(limit: int, taken: Collection[str], gone: set[str], coming: set[str]) -> None:
    before = {email.lower() for email in taken}
    wanted = (before - gone) | coming
    # A limit that was lowered below what is taken turns only new people away.
    if len(wanted) > max(limit, len(before)):
        raise NoSeats(limit, len(wanted))
