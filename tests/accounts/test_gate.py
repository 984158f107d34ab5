"""What a signed-in person must do first."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actions import withdraw_consent
from accounts.models import Organisation, User
from tests.people import make_person

pytestmark = pytest.mark.django_db

HOME = "/learn/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whoever_agreed_goes_where_they_like(alice: User) -> None:
    assert signed_in(alice).get(HOME).status_code == 200


@pytest.mark.parametrize("path", ["/", "/programmes/", "/courses/", "/progress/", "/terms/"])
def test_what_visitors_read_stays_readable(alice: User, path: str) -> None:
    alice.consents.all().delete()
    assert signed_in(alice).get(path).status_code == 200


def test_acting_needs_the_agreement(alice: User) -> None:
    alice.consents.all().delete()
    response = signed_in(alice).post("/courses/any/enrol/")
    assert response.headers["Location"] == "/accounts/consent/"


def test_the_whole_address_comes_back(alice: User) -> None:
    alice.consents.all().delete()
    response = signed_in(alice).get("/learn/?page=2")
    assert response.headers["Location"] == "/accounts/consent/?next=%2Flearn%2F%3Fpage%3D2"


def test_a_part_of_a_page_makes_the_browser_go(alice: User) -> None:
    alice.consents.all().delete()
    response = signed_in(alice).get(HOME, headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"], response.content) == (
        *(200, "/accounts/consent/", b""),
    )


def test_whoever_has_not_agreed_is_asked_and_then_goes_on(alice: User) -> None:
    alice.consents.all().delete()
    client = signed_in(alice)
    response = client.get(HOME)
    assert response.headers["Location"] == "/accounts/consent/?next=%2Flearn%2F"
    form = {"terms": "on", "privacy": "on", "next": HOME}
    assert client.post("/accounts/consent/", form).headers["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_half_an_agreement_is_none(alice: User) -> None:
    alice.consents.all().delete()
    client = signed_in(alice)
    assert client.post("/accounts/consent/", {"terms": "on"}).status_code == 200
    assert alice.consents.count() == 0


def test_a_new_text_asks_people_who_are_signed_in(alice: User, settings: Settings) -> None:
    client = signed_in(alice)
    settings.CONSENT_VERSIONS = {"terms": "2027-01-01", "privacy": "2026-11-24"}
    settings.CONSENT_FINGERPRINT = "2027-01-01 2026-11-24"
    assert client.get(HOME).status_code == 302


def test_what_was_taken_back_is_asked_again(alice: User) -> None:
    withdraw_consent(user=alice)
    assert signed_in(alice).get(HOME).status_code == 302


def test_a_page_elsewhere_is_no_way_out(alice: User) -> None:
    client = signed_in(alice)
    form = {"terms": "on", "privacy": "on", "next": "https://elsewhere.example/"}
    assert client.post("/accounts/consent/", form).headers["Location"] == reverse(
        "learn:my_learning"
    )


@pytest.mark.parametrize("flag", ["is_staff", "is_national_administrator"])
def test_administrators_need_a_second_factor(settings: Settings, flag: str) -> None:
    settings.REQUIRE_ADMIN_MFA = True
    person = make_person("ada")
    User.objects.filter(pk=person.pk).update(**{flag: True})
    person.refresh_from_db()
    client = signed_in(person)
    assert client.get(HOME).headers["Location"] == "/accounts/2fa/?next=%2Flearn%2F"
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(HOME).status_code == 200


def test_organisation_administrators_need_one_too(
    settings: Settings, organisation: Organisation
) -> None:
    settings.REQUIRE_ADMIN_MFA = True
    ada = make_person("ada", organisation=organisation, role="administrator")
    lea = make_person("lea", organisation=organisation)
    assert signed_in(ada).get(HOME).status_code == 302
    assert signed_in(lea).get(HOME).status_code == 200


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser", "is_national_administrator"])
def test_an_office_given_during_a_session_counts_at_once(
    alice: User, settings: Settings, flag: str
) -> None:
    settings.REQUIRE_ADMIN_MFA = True
    client = signed_in(alice)
    assert client.get(HOME).status_code == 200
    User.objects.filter(pk=alice.pk).update(**{flag: True})
    assert client.get(HOME).headers["Location"] == "/accounts/2fa/?next=%2Flearn%2F"


def test_recovery_codes_alone_are_no_second_factor(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_MFA = True
    person = make_person("ada", is_staff=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert signed_in(person).get(HOME).status_code == 302


def test_an_open_gate_costs_no_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    with django_assert_num_queries(2):  # session and person, which any page would load
        client.get("/no-such-page/")
