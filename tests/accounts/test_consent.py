"""What somebody agreed to, took back, and agreed to again."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.actions import give_consent, withdraw_consent
from accounts.models import Consent, User
from tests.accounts.signing_in import sign_in

pytestmark = pytest.mark.django_db


def history(user: User) -> list[tuple[str, bool]]:
    rows = Consent.objects.filter(user=user, document="terms").order_by("pk")
    return [(row.version, row.withdrawn_at is None) for row in rows]


def test_agreeing_twice_is_agreeing_once(alice: User) -> None:
    give_consent(user=alice)
    assert history(alice) == [(settings.TERMS_VERSION, True)]


def test_nothing_that_happened_is_rewritten(alice: User) -> None:
    withdraw_consent(user=alice)
    give_consent(user=alice)
    assert history(alice) == [(settings.TERMS_VERSION, False), (settings.TERMS_VERSION, True)]


def test_taking_it_back_ends_every_session(alice: User) -> None:
    phone, laptop = Client(), Client()
    for device in (phone, laptop):
        sign_in(device, alice)
    assert b"Withdraw my consent" in laptop.get("/accounts/consent/").content
    assert laptop.get("/accounts/consent/withdraw/").status_code == 405
    assert laptop.post("/accounts/consent/withdraw/").headers["Location"] == "/"
    for device in (phone, laptop):
        assert device.get("/profile/").headers["Location"] == "/accounts/login/?next=/profile/"
    laptop.force_login(alice)
    assert laptop.get("/profile/").headers["Location"].startswith("/accounts/consent/")
