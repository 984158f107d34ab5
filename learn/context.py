"""What every page knows: its theme, the other languages, the links of the header, the operator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = "theme"
YEAR_SECONDS = 365 * 24 * 3600
"""How long a browser remembers theme and language."""
THEMES = {"system": _("As the device"), "light": _("Light"), "dark": _("Dark")}

SHORT_NAMES = {"en": "English", "zh-hans": "中文"}
"""What the switch in the header calls a language: there is little room on a phone."""

SITE_LINKS = [
    ("learn:programmes", _("Programmes")),
    ("learn:catalogue", _("Courses")),
    ("reports:count", _("The count")),
    ("learn:my_learning", _("My learning")),
]


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link of the header. `current` is a value of aria-current, or ''."""

    url: str
    title: Promise | str
    current: str


def chosen_theme(request: HttpRequest) -> str:
    """What the visitor chose: a key of `THEMES`."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else "system"


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. No query."""
    theme = chosen_theme(request)
    language = get_language()
    links = [
        _link(request.path, url, title)
        for url, (_name, title) in zip(_addresses(), SITE_LINKS, strict=True)
    ]
    return {
        "theme": "" if theme == "system" else theme,
        "themes": [
            {"value": value, "title": title, "chosen": value == theme}
            for value, title in THEMES.items()
        ],
        "other_languages": [
            {"code": code, "name": SHORT_NAMES[code]}
            for code, _name in settings.LANGUAGES
            if code != language
        ],
        "site_links": links,
        "site_section": ",".join(link.current for link in links),
        "operator": {
            "name": settings.OPERATOR_NAME,
            "icp_number": settings.ICP_NUMBER,
            "psb_number": settings.PSB_NUMBER,
        },
    }


@cache
def _addresses() -> list[str]:
    """Of the links of the header, worked out once."""
    return [reverse(name) for name, _title in SITE_LINKS]


def _link(path: str, url: str, title: Promise | str) -> SiteLink:
    if path == url:
        return SiteLink(url, title, "page")
    return SiteLink(url, title, "true" if path.startswith(url) else "")
