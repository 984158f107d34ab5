"""Whether there is a seat for everybody who wants one."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Cohort, Invitation, Membership, Organisation, User
from courses.types import NoSeats


def hold_seats(organisation: Organisation | None, cohort: Cohort | None) -> None:
    """Hold until commit what has a limit: before people are locked, so that two acts never wait
    for one another.
    """
    if organisation is not None and organisation.seat_limit is not None:
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if cohort is not None and cohort.seat_limit is not None:
        Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def check_seats(
    organisation: Organisation | None, cohort: Cohort | None, emails: Collection[str]
) -> None:
    """Raise `NoSeats` unless people of these addresses fit into the limits, if there are any.

    Holds what is limited until commit, so that two lists at once do not share the last seat. A
    seat is taken by who learns there and by a place that waits; who has one takes no second.
    """
    hold_seats(organisation, cohort)
    if organisation is not None and organisation.seat_limit is not None:
        _fit(organisation.seat_limit, _taken_of_organisation(organisation), emails)
    if cohort is not None and cohort.seat_limit is not None:
        people = User.objects.filter(cohort_memberships__cohort=cohort)
        places = _waiting().filter(cohort=cohort)
        _fit(cohort.seat_limit, _addresses(people) | _addresses(places), emails)


def seats_taken(organisation: Organisation) -> int:
    """How many seats of an organisation are taken. 2 queries."""
    return len(_taken_of_organisation(organisation))


def _taken_of_organisation(organisation: Organisation) -> set[str]:
    learners = User.objects.filter(
        memberships__organisation=organisation, memberships__role=Membership.Role.LEARNER
    )
    places = _waiting().filter(organisation=organisation)
    return _addresses(learners) | _addresses(places)


def _waiting() -> QuerySet[Invitation]:
    """Places that nobody has taken: who has taken one is counted as a person, while they stay."""
    return Invitation.objects.filter(user=None, withdrawn_at=None)


def _fit(limit: int, taken: set[str], emails: Collection[str]) -> None:
    wanted = taken | {email.lower() for email in emails}
    # A limit that was lowered below what is taken already turns only new people away.
    if len(wanted) > max(limit, len(taken)):
        raise NoSeats(limit, len(wanted))


def _addresses(rows: QuerySet[User] | QuerySet[Invitation]) -> set[str]:
    return {email.lower() for email in rows.values_list("email", flat=True)}
