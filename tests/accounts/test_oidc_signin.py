"""Coming from an OpenID Connect provider: a real one, on the loopback interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.oidc_provider import CLIENT_ID, Provider, oidc_provider, state_of
from tests.people import make_person

pytestmark = pytest.mark.django_db

CLAIMS = {"sub": "7", "name": "林小满", "email": "lin@campus.example", "email_verified": True}
ANSWERS = {
    "name": "林小满",
    "email": "lin@campus.example",
    "language": "zh-hans",
    "province": "33",
    "terms": "on",
    "privacy": "on",
}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    cache.clear()
    with oidc_provider(**CLAIMS) as running:
        app = {
            "provider_id": "campus",
            "name": "Campus",
            "client_id": CLIENT_ID,
            "secret": "hush",
            "settings": {"server_url": running.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield running


def come_back(client: Client, provider: Provider) -> str:
    """To the provider and back; where the site leads next."""
    there = client.get("/accounts/oidc/campus/login/").headers["Location"]
    assert there.startswith(f"{provider.url}/authorize?")
    back = {"code": "any", "state": state_of(there)}
    response = client.get("/accounts/oidc/campus/login/callback/", back)
    return str(response.headers["Location"])


def test_the_sign_in_page_offers_it(client: Client, provider: Provider) -> None:
    assert (
        b'href="/accounts/oidc/campus/login/?process=login"'
        in client.get("/accounts/login/").content
    )


def test_a_newcomer_says_the_rest_and_agrees(client: Client, provider: Provider) -> None:
    assert come_back(client, provider) == "/accounts/3rdparty/signup/"
    page = client.get("/accounts/3rdparty/signup/")
    assert page.context["form"]["name"].value() == "林小满"
    refused = client.post("/accounts/3rdparty/signup/", {**ANSWERS, "terms": ""})
    assert (refused.status_code, User.objects.count()) == (200, 0)
    response = client.post("/accounts/3rdparty/signup/", ANSWERS)
    assert response.headers["Location"] == "/learn/"
    user = User.objects.get()
    assert (user.name, user.email, user.province) == ("林小满", "lin@campus.example", "33")
    assert user.consents.count() == 2
    assert EmailAddress.objects.get().verified, "the provider vouches for the address"


def test_the_second_time_leads_straight_in(client: Client, provider: Provider) -> None:
    come_back(client, provider)
    client.post("/accounts/3rdparty/signup/", ANSWERS)
    assert come_back(Client(), provider) == "/learn/"


def test_an_address_that_is_taken_is_not_taken_over(client: Client, provider: Provider) -> None:
    owner = make_person("lin")
    User.objects.filter(pk=owner.pk).update(email="lin@campus.example")
    EmailAddress.objects.create(user=owner, email="lin@campus.example", verified=True, primary=True)
    assert come_back(client, provider) == "/accounts/3rdparty/signup/"
    client.post("/accounts/3rdparty/signup/", ANSWERS)
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1


def test_a_forged_state_is_refused(client: Client, provider: Provider) -> None:
    client.get("/accounts/oidc/campus/login/")
    back = {"code": "any", "state": "forged"}
    response = client.get("/accounts/oidc/campus/login/callback/", back)
    assert response.status_code == 401
    assert b"site-header" in response.content
