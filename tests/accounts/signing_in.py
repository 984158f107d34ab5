"""Signing in through the page, which also writes the list of sessions; force_login does not."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.people import PASSWORD


def sign_in(client: Client, user: User) -> str:
    """Where a person with a verified address is sent after the right password.

    Forgets the rate limits, which live on the real cache and outlive a test.
    """
    cache.clear()
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return str(response.headers["Location"])
