"""An authenticator app from set-up to sign-in, computed here as RFC 6238 says."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.adapter import SecondFactorAdapter
from accounts.models import User
from tests.accounts.signing_in import sign_in
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def code_at(secret: str, seconds: float) -> str:
    """The six digits that an authenticator app shows."""
    counter = struct.pack(">Q", int(seconds) // 30)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_the_code_is_the_one_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_at(secret, 1_111_111_109) == "081804"


def set_up_app(client: Client, user: User) -> str:
    """Through the pages; gives the secret that the app keeps."""
    sign_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = str(page.context["form"].secret)
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_at(secret, time.time())})
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def test_from_setting_up_to_signing_in(client: Client, alice: User) -> None:
    secret = set_up_app(client, alice)
    visitor = Client()
    assert sign_in(visitor, alice) == "/accounts/2fa/authenticate/"
    assert visitor.get("/profile/").status_code == 302, "a password alone is not enough"
    cache.clear()  # a code works once; half a minute is long for a test
    wrong = visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = visitor.post("/accounts/2fa/authenticate/", {"code": code_at(secret, time.time() + 30)})
    assert right.headers["Location"] == "/learn/"
    assert visitor.get("/profile/").status_code == 200


def test_a_recovery_code_lets_in_once(client: Client, alice: User) -> None:
    set_up_app(client, alice)
    page = client.get("/accounts/2fa/recovery-codes/")
    code = page.context["unused_codes"][0]
    outcomes = []
    for _ in range(2):
        visitor = Client()
        sign_in(visitor, alice)
        cache.clear()
        outcomes.append(visitor.post("/accounts/2fa/authenticate/", {"code": code}).status_code)
    assert outcomes == [302, 200]


def test_secrets_are_not_in_the_clear(client: Client, alice: User) -> None:
    secret = set_up_app(client, alice)
    rows = [row.data for row in Authenticator.objects.filter(user=alice)]
    assert len(rows) == 2
    assert secret not in str(rows)
    kept = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP).data["secret"]
    assert SecondFactorAdapter().decrypt(kept) == secret


def test_secrets_outlive_a_new_key(settings: object) -> None:
    kept = SecondFactorAdapter().encrypt("hush")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "the next one"  # type: ignore[attr-defined]
    assert SecondFactorAdapter().decrypt(kept) == "hush"


def test_an_administrator_without_the_app_stands_at_the_gate_again(
    client: Client, alice: User, settings: object
) -> None:
    settings.REQUIRE_ADMIN_MFA = True  # type: ignore[attr-defined]
    User.objects.filter(pk=alice.pk).update(is_national_administrator=True)
    set_up_app(client, alice)
    assert client.get("/profile/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/profile/").headers["Location"] == "/accounts/2fa/?next=%2Fprofile%2F"
