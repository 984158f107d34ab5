"""From signing up to signing out, through the pages that people use."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Consent, User
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {
    "name": "林小满",
    "email": "lin@example.org",
    "password1": PASSWORD,
    "language": "zh-hans",
    "province": "33",
    "terms": "on",
    "privacy": "on",
}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Rate limits live on the real cache, which outlives a test."""
    cache.clear()


def sign_up(client: Client, **changes: str) -> int:
    form = {name: value for name, value in {**FORM, **changes}.items() if value}
    return client.post("/accounts/signup/", form).status_code


def test_signing_up_makes_a_person_who_agreed_to_the_texts_in_force(client: Client) -> None:
    assert sign_up(client) == 302
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.province) == (
        *("lin@example.org", "林小满", "zh-hans", "33"),
    )
    assert user.check_password(PASSWORD)
    assert set(Consent.objects.values_list("document", "version")) == set(
        settings.CONSENT_VERSIONS.items()
    )


@pytest.mark.parametrize("missing", ["name", "email", "password1", "language", "terms", "privacy"])
def test_nobody_is_made_without_all_of_it(client: Client, missing: str) -> None:
    assert sign_up(client, **{missing: ""}) == 200
    assert User.objects.count() == 0


def test_an_address_must_be_confirmed_before_signing_in(client: Client) -> None:
    sign_up(client)
    credentials = {"login": "lin@example.org", "password": PASSWORD}
    response = client.post("/accounts/login/", credentials)
    assert response.url == "/accounts/confirm-email/"  # type: ignore[attr-defined]
    assert "Hello from Chainwright!" in str(mail.outbox[0].body)
    link = re.search(r"https?://\S+/accounts/confirm-email/\S+", str(mail.outbox[0].body))
    assert link is not None
    client.post(link.group())
    response = client.post("/accounts/login/", credentials)
    assert response.url == reverse("learn:my_learning")  # type: ignore[attr-defined]


def test_the_same_address_in_other_case_is_the_same_person(client: Client) -> None:
    sign_up(client)
    sign_up(Client(), email="LIN@example.org")
    assert User.objects.count() == 1


def test_signing_out_takes_a_post(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get(reverse("learn:profile")).status_code == 302


def test_wrong_passwords_are_limited(client: Client, alice: User) -> None:
    wrong = {"login": alice.email, "password": "wrong"}
    statuses = [client.post("/accounts/login/", wrong).status_code for _ in range(6)]
    assert statuses == [200] * 6
    page = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert page.status_code == 200, "the right password does not help while the limit holds"
    assert "_auth_user_id" not in client.session
