"""Places that an organisation keeps for people: invited, changed, taken, withdrawn."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import (
    Cohort,
    CohortMember,
    Invitation,
    InviteLink,
    Membership,
    Organisation,
    User,
)
from courses import standing_rows
from courses.actions.cohorts import make_learners, programmes_of, seat_people
from courses.models import Standing
from courses.seats import check_seats, hold_seats
from courses.standing_rows import Change
from courses.types import Invited, LinkEnded, Place, PlaceChange

BATCH = 2000


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    places: Sequence[Place],
    by: User | None,
    now: datetime.datetime | None = None,
) -> Invited:
    """Keep places for people. An address for which one is kept already changes nothing.

    Effects, for each new address: the place; its standing at *invited* in the programme of its
    cohort, with the tallies; and where somebody signed up with that address and proved it, what
    `accept_places` lists. Cohorts are of this organisation. Raises `NoSeats` before anything is
    written.
    """
    now = now or timezone.now()
    new = {place.email: place for place in places}
    for batch in _batches(places):
        for email in _kept(organisation, batch):
            new.pop(email, None)
    _check_all(organisation, list(new.values()))
    joined = 0
    for batch in _batches(list(new.values())):
        rows = [
            Invitation(
                organisation=organisation,
                cohort_id=place.cohort_id,
                email=place.email,
                name=place.name,
                external_id=place.external_id,
                invited_by=by,
                invited_at=now,
            )
            for place in batch
        ]
        Invitation.objects.bulk_create(rows)
        programmes = programmes_of({place.cohort_id for place in batch if place.cohort_id})
        change = Change.of([])
        change.standings += standing_rows.kept_for(rows, programmes)
        change.write()
        joined += _take(organisation, rows, now)
    return Invited(added=len(new), known=len(places) - len(new), joined=joined)


@transaction.atomic
def accept_places(*, user: User) -> int:
    """Take the places that are kept for a person's proved addresses; how many there were.

    Effects, for each: the place is the person's; they learn in its organisation and are in its
    cohort; the standing that was kept becomes theirs, as `join_cohort` says.
    """
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    emails = [email.lower() for email in addresses.values_list("email", flat=True)]
    # Uses index: invitation_open_by_email.
    waiting = Invitation.objects.filter(email__in=emails, accepted_at=None, withdrawn_at=None)
    rows = list(
        waiting.select_related("organisation").select_for_update(of=("self",)).order_by("pk")
    )
    for row in rows:
        _seat(row.organisation, [(row, user)], timezone.now())
    return len(rows)


@transaction.atomic
def change_places(*, organisation: Organisation, changes: Sequence[PlaceChange]) -> int:
    """Change places that are kept; how many there are of them in this organisation.

    Effects: name and number; where the cohort is another one, the person or their place goes
    there with their standing. Raises `NoSeats` before anything is written.
    """
    hold_seats(organisation, None)
    wanted = {change.invitation_id: change for change in changes}
    rows = list(
        Invitation.objects.filter(organisation=organisation, withdrawn_at=None, pk__in=wanted)
        .select_related("organisation", "user", "cohort")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    moving = [row for row in rows if row.cohort_id != wanted[row.pk].cohort_id]
    _check_all(None, [Place(row.email, cohort_id=wanted[row.pk].cohort_id) for row in moving])
    _leave(moving)
    for row in rows:
        change = wanted[row.pk]
        row.name, row.external_id = change.name, change.external_id
        row.cohort_id = change.cohort_id
    Invitation.objects.bulk_update(rows, ["name", "external_id", "cohort"], batch_size=500)
    _go_to_their_cohorts(organisation, moving)
    return len(rows)


@transaction.atomic
def withdraw_places(
    *,
    organisation: Organisation,
    invitation_ids: Collection[int],
    now: datetime.datetime | None = None,
) -> int:
    """Take places back; how many were in force.

    Effects, for each: the place ends; a standing that nobody has taken is gone, with its tallies;
    who had taken the place is no longer in its cohort nor, unless another cohort or place is
    theirs, a learner of the organisation; what they achieved there stays counted for it.
    """
    rows = list(
        Invitation.objects.filter(
            organisation=organisation, withdrawn_at=None, pk__in=invitation_ids
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    pks = [row.pk for row in rows]
    Invitation.objects.filter(pk__in=pks).update(withdrawn_at=now or timezone.now())
    _leave(rows)
    gone = {row.user_id for row in rows if row.user_id}
    in_cohorts = CohortMember.objects.filter(cohort__organisation=organisation, user__in=gone)
    in_places = Invitation.objects.filter(
        organisation=organisation, withdrawn_at=None, user__in=gone
    )
    for staying in (in_cohorts, in_places):
        gone -= set(staying.values_list("user", flat=True))
    Membership.objects.filter(
        organisation=organisation, role=Membership.Role.LEARNER, user__in=gone
    ).delete()
    return len(rows)


@transaction.atomic
def follow_link(*, user: User, link: InviteLink) -> None:
    """Join by a link, which comes with organisation and cohort; twice is once.

    Effects: the role in the organisation; for a learner of a link to a cohort what `join_cohort`
    lists; one use of the link, unless the person held all of it already. Raises `LinkEnded`, also
    where its cohort has ended or gone into another one, and `NoSeats`.
    """
    if Membership.objects.filter(
        user=user, organisation=link.organisation, role=link.role
    ).exists() and (
        link.cohort is None or CohortMember.objects.filter(cohort=link.cohort, user=user).exists()
    ):
        return
    now = timezone.now()
    running = Cohort.objects.filter(merged_into=None, ends_on__gte=timezone.localdate())
    if link.cohort is not None and not running.filter(pk=link.cohort.pk).exists():
        raise LinkEnded
    # Of this table alone, so that of two at once the second sees what the first used.
    usable = InviteLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=now)
    is_used = usable.filter(Q(most_uses=None) | Q(uses__lt=F("most_uses"))).update(
        uses=F("uses") + 1
    )
    if not is_used:
        raise LinkEnded
    if link.role == Membership.Role.LEARNER:
        # Before the role: who learns there has a seat.
        check_seats(link.organisation, None, [user.email])
        if link.cohort is not None:
            seat_people(cohort=link.cohort, people=[user], invitations={}, now=now)
    Membership.objects.get_or_create(user=user, organisation=link.organisation, role=link.role)


def _check_all(organisation: Organisation | None, places: Sequence[Place]) -> None:
    """Raise `NoSeats` unless all of these fit into the organisation and into their cohorts."""
    if organisation is not None:
        check_seats(organisation, None, [place.email for place in places])
    of_cohort: defaultdict[int, list[str]] = defaultdict(list)
    for place in places:
        if place.cohort_id is not None:
            of_cohort[place.cohort_id].append(place.email)
    for cohort in Cohort.objects.filter(pk__in=of_cohort).order_by("pk"):
        check_seats(None, cohort, of_cohort[cohort.pk])


def _take(organisation: Organisation, rows: Sequence[Invitation], now: datetime.datetime) -> int:
    """Give new places to those who signed up before; how many there were."""
    by_email = {row.email: row for row in rows}
    owners = EmailAddress.objects.filter(verified=True, email__in=by_email).select_related("user")
    pairs = [(by_email[owner.email.lower()], owner.user) for owner in owners]
    # Who proved two of these addresses takes one place after the other.
    so_far: Counter[int] = Counter()
    rounds: defaultdict[int, list[tuple[Invitation, User]]] = defaultdict(list)
    for row, person in pairs:
        rounds[so_far[person.pk]].append((row, person))
        so_far[person.pk] += 1
    for own in rounds.values():
        _seat(organisation, own, now)
    return len(pairs)


def _seat(
    organisation: Organisation,
    pairs: Sequence[tuple[Invitation, User]],
    now: datetime.datetime,
) -> None:
    """Give places to people: each is theirs, and they go to where it is kept."""
    for row, person in pairs:
        row.user, row.accepted_at = person, now
    rows = [row for row, _ in pairs]
    Invitation.objects.bulk_update(rows, ["user", "accepted_at"], batch_size=500)
    make_learners(organisation.pk, [person for _, person in pairs])
    _go_to_their_cohorts(organisation, rows)


def _leave(rows: Sequence[Invitation]) -> None:
    """Take people out of the cohort of their place, and end standings that nobody has taken."""
    # Of who has taken a place, the standing in its cohort: it may stem from an earlier place.
    theirs = Q(invitation__in=[row.pk for row in rows if not row.user_id], user=None)
    of_cohort: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.user_id and row.cohort_id:
            of_cohort[row.cohort_id].append(row.user_id)
    for cohort_id, user_ids in of_cohort.items():
        CohortMember.objects.filter(cohort=cohort_id, user__in=user_ids).delete()
        theirs |= Q(cohort=cohort_id, user__in=user_ids)
    change = Change.of(
        Standing.objects.select_for_update(no_key=True, of=("self",)).filter(theirs).order_by("pk")
    )
    for standing in change.standings:
        standing.cohort = None
    change.write(ended=[row for row in change.standings if row.user_id is None])


def _go_to_their_cohorts(organisation: Organisation, rows: Sequence[Invitation]) -> None:
    """Put people into the cohort of their place; give the places of others their standing."""
    waiting: list[Invitation] = []
    of_cohort: defaultdict[int, list[Invitation]] = defaultdict(list)
    for row in rows:
        if row.cohort_id is None:
            continue
        if row.user_id is None:
            waiting.append(row)
        else:
            of_cohort[row.cohort_id].append(row)
    change = Change.of([])
    change.standings += standing_rows.kept_for(
        waiting, programmes_of({row.cohort_id for row in waiting if row.cohort_id})
    )
    change.write()
    cohorts = Cohort.objects.select_related("organisation").in_bulk(of_cohort)
    for cohort_id, own in sorted(of_cohort.items()):
        seat_people(
            cohort=cohorts[cohort_id],
            people=list({row.user_id: row.user for row in own if row.user is not None}.values()),
            invitations={row.user_id: row for row in own if row.user_id is not None},
            now=timezone.now(),
        )


def _kept(organisation: Organisation, places: Sequence[Place]) -> list[str]:
    """For which of these addresses a place is kept. Uses index: invitation_in_force_unique."""
    rows = Invitation.objects.filter(organisation=organisation, withdrawn_at=None)
    return list(
        rows.filter(email__in=[place.email for place in places]).values_list("email", flat=True)
    )


def _batches(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]
