"""What a signed-in person must do before anything else: agree to new texts, add a second factor.

It is worked out at sign-in and remembered in the session, so that a page asks nothing of the
database for it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from accounts.access import consent_is_current, is_administrator
from accounts.models import User

GATE_KEY = "gate"
OPEN_PATHS = ("/accounts/", "/i18n/", "/terms/", "/privacy/", "/theme/", "/healthz", "/readyz")
"""Where a person gets what the gate asks for, and what needs no account."""


class Gate(StrEnum):
    """What still stands between a signed-in person and their pages."""

    OPEN = "open"
    CONSENT = "consent"
    SECOND_FACTOR = "second_factor"


ADDRESSES = {Gate.CONSENT: "/accounts/consent/", Gate.SECOND_FACTOR: "/accounts/2fa/"}


def measure(user: User) -> Gate:
    """What this person must do first. At most 3 queries."""
    if not consent_is_current(user):
        return Gate.CONSENT
    if settings.REQUIRE_ADMIN_MFA and is_administrator(user):
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        if not Authenticator.objects.filter(user=user, type__in=kinds).exists():
            return Gate.SECOND_FACTOR
    return Gate.OPEN


def remember(request: HttpRequest, user: User) -> None:
    """Write into the session what this person must do first."""
    version = settings.CONSENT_FINGERPRINT
    request.session[GATE_KEY] = [measure(user).value, version]


class GateMiddleware:
    """Sends a signed-in person to what they must do first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not request.path.startswith(OPEN_PATHS):
            gate = self._gate(request)
            if gate != Gate.OPEN:
                return redirect(f"{ADDRESSES[gate]}?{urlencode({'next': request.path})}")
        return self.get_response(request)

    def _gate(self, request: HttpRequest) -> Gate:
        """From the session; measured anew when the texts have changed or it was not open."""
        known = request.session.get(GATE_KEY)
        if known != [Gate.OPEN.value, settings.CONSENT_FINGERPRINT]:
            if not isinstance(request.user, User):
                return Gate.OPEN
            remember(request, request.user)
            known = request.session[GATE_KEY]
        return Gate(known[0])
