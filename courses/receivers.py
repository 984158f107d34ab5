"""Places that are kept for an address are taken once its owner has proved that it is theirs."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from courses.actions import accept_places


@receiver(email_confirmed, dispatch_uid="courses.take_places")
def take_places(
    sender: object, request: HttpRequest, email_address: EmailAddress, **rest: Any
) -> None:
    """Somebody proved an address."""
    accept_places(user=email_address.user)


@receiver(user_logged_in, dispatch_uid="courses.take_new_places")
def take_new_places(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    """Somebody signed in who proved an address before a place was kept for it."""
    accept_places(user=user)
