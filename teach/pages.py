"""What the pages of one course have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from authoring.access import WRITING_ROLES
from authoring.models import Workspace

TABS: tuple[tuple[str, str | Promise], ...] = (
    ("outline", _("Outline")),
    ("exercises", _("Exercises")),
    ("statistics", _("Statistics")),
    ("submissions", _("Submissions")),
    ("repair", _("Repair")),
    ("publication", _("Publish")),
    ("history", _("History")),
    ("members", _("Members")),
)
"""Name of the route, which takes the course's key, and title."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to one of the pages of a course."""

    url: str
    title: str | Promise
    is_current: bool


def frame(workspace: Workspace, current: str, **context: Any) -> dict[str, Any]:
    """The context of templates/teach/frame.html: the links, and what the page adds. No query.

    `workspace` comes from `authoring.access`. `may_write`: whether the person may change files.
    """
    return {
        "workspace": workspace,
        "role": workspace.role,
        "may_write": workspace.role in WRITING_ROLES,
        "organisation_name": organisation_name(workspace.organisation),
        "tabs": _tabs(workspace.course_key, current),
        **context,
    }


def organisation_name(organisation: Organisation) -> str:
    """In Chinese where one is there and read."""
    in_chinese = get_language() == "zh-hans" and organisation.name_zh_hans
    return in_chinese or organisation.name


def _tabs(course_key: str, current: str) -> list[Tab]:
    tabs = []
    for name, title in TABS:
        try:
            url = reverse(f"teach:{name}", args=[course_key])
        except NoReverseMatch:
            continue
        tabs.append(Tab(url, title, name == current))
    return tabs
