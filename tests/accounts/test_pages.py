"""Every page of an account is ours: our layout, no inline script or style, the strict policy."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.signing_in import sign_in
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

ENTRANCE = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/"]
OWN = [
    *("email/", "password/change/", "logout/", "consent/", "reauthenticate/"),
    *("2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "sessions/"),
]
REAUTHENTICATION = "/accounts/reauthenticate/"


class InlineFinder(HTMLParser):
    """Collects what the Content-Security-Policy would stop."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or "style" in names:
            self.found.append(f"<{tag} style>")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append("<script> without src")
        self.found += [f"{tag} {name}" for name in names if name.startswith("on")]


def inline_parts(html: str) -> list[str]:
    finder = InlineFinder()
    finder.feed(html)
    return finder.found


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_pages(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert inline_parts(response.content.decode()) == []
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert 'class="site-header' in response.content.decode()


@pytest.mark.parametrize("path", OWN)
def test_own_pages_after_a_real_sign_in(client: Client, alice: User, path: str) -> None:
    sign_in(client, alice)
    client.post(REAUTHENTICATION, {"password": PASSWORD})
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert inline_parts(response.content.decode()) == []
    assert 'class="site-header' in response.content.decode()


@pytest.mark.parametrize("path", OWN)
def test_own_pages_ask_visitors_to_sign_in(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 302


def test_a_page_that_matters_asks_for_the_password_again(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = client.get("/accounts/2fa/totp/activate/")
    assert response.url.startswith(REAUTHENTICATION)  # type: ignore[attr-defined]
