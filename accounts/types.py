"""The words of this room that other rooms use."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in: what a view behind `login_required` gets."""

    user: User
    htmx: HtmxDetails
