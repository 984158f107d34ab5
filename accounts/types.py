"""The words of this room that other rooms use."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User

DEMO_CODES = ("LAKESDE2", "LAKELAW2")
"""The join codes of the demo cohorts (accounts/demo.py)."""
WANTED_KEY = "wanted_page"
"""Of the session: where somebody wanted to go when they signed up."""


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in: what a view behind `login_required` gets."""

    user: User
    htmx: HtmxDetails


class LastAdministrator(Exception):
    """The only person who administers the whole of an organisation; somebody must."""


class DepartmentInUse(Exception):
    """A department that has cohorts or people."""


class AlreadyDecided(Exception):
    """An organisation on which the centre has decided in the meantime."""
