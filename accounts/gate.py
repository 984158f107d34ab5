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

from accounts.access import (
    consent_is_current,
    has_organisations,
    holds_office,
    is_administrator,
)
from accounts.models import User

GATE_KEY = "gate"
ORGANISATIONS_KEY = "has_organisations"
"""Whether the menu leads to the organisations' pages."""
OPEN_PATHS = ("/accounts/", "/i18n/", "/terms/", "/privacy/", "/theme/", "/healthz", "/readyz")
"""Where a person gets what the gate asks for, and what needs no account."""
PUBLIC_PATHS = ("/programmes/", "/courses/", "/progress/")
"""What a visitor may read, somebody at the gate may read too."""
READS = {"GET", "HEAD"}


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


def conditions(user: User) -> list[object]:
    """What the measure depends on and costs no query: when it changes, measure anew."""
    return [settings.CONSENT_FINGERPRINT, holds_office(user)]


def remember(request: HttpRequest, user: User) -> Gate:
    """Measure, and write into the session what this person must do first."""
    gate = measure(user)
    request.session[GATE_KEY] = [gate.value, *conditions(user)]
    request.session[ORGANISATIONS_KEY] = has_organisations(user)
    return gate


def gate_of(request: HttpRequest, user: User) -> Gate:
    """From the session; measured anew when a condition has changed or it was not open."""
    if request.session.get(GATE_KEY) == [Gate.OPEN.value, *conditions(user)]:
        return Gate.OPEN
    return remember(request, user)


def is_open(request: HttpRequest) -> bool:
    """Whether somebody at the gate may have this address all the same."""
    if request.path.startswith(OPEN_PATHS):
        return True
    public = request.path == "/" or request.path.startswith(PUBLIC_PATHS)
    return public and request.method in READS


def send_to(gate: Gate, request: HttpRequest) -> HttpResponse:
    """To the page that asks; from there back here, where this was a page."""
    address = ADDRESSES[gate]
    if request.method in READS and not request.headers.get("HX-Request"):
        return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
    if request.headers.get("HX-Request"):
        # A plain redirect would put the whole page into the part that HTMX asked for.
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


class GateMiddleware:
    """Sends a signed-in person to what they must do first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not is_open(request):
            person = request.user
            gate = gate_of(request, person) if isinstance(person, User) else Gate.OPEN
            if gate != Gate.OPEN:
                return send_to(gate, request)
        return self.get_response(request)
