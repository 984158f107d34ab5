"""What follows a sign-in, and the loss of a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import gate
from accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.remember_gate")
def remember_gate(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    """Work out once, at sign-in, what the person must do first."""
    gate.remember(request, user)


@receiver(authenticator_removed, dispatch_uid="accounts.measure_again")
def measure_again(sender: object, request: HttpRequest, user: User, **rest: Any) -> None:
    """An administrator who removes the last second factor stands at the gate again."""
    gate.remember(request, user)
