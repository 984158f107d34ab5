"""The site speaks a person's language from the moment they sign in."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.accounts.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("before", [None, "en"])
def test_the_preferred_language_is_applied_at_sign_in(
    client: Client, alice: User, before: str | None
) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    if before:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = before
    sign_in(client, alice)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert b'<html lang="zh-hans"' in client.get("/profile/").content


def test_it_can_be_switched_afterwards(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/profile/"})
    assert b'<html lang="zh-hans"' in client.get("/profile/").content
