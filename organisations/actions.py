"""What administrators do that concerns people and what they study at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.actions import assign_instructors, mail_places, take_role
from accounts.models import Cohort, Invitation, Membership, Organisation, User
from courses.actions import invite, leave_cohort, set_plan, withdraw_places
from courses.models import Programme
from courses.types import Invited, Place
from organisations.addresses import Line


@transaction.atomic
def end_role(*, membership: Membership) -> None:
    """Take a role from a person; a learner's comes with their cohorts.

    Effects: of a learner: places that they took are withdrawn, they leave the organisation's
    cohorts, and what they achieved stays counted for it; of everybody: what `take_role` lists.
    Raises `LastAdministrator`.
    """
    if membership.role == Membership.Role.LEARNER:
        organisation, user = membership.organisation, membership.user
        taken = Invitation.objects.filter(organisation=organisation, user=user, withdrawn_at=None)
        withdraw_places(
            organisation=organisation, invitation_ids=list(taken.values_list("pk", flat=True))
        )
        for cohort in Cohort.objects.filter(organisation=organisation, members__user=user):
            leave_cohort(user=user, cohort=cohort)
    take_role(membership=membership)


@transaction.atomic
def save_cohort(
    *,
    cohort: Cohort,
    instructors: Collection[User],
    programme: Programme | None,
    target: int | None,
) -> Cohort:
    """Make or change a cohort.

    Effects: the cohort, which comes as it is to be; who teaches it; its plan as `set_plan` says,
    where there is a programme.
    """
    cohort.save()
    assign_instructors(cohort=cohort, people=instructors)
    if programme is not None:
        set_plan(cohort=cohort, programme=programme, target=target)
    return cohort


@transaction.atomic
def dismiss_members(*, cohort: Cohort, people: Collection[User]) -> int:
    """Take people out of a cohort as `leave_cohort` says; how many there were."""
    return sum(leave_cohort(user=person, cohort=cohort) for person in people)


@transaction.atomic
def invite_by_letter(
    organisation: Organisation, lines: Sequence[Line], cohort: Cohort | None, *, by: User
) -> Invited:
    """Keep places for addresses and write to each.

    Effects: those of `invite`; a letter for each place that is open. Raises `NoSeats`.
    """
    cohort_id = cohort.pk if cohort is not None else None
    places = [Place(line.email, line.name, cohort_id=cohort_id) for line in lines]
    invited = invite(organisation=organisation, places=places, by=by)
    rows = Invitation.objects.filter(organisation=organisation, withdrawn_at=None)
    new = rows.filter(email__in=[line.email for line in lines]).values_list("pk", flat=True)
    mail_places(organisation=organisation, invitation_ids=list(new))
    return invited
