"""A browser's own description of itself, in words that its owner knows."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# Order matters: nearly every browser also says that it is Chrome and Safari.
BROWSERS = {
    "MicroMessenger/": "WeChat",
    "QQBrowser/": "QQ Browser",
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """`Firefox · Windows` of a User-Agent header; a sentence when it is not known."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or _("Unknown browser")
