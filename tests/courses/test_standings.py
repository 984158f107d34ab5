"""Standings and their tallies: after whatever happens, they equal a full count."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Cohort, CohortMember, Invitation, InviteLink, Membership, User
from courses import recount
from courses.actions import (
    accept_places,
    change_places,
    enrol,
    erase_person,
    follow_link,
    invite,
    join_cohort,
    leave_cohort,
    merge_cohorts,
    merge_people,
    move_members,
    qualify_eligible,
    record_progress,
    set_plan,
    withdraw_places,
)
from courses.models import Course, Enrolment, Programme, StageTally, Standing
from courses.standings import Stage, counts, month_after, months_between, reach
from courses.types import LinkEnded, NoSeats, Place, PlaceChange
from tests.courses.rows import make_course, make_programme
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)


def reached(**where: object) -> dict[int, int]:
    """Stage → how many reached it, from the tallies of all time."""
    found: Counter[int] = Counter()
    for stage, value in StageTally.objects.filter(period=0, **where).values_list("stage", "value"):
        found[stage] += value
    return {stage: value for stage, value in sorted(found.items()) if value}


def nation() -> dict[int, int]:
    return reached(organisation=0)


def prove(user: User) -> User:
    """The person has proved their address."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def earn(enrolment: Enrolment, credit: int, now: datetime.datetime | None = None) -> None:
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=credit,
        passed_by=0,
        lesson_key="",
        now=now or timezone.now(),
    )


@pytest.fixture
def course(db: None) -> Course:
    """10 points, 70 percent: 700 completes it and 350 is half."""
    return make_course("chains")


@pytest.fixture
def programme(course: Course) -> Programme:
    return make_programme("path", [("chains", True)])


@pytest.fixture
def planned(cohort: Cohort, programme: Programme) -> Cohort:
    set_plan(cohort=cohort, programme=programme)
    return cohort


def test_the_way_of_a_learner_stage_by_stage(
    planned: Cohort, course: Course, organisation: object
) -> None:
    people = [f"{name}@example.org" for name in ("dora", "emil")]
    said = invite(
        organisation=planned.organisation,
        places=[Place(email, cohort_id=planned.pk) for email in people],
        by=None,
    )
    assert (said.added, said.known, said.joined) == (2, 0, 0)
    assert nation() == {Stage.INVITED: 2}
    dora = prove(make_person("dora"))
    assert accept_places(user=dora) == 1
    assert nation() == {Stage.INVITED: 2, Stage.REGISTERED: 1}
    enrolment = enrol(user=dora, course=course, cohort=planned)
    earn(enrolment, 1)
    assert nation() == {1: 2, 2: 1, Stage.ENROLLED: 1, Stage.ACTIVE: 1}
    earn(enrolment, 349)
    assert nation() == {1: 2, 2: 1, 3: 1, 4: 1, Stage.HALFWAY: 1}
    earn(enrolment, 350)
    assert nation() == {1: 2, 2: 1, 3: 1, 4: 1, 5: 1, Stage.COMPLETED: 1, Stage.QUALIFIED: 1}
    assert reached(cohort=planned.pk) == nation()
    assert reached(organisation=planned.organisation_id, cohort=0) == nation()
    assert recount.differences() == []


def test_who_is_trained_in_two_organisations_counts_once(
    planned: Cohort, programme: Programme, course: Course, alice: User
) -> None:
    other = make_cohort(make_organisation("hillside", province="44", kind="firm"))
    set_plan(cohort=other, programme=programme)
    join_cohort(user=alice, cohort=planned)
    join_cohort(user=alice, cohort=other)
    earn(enrol(user=alice, course=course), 700)
    everything = dict.fromkeys(range(1, 8), 1)
    assert nation() == everything
    assert reached(cohort=planned.pk) == everything
    assert reached(cohort=other.pk) == everything
    assert reached(organisation=0, province="33", kind="university") == everything
    assert recount.differences() == []


def test_who_learned_alone_is_counted_to_the_organisation_that_they_join(
    planned: Cohort, course: Course
) -> None:
    alone = make_person("alone", province="11")
    enrolment = enrol(user=alone, course=course)
    earn(enrolment, 1)
    assert reached(organisation=0, province="11", kind="") == {1: 1, 2: 1, 3: 1, 4: 1}
    join_cohort(user=alone, cohort=planned)
    assert reached(organisation=0, province="11") == {}
    assert reached(organisation=0, province="33") == {1: 1, 2: 1, 3: 1, 4: 1}
    assert recount.differences() == []


def test_a_place_that_is_withdrawn_is_counted_no_more(planned: Cohort, course: Course) -> None:
    organisation = planned.organisation
    places = [Place(f"{name}@example.org", cohort_id=planned.pk) for name in ("dora", "emil")]
    invite(organisation=organisation, places=places, by=None)
    dora = prove(make_person("dora"))
    accept_places(user=dora)
    enrol(user=dora, course=course)
    ids = list(Invitation.objects.values_list("pk", flat=True))
    assert withdraw_places(organisation=organisation, invitation_ids=ids) == 2
    assert withdraw_places(organisation=organisation, invitation_ids=ids) == 0
    assert nation() == {1: 1, 2: 1, 3: 1}
    assert reached(cohort=planned.pk) == {}
    assert not CohortMember.objects.exists()
    assert not Membership.objects.filter(user=dora).exists()
    assert recount.differences() == []


def test_inviting_twice_changes_nothing_and_who_signed_up_joins_at_once(planned: Cohort) -> None:
    dora = prove(make_person("dora"))
    place = Place("dora@example.org", cohort_id=planned.pk)
    once = invite(organisation=planned.organisation, places=[place], by=None)
    twice = invite(organisation=planned.organisation, places=[place], by=None)
    assert (once.added, once.joined) == (1, 1)
    assert (twice.added, twice.known, twice.joined) == (0, 1, 0)
    assert planned.members.get().user == dora
    assert nation() == {1: 1, 2: 1}


def test_seats_are_a_limit(planned: Cohort, alice: User, bob: User) -> None:
    Cohort.objects.filter(pk=planned.pk).update(seat_limit=1)
    planned.refresh_from_db()
    join_cohort(user=alice, cohort=planned)
    join_cohort(user=alice, cohort=planned)
    with pytest.raises(NoSeats) as caught:
        join_cohort(user=bob, cohort=planned)
    assert (caught.value.limit, caught.value.wanted) == (1, 2)
    places = [Place("zoe@example.org", cohort_id=planned.pk)]
    with pytest.raises(NoSeats):
        invite(organisation=planned.organisation, places=places, by=None)
    assert not Invitation.objects.exists()


def test_a_link_is_used_up(planned: Cohort, alice: User, charlie: User) -> None:
    link = InviteLink.objects.create(
        organisation=planned.organisation,
        cohort=planned,
        most_uses=1,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    follow_link(user=charlie, link=link)
    follow_link(user=charlie, link=link)
    with pytest.raises(LinkEnded):
        follow_link(user=alice, link=link)
    assert nation() == {1: 1, 2: 1}


def test_two_accounts_become_one_person(
    planned: Cohort, course: Course, programme: Programme
) -> None:
    kept, gone = make_person("kept"), make_person("gone")
    join_cohort(user=gone, cohort=planned)
    for person, credit in ((kept, 400), (gone, 700)):
        earn(enrol(user=person, course=course), credit)
    assert nation()[Stage.QUALIFIED] == 1
    merge_people(kept=kept, gone=gone)
    gone.refresh_from_db()
    assert (gone.is_active, gone.name) == (False, "")
    assert Enrolment.objects.get(user=kept).credit == 700
    assert kept.qualifications.count() == 1
    assert nation() == dict.fromkeys(range(1, 8), 1)
    assert recount.differences() == []


def test_who_is_erased_stays_counted(planned: Cohort, course: Course, alice: User) -> None:
    join_cohort(user=alice, cohort=planned)
    earn(enrol(user=alice, course=course), 700)
    before = nation()
    erase_person(user=alice)
    alice.refresh_from_db()
    assert alice.email == f"{alice.uuid}@erased.invalid"
    assert not alice.has_usable_password()
    assert not Membership.objects.filter(user=alice).exists()
    assert nation() == before
    assert recount.differences() == []


def test_a_programme_that_comes_later_counts_who_is_there(course: Course, alice: User) -> None:
    earn(enrol(user=alice, course=course), 700)
    assert nation() == {}
    make_programme("late", [("chains", True)])
    assert qualify_eligible(programme_key="late") == 1
    assert qualify_eligible(programme_key="late") == 0
    assert nation() == dict.fromkeys(range(1, 8), 1)
    assert recount.differences() == []


def test_a_recount_finds_and_repairs_what_is_wrong(planned: Cohort, alice: User) -> None:
    join_cohort(user=alice, cohort=planned)
    StageTally.objects.filter(cohort=planned.pk, stage=Stage.REGISTERED).update(value=5)
    (wrong,) = recount.differences()
    assert str(wrong).endswith(": tallied 5, counted 1")
    assert recount.repair() == [wrong]
    assert recount.differences() == []


@given(start=st.integers(1, 12), months=st.integers(0, 60))
def test_months_are_added_as_they_are_counted(start: int, months: int) -> None:
    first = 202500 + start
    assert months_between(first, month_after(first, months)) == months


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 400)), min_size=1))
def test_the_funnel_never_widens(steps: list[tuple[int, int]]) -> None:
    standing = Standing(programme_id=1, organisation_id=2, cohort_id=3, province="33", kind="firm")
    day = 0
    for stage, days in steps:
        day += days
        reach(standing, stage, NOON + datetime.timedelta(days=day))
    stages = {key.stage for key in counts([standing]).stages}
    assert stages == set(range(1, max(stage for stage, _ in steps) + 1))
    totals = [key for key in counts([standing]).stages if key.period == 0 and not key.organisation]
    assert len(totals) == len(stages)


class World:
    """Some people, three cohorts of two organisations, two programmes of two courses and one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.courses = [make_course("one"), make_course("two")]
        self.programme = make_programme("path", [("one", True), ("two", True)])
        lakeside, hillside = make_organisation("lakeside"), make_organisation("hillside")
        self.organisations = [lakeside, hillside]
        self.cohorts = [
            make_cohort(lakeside, "a"),
            make_cohort(lakeside, "b"),
            make_cohort(hillside, "c"),
        ]
        self.programmes = [self.programme, make_programme("way", [("two", True)])]
        for cohort in self.cohorts[::2]:
            set_plan(cohort=cohort, programme=self.programme)
        self.people = [prove(make_person(f"p{number}")) for number in range(4)]
        self.now = timezone.now()

    def person(self) -> User:
        return self.chance.choice(self.people)

    def cohort(self) -> Cohort:
        return Cohort.objects.select_related("organisation").get(
            pk=self.chance.choice([one.pk for one in self.cohorts])
        )

    def join(self) -> None:
        join_cohort(user=self.person(), cohort=self.cohort())

    def plan(self) -> None:
        set_plan(cohort=self.cohort(), programme=self.chance.choice(self.programmes))

    def leave(self) -> None:
        leave_cohort(user=self.person(), cohort=self.cohort())

    def enrol(self) -> None:
        cohort = self.chance.choice([None, self.cohort()])
        enrol(user=self.person(), course=self.chance.choice(self.courses), cohort=cohort)

    def earn(self) -> None:
        self.now += datetime.timedelta(days=self.chance.choice([0, 1, 20, 40]))
        enrolments = list(Enrolment.objects.order_by("pk"))
        if enrolments:
            earn(self.chance.choice(enrolments), self.chance.choice([1, 200, 400]), self.now)

    def invite(self) -> None:
        cohort = self.cohort()
        names = [f"p{number}@example.org" for number in range(6)]
        places = [Place(self.chance.choice(names), cohort_id=cohort.pk)]
        invite(organisation=cohort.organisation, places=places, by=None)

    def accept(self) -> None:
        accept_places(user=self.person())

    def change(self) -> None:
        organisation = self.chance.choice(self.organisations)
        cohort = self.chance.choice([None, *organisation.cohorts.all()])
        ids = list(Invitation.objects.values_list("pk", flat=True))
        if ids:
            wanted = PlaceChange(self.chance.choice(ids), cohort_id=cohort.pk if cohort else None)
            change_places(organisation=organisation, changes=[wanted])

    def withdraw(self) -> None:
        organisation = self.chance.choice(self.organisations)
        ids = list(Invitation.objects.values_list("pk", flat=True))
        withdraw_places(organisation=organisation, invitation_ids=ids[:1])

    def move(self) -> None:
        source, target = self.chance.sample(self.cohorts[:2], 2)
        ids = [self.person().pk]
        move_members(source=source, target=target, user_ids=ids)

    def merge_cohorts(self) -> None:
        source, target = self.chance.sample(self.cohorts[:2], 2)
        merge_cohorts(source=source, target=target)

    def merge_people(self) -> None:
        if len(self.people) > 2:
            gone = self.people.pop()
            merge_people(kept=self.person(), gone=gone)

    def erase(self) -> None:
        if len(self.people) > 2:
            erase_person(user=self.people.pop())


ACTS: list[Callable[[World], None]] = [
    World.join,
    World.plan,
    World.leave,
    World.enrol,
    World.earn,
    World.earn,
    World.earn,
    World.invite,
    World.accept,
    World.change,
    World.withdraw,
    World.move,
    World.merge_cohorts,
    World.merge_people,
    World.erase,
]


@settings(max_examples=40)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=5, max_size=30), seed=st.integers(0, 10**6))
def test_whatever_happens_the_tallies_equal_a_full_count(
    acts: list[Callable[[World], None]], seed: int
) -> None:
    with transaction.atomic():
        world = World(random.Random(seed))
        for act in acts:
            act(world)
        assert recount.differences() == []
        nationally = Standing.objects.filter(user__isnull=False, counts_nationally=True)
        pairs = list(nationally.values_list("user", "programme"))
        assert sorted(pairs) == sorted(set(pairs))
        unclaimed = Standing.objects.filter(user=None)
        waits = unclaimed.filter(invitation__user=None, invitation__withdrawn_at=None)
        assert waits.count() == unclaimed.count(), "nobody's but of a place that waits"
        transaction.set_rollback(True)
