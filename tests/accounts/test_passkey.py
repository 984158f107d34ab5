"""A passkey from set-up to sign-in, in a real Chromium with an authenticator of its own."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.e2e.browser import chromium, visitor
from tests.people import PASSWORD, make_person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(settings: Settings) -> User:
    """Somebody with a verified address, on a machine that nobody else can reach."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    cache.clear()
    user = make_person("alice")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def plug_in_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_out(page: Page) -> None:
    page.goto(f"{page.url.split('/accounts/')[0]}/accounts/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def test_adding_one_and_signing_in_with_it(person: User, live_server: LiveServer) -> None:
    with chromium() as browser, visitor(browser, live_server.url) as who:
        page = who.page
        plug_in_authenticator(page)
        who.go("/accounts/login/?next=/accounts/2fa/webauthn/add/")
        page.fill("[name=login]", person.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url("**/reauthenticate/**")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url(f"{live_server.url}/accounts/2fa/webauthn/add/")
        page.check("[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/2fa/recovery-codes/")
        sign_out(page)
        who.go("/accounts/login/?next=/profile/")
        page.click("#passkey_login")
        page.wait_for_url(f"{live_server.url}/profile/")
        assert page.locator("text=alice@example.org").count() > 0
        assert who.faults == []
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == [
        *("recovery_codes", "webauthn"),
    ]


def test_a_passkey_that_is_not_there_is_explained(person: User, live_server: LiveServer) -> None:
    with chromium() as browser, visitor(browser, live_server.url) as who:
        session = who.page.context.new_cdp_session(who.page)
        session.send("WebAuthn.enable")
        empty = {**AUTHENTICATOR, "isUserVerified": False}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": empty})
        who.go("/accounts/login/")
        who.page.click("#passkey_login")
        problem = who.page.locator("[data-passkey-problem]")
        problem.wait_for(state="visible")
        assert problem.get_attribute("role") == "alert"
        assert who.faults == []
