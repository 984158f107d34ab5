"""Places, links and seats where people come twice, leave, and go from programme to programme."""

from __future__ import annotations

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Invitation, InviteLink, Membership, User
from courses import recount
from courses.actions import (
    change_places,
    follow_link,
    invite,
    join_cohort,
    leave_cohort,
    merge_cohorts,
    move_members,
    set_plan,
    withdraw_places,
)
from courses.models import Programme
from courses.types import LinkEnded, NoSeats, Place, PlaceChange
from tests.courses.rows import make_course, make_programme
from tests.courses.test_standings import prove, reached
from tests.people import make_cohort, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    make_course("chains")
    return make_programme("path", [("chains", True)])


@pytest.fixture
def planned(cohort: Cohort, programme: Programme) -> Cohort:
    set_plan(cohort=cohort, programme=programme)
    return cohort


def test_people_who_were_invited_go_from_programme_to_programme(
    planned: Cohort, programme: Programme
) -> None:
    organisation = planned.organisation
    other = make_cohort(organisation, "other")
    set_plan(cohort=other, programme=make_programme("way", [("chains", True)]))
    person = prove(make_person("x"))
    for name in ("x", "y"):
        invite(
            organisation=organisation,
            places=[Place(f"{name}@example.org", cohort_id=planned.pk)],
            by=None,
        )
    move_members(source=planned, target=other, user_ids=[person.pk])
    move_members(source=other, target=planned, user_ids=[person.pk])
    place = Invitation.objects.get(user=person)
    for cohort in (other, planned):
        wanted = PlaceChange(place.pk, cohort_id=cohort.pk)
        change_places(organisation=organisation, changes=[wanted])
    for plan in (other.plan.programme, programme):
        set_plan(cohort=planned, programme=plan)
    assert merge_cohorts(source=planned, target=other) == 1
    assert reached(organisation=organisation.pk, cohort=other.pk) == {1: 2, 2: 1}
    assert reached(organisation=organisation.pk, cohort=planned.pk) == {}
    assert recount.differences() == []


def test_a_place_that_is_kept_again_is_withdrawn_again(planned: Cohort) -> None:
    person = prove(make_person("x"))
    EmailAddress.objects.create(user=person, email="x2@example.org", verified=True)
    places = [Place(f"{name}@example.org", cohort_id=planned.pk) for name in ("x", "x2")]
    for _ in range(2):
        assert invite(organisation=planned.organisation, places=places, by=None).joined == 2
        assert reached(cohort=planned.pk) == {1: 1, 2: 1}, "one person, whatever the addresses"
        in_force = Invitation.objects.filter(withdrawn_at=None).values_list("pk", flat=True)
        withdraw_places(organisation=planned.organisation, invitation_ids=list(in_force))
        assert reached(cohort=planned.pk) == {}
        assert not Membership.objects.filter(user=person).exists()


def test_whoever_is_in_another_cohort_goes_on_learning_there(planned: Cohort, alice: User) -> None:
    other = make_cohort(planned.organisation, "other")
    join_cohort(user=prove(alice), cohort=other)
    places = [Place(alice.email, cohort_id=planned.pk)]
    invite(organisation=planned.organisation, places=places, by=None)
    withdraw_places(organisation=planned.organisation, invitation_ids=[Invitation.objects.get().pk])
    assert CohortMember.objects.get(user=alice).cohort == other
    assert Membership.objects.filter(user=alice).count() == 1


def test_a_seat_that_somebody_left_is_free(planned: Cohort, alice: User, bob: User) -> None:
    planned.seat_limit = 1
    planned.save()
    places = [Place(prove(alice).email, cohort_id=planned.pk)]
    invite(organisation=planned.organisation, places=places, by=None)
    with pytest.raises(NoSeats):
        join_cohort(user=bob, cohort=planned)
    leave_cohort(user=alice, cohort=planned)
    assert join_cohort(user=bob, cohort=planned).cohort == planned


@pytest.mark.parametrize("has_cohort", [True, False])
def test_a_link_brings_no_more_people_than_there_are_seats(
    planned: Cohort, has_cohort: bool
) -> None:
    organisation = planned.organisation
    organisation.seat_limit = 1
    organisation.save()
    link = InviteLink.objects.create(
        organisation=organisation,
        cohort=planned if has_cohort else None,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    first, second = make_person("x"), make_person("y")
    follow_link(user=first, link=link)
    with pytest.raises(NoSeats):
        follow_link(user=second, link=link)
    assert list(Membership.objects.values_list("user", flat=True)) == [first.pk]


def test_a_link_to_a_cohort_that_is_over_lets_nobody_in(planned: Cohort, alice: User) -> None:
    link = InviteLink.objects.create(
        organisation=planned.organisation,
        cohort=planned,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    into = make_cohort(planned.organisation, "into")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for over in ({"merged_into": into}, {"merged_into": None, "ends_on": yesterday}):
        Cohort.objects.filter(pk=planned.pk).update(**over)
        with pytest.raises(LinkEnded):
            follow_link(user=alice, link=link)


def test_cohorts_that_are_merged_each_into_the_other_do_not_both_close(planned: Cohort) -> None:
    other = make_cohort(planned.organisation, "other")
    join_cohort(user=make_person("x"), cohort=planned)
    assert merge_cohorts(source=planned, target=other) == 1
    assert merge_cohorts(source=other, target=Cohort.objects.get(pk=planned.pk)) == 0
    assert list(Cohort.objects.filter(merged_into=None)) == [other]
    assert other.members.count() == 1
