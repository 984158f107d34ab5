"""What the pages of one organisation have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from organisations.access import Scope

TABS = (
    ("overview", _("Overview")),
    ("cohorts", _("Cohorts")),
    ("people", _("Members")),
    ("invite", _("Invite")),
    ("rosters", _("Roster")),
    ("announcements", _("Announcements")),
    ("departments", _("Departments")),
    ("settings", _("Settings")),
)
"""Route and title. The last two concern the whole organisation."""
OF_THE_WHOLE = {"departments", "settings"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to one of an organisation's pages."""

    url: str
    title: Promise
    is_current: bool


def frame(scope: Scope, current: str, **context: Any) -> dict[str, Any]:
    """The context of templates/organisations/frame.html: the tabs, and what the page adds."""
    key = scope.organisation.key
    tabs = [
        Tab(reverse(f"organisations:{name}", args=[key]), title, name == current)
        for name, title in TABS
        if scope.is_whole or name not in OF_THE_WHOLE
    ]
    return {"scope": scope, "organisation": scope.organisation, "tabs": tabs, **context}


def teacher_frame(organisation: Organisation) -> dict[str, Any]:
    """The context of templates/organisations/frame.html for who only teaches a cohort: no tabs."""
    return {"scope": None, "organisation": organisation, "tabs": []}
