"""Who is here twice, who may make two accounts one, and what stays."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, User
from courses.actions import enrol, join_cohort, merge_people
from courses.models import Course, Enrolment
from organisations.access import Scope
from organisations.doubles import SAME_NAME, SAME_NUMBER, doubles_in, mailbox
from tests.organisations.town import Town
from tests.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
CAST = ("administrator", "dean", "instructor", "alice", "bob", "other", "national", "stranger")


@pytest.fixture
def twins(town: Town) -> tuple[User, User]:
    """Alice of Autumn, and her other account, in which she has begun a course."""
    alice = town.people["alice"]
    other = make_person("a.lice")
    User.objects.filter(pk=other.pk).update(name="alice")
    join_cohort(user=other, cohort=town.law_class)
    enrol(user=other, course=Course.objects.get(key="hashes"), cohort=town.law_class)
    return alice, other


def page_of(town: Town, kept: User, gone: User) -> str:
    return town.url(f"people/doubles/{kept.uuid}/{gone.uuid}/")


def test_an_address_is_known_in_its_variants() -> None:
    variants = ("li.wei@example.org", "LiWei+exam@mail.example", "li-wei@example.org")
    assert {mailbox(each) for each in variants} == {"liwei"}


def test_who_has_one_number_or_one_name_and_mailbox_is_listed(
    town: Town, twins: tuple[User, User]
) -> None:
    namesake = make_person("alice2", organisation=town.organisation)
    User.objects.filter(pk=namesake.pk).update(name="Alice")  # somebody else
    bob, ines = town.people["bob"], make_person("ines", organisation=town.organisation)
    for person in (bob, ines):
        Invitation.objects.create(
            organisation=town.organisation,
            email=person.email,
            user=person,
            external_id="77",
            invited_at=timezone.now(),
        )
    found = doubles_in(Scope(town.organisation, None))
    assert [(double.people, double.reason, double.is_ours) for double in found] == [
        (twins, SAME_NAME, True),
        ((bob, ines), SAME_NUMBER, True),
    ]


def test_both_are_shown_and_made_one_when_it_is_confirmed(
    town: Town, twins: tuple[User, User]
) -> None:
    alice, other = twins
    client = town.client("administrator")
    assert page_of(town, alice, other) in client.get(town.url("people/doubles/")).content.decode()
    page = client.get(page_of(town, alice, other)).content.decode()
    assert "alice@example.org" in page
    assert "a.lice@example.org becomes a further address" in page
    assert page_of(town, other, alice) in page
    assert client.post(page_of(town, alice, other)).status_code == 200
    assert User.objects.get(pk=other.pk).erased_at is None
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    assert client.post(page_of(town, alice, other), {"is_asked": "on"}).status_code == 302
    assert User.objects.get(pk=other.pk).erased_at is not None
    assert Enrolment.objects.get().user == alice
    assert EmailAddress.objects.get(email="a.lice@example.org").user == alice
    assert client.get(page_of(town, alice, other)).status_code == 404
    assert doubles_in(Scope(town.organisation, None)) == []


@pytest.mark.parametrize("who", CAST)
def test_only_who_administers_the_whole_may(town: Town, twins: tuple[User, User], who: str) -> None:
    status = 200 if who == "administrator" else 404
    for path in (town.url("people/doubles/"), page_of(town, *twins)):
        assert town.client(who).get(path).status_code == status
        assert Client().get(path).status_code == 302
    if status == 404:
        assert town.client(who).post(page_of(town, *twins), {"is_asked": "on"}).status_code == 404
        assert User.objects.get(pk=twins[1].pk).erased_at is None


def test_nobody_takes_roles_or_learners_of_others(town: Town, twins: tuple[User, User]) -> None:
    """Whoever makes an account like that of somebody with a role does not get the role."""
    client = town.client("administrator")
    alice, other = twins
    Membership.objects.create(
        user=other, organisation=make_organisation("valley"), role=Membership.Role.LEARNER
    )
    assert not doubles_in(Scope(town.organisation, None))[0].is_ours
    assert client.get(page_of(town, alice, other)).status_code == 404
    Membership.objects.filter(user=other).exclude(organisation=town.organisation).delete()
    assert client.get(page_of(town, alice, other)).status_code == 200
    Membership.objects.create(user=alice, organisation=town.organisation, role="instructor")
    assert client.get(page_of(town, other, alice)).status_code == 404
    Membership.objects.filter(user=alice, role="instructor").delete()
    User.objects.filter(pk=alice.pk).update(administers_province="33")
    assert client.get(page_of(town, other, alice)).status_code == 404


def test_two_who_are_no_doubles_are_not_made_one(town: Town) -> None:
    alice, bob = town.people["alice"], town.people["bob"]
    path = page_of(town, alice, bob)
    assert town.client("administrator").post(path, {"is_asked": "on"}).status_code == 404
    merge_people(kept=alice, gone=bob)  # the action itself would
    assert User.objects.get(pk=bob.pk).erased_at is not None
