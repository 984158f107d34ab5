"""Standings as rows: made, changed and ended together with the tallies that count them.

Always in the caller's transaction. Locks are taken in one order: Organisation and Cohort where
their seats are limited, Enrolment, User, Standing, tallies; rows of one table by primary key.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from accounts.models import Cohort, Invitation, Membership, Organisation, User
from courses import qualification, standings, tallies
from courses.models import Enrolment, Programme, Qualification, Standing
from courses.standings import MOMENTS, Counts, Stage

BATCH = 500
"""Rows of one statement: Django writes an update of many rows as a long CASE."""

_CHANGING = (
    "user",
    "invitation",
    "organisation",
    "cohort",
    "counts_nationally",
    "province",
    "kind",
    "stage",
    "active_months",
    *MOMENTS,
)


@dataclass(slots=True)
class Change:
    """Standings on their way from what they are to what they shall be.

    Take them while they are as the database has them, change them, then `write`.
    """

    standings: list[Standing]
    before: Counts

    @classmethod
    def of(cls, rows: Iterable[Standing]) -> Change:
        """Standings that are about to change; those without a primary key are new."""
        found = list(rows)
        return cls(found, standings.counts(row for row in found if row.pk))

    def write(self, *, ended: Collection[Standing] = ()) -> None:
        """Write what they are now, delete those that ended, and move the tallies."""
        gone = {id(row) for row in ended}
        kept = [row for row in self.standings if id(row) not in gone]
        Standing.objects.filter(pk__in=[row.pk for row in ended if row.pk]).delete()
        old = [row for row in kept if row.pk]
        if len(old) > 1:
            # First none of them counts, then those that shall: no two may at any moment.
            Standing.objects.filter(pk__in=[row.pk for row in old]).update(counts_nationally=False)
        if old:
            Standing.objects.bulk_update(old, _CHANGING, batch_size=BATCH)
        Standing.objects.bulk_create([row for row in kept if not row.pk], batch_size=4 * BATCH)
        difference = standings.counts(kept)
        difference.subtract(self.before)
        tallies.add_counts(difference)


def lock_people(user_ids: Collection[int]) -> None:
    """Hold people until commit: two acts at once must not each overlook the other. 1 query.

    Whoever changes their enrolments too has locked those before.
    """
    people = User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk")
    list(people.values_list("pk"))


def programmes_with(course_key: str) -> list[Programme]:
    """Programmes whose version in force names a course. 1 query."""
    programmes = Programme.objects.exclude(current=None).select_related("current")
    return [
        programme
        for programme in programmes
        if programme.current and qualification.names(programme.current, course_key)
    ]


def advance(enrolment: Enrolment, *, now: datetime.datetime, is_try: bool = False) -> None:
    """Bring every standing of a learner to where their enrolments bring it.

    `enrolment` comes with its course and cohort, and has moved: it is new, became active in a
    month, is halfway or completed. Where its course is required by a programme in which the
    person has no standing, it makes one. 6 queries and the writes.
    """
    programmes = programmes_with(enrolment.course.key)
    if programmes:
        bring_up_person(enrolment, programmes, now=now, is_try=is_try)


def bring_up_person(
    enrolment: Enrolment,
    programmes: Sequence[Programme],
    *,
    now: datetime.datetime,
    is_try: bool = False,
) -> None:
    """The same for these programmes, with their current versions, only."""
    user_id = enrolment.user_id
    lock_people([user_id])
    change = Change.of(
        Standing.objects.select_for_update(no_key=True, of=("self",))
        .filter(user_id=user_id, programme__in=programmes)
        .order_by("pk")
    )
    known = {row.programme_id for row in change.standings}
    missing = [
        programme
        for programme in programmes
        if programme.pk not in known and _requires(programme, enrolment.course.key)
    ]
    if missing:
        home = _home(enrolment)
        change.standings += [_of_enrolment(enrolment, programme, home) for programme in missing]
    if not change.standings:
        return
    rows = enrolments_of([user_id])[user_id]
    earned = qualified_programmes([user_id])[user_id]
    by_pk = {programme.pk: programme for programme in programmes}
    for standing in change.standings:
        bring_up(standing, by_pk[standing.programme_id], rows, earned, now)
        if is_try:
            standings.mark_active(standing, now)
    change.write()


def _requires(programme: Programme, course_key: str) -> bool:
    return programme.current is not None and course_key in qualification.required(programme.current)


def bring_up(
    standing: Standing,
    programme: Programme,
    enrolments: Iterable[Enrolment],
    earned: Collection[int],
    now: datetime.datetime,
) -> None:
    """Bring a standing of a person to where enrolments and qualifications bring it."""
    assert programme.current is not None
    stage = standings.stage_reached(qualification.required(programme.current), enrolments)
    if programme.pk in earned:
        stage = Stage.QUALIFIED
    standings.reach(standing, max(stage, Stage.REGISTERED), now)


def enrolments_of(user_ids: Collection[int]) -> Mapping[int, Sequence[Enrolment]]:
    """The enrolments of each person, with their courses. 1 query."""
    found: dict[int, list[Enrolment]] = {user_id: [] for user_id in user_ids}
    for row in Enrolment.objects.filter(user_id__in=user_ids).select_related("course"):
        found[row.user_id].append(row)
    return found


def qualified_programmes(user_ids: Collection[int]) -> Mapping[int, Collection[int]]:
    """The programmes (by primary key) in which each person is qualified. 1 query."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    rows = Qualification.objects.filter(user_id__in=user_ids)
    for user_id, programme_id in rows.values_list("user_id", "programme_id"):
        found[user_id].add(programme_id)
    return found


def kept_for(
    invitations: Sequence[Invitation], programmes: Mapping[int, Programme]
) -> list[Standing]:
    """New standings of people who are invited: `programmes` by cohort, none for other cohorts.

    Each invitation comes with its organisation. Nothing is written.
    """
    made = []
    for invitation in invitations:
        programme = programmes.get(invitation.cohort_id or 0)
        if programme is None:
            continue
        standing = Standing(programme=programme, invitation=invitation)
        place_in(standing, invitation.organisation, invitation.cohort_id)
        standings.reach(standing, Stage.INVITED, invitation.invited_at)
        made.append(standing)
    return made


def place_in(standing: Standing, organisation: Organisation, cohort_id: int | None) -> None:
    """Count a standing to an organisation from now on, where that one lies now."""
    standing.organisation = organisation
    standing.cohort_id = cohort_id
    standing.province = organisation.province
    standing.kind = organisation.kind


def seat(
    *,
    cohort: Cohort,
    programme: Programme,
    people: Sequence[User],
    invitations: Mapping[int, Invitation],
    now: datetime.datetime,
) -> None:
    """Give people their standing in the programme of a cohort that they have joined.

    `cohort` comes with its organisation; `invitations`: of whom (by primary key) came by one.
    Whoever was invited takes over the standing that was kept; who learned on their own before is
    counted to the organisation from now on; who is counted to another one already gets a standing
    here that does not count nationally. A place stays with the standing that it was kept for, if
    that is in another programme. The people are locked and each named once. 3 queries, one more
    for places, and the writes, however many they are.
    """
    user_ids = sorted(person.pk for person in people)
    kept = [invitation.pk for invitation in invitations.values()]
    change = Change.of(
        Standing.objects.select_for_update(no_key=True, of=("self",))
        .filter(Q(user_id__in=user_ids) | Q(invitation_id__in=kept), programme=programme)
        .order_by("pk")
    )
    elsewhere = Standing.objects.filter(invitation_id__in=kept).exclude(programme=programme)
    spent = set(elsewhere.values_list("invitation_id", flat=True)) if kept else set()
    enrolments = enrolments_of(user_ids)
    earned = qualified_programmes(user_ids)
    of_person: dict[int, list[Standing]] = {user_id: [] for user_id in user_ids}
    of_place: dict[int, Standing] = {}
    for row in change.standings:
        if row.user_id is None:
            of_place[row.invitation_id or 0] = row
        else:
            of_person[row.user_id].append(row)
    ended = []
    for person in people:
        invitation = invitations.get(person.pk)
        reserved = of_place.get(invitation.pk) if invitation else None
        own = of_person[person.pk]
        standing, superfluous = _settle_on(cohort.organisation, own, reserved)
        if standing is None:
            standing = Standing(programme=programme)
            change.standings.append(standing)
        if superfluous is not None:
            ended.append(superfluous)
        standing.user = person
        is_free = invitation is not None and invitation.pk not in spent
        if is_free and standing.invitation_id is None:
            standing.invitation = invitation
        standing.counts_nationally = not any(
            row.counts_nationally for row in own if row is not standing
        )
        place_in(standing, cohort.organisation, cohort.pk)
        bring_up(standing, programme, enrolments[person.pk], earned[person.pk], now)
    change.write(ended=ended)


def _settle_on(
    organisation: Organisation, own: Sequence[Standing], reserved: Standing | None
) -> tuple[Standing | None, Standing | None]:
    """Which standing is the person's in this organisation, and which one it makes superfluous."""
    for home in (organisation.pk, None):
        for row in own:
            if row.organisation_id == home:
                return row, reserved
    return reserved, None


def _of_enrolment(
    enrolment: Enrolment, programme: Programme, home: Organisation | None
) -> Standing:
    """A new standing of somebody who enrolled: counted to the organisation that they belong to."""
    standing = Standing(programme=programme, user_id=enrolment.user_id)
    if home is None:
        standing.province = enrolment.user.province
    else:
        cohort = enrolment.cohort
        plan = getattr(cohort, "plan", None)
        is_planned = plan is not None and plan.programme_id == programme.pk
        place_in(standing, home, cohort.pk if cohort is not None and is_planned else None)
    return standing


def _home(enrolment: Enrolment) -> Organisation | None:
    """The organisation of the learner's cohort, else the first in which they learn."""
    if enrolment.cohort is not None:
        return enrolment.cohort.organisation
    learns = Membership.objects.filter(user_id=enrolment.user_id, role=Membership.Role.LEARNER)
    first = learns.select_related("organisation").order_by(F("created_at"), "pk").first()
    return first.organisation if first else None
