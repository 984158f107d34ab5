"""What templates need to show content and verdicts: languages, credit, durations, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy

from exercises.types import Outcome
from learn.vocabulary import CODE_LANGUAGES

register = template.Library()

OUTCOMES = {
    Outcome.PASSED: gettext_lazy("Passed"),
    Outcome.PARTLY: gettext_lazy("Partly right"),
    Outcome.WRONG: gettext_lazy("Not right yet"),
    Outcome.ERROR: gettext_lazy("An exception ended it"),
    Outcome.TIME: gettext_lazy("Took too long"),
    Outcome.MEMORY: gettext_lazy("Used too much memory"),
    Outcome.OUTPUT: gettext_lazy("Printed too much"),
    Outcome.CRASHED: gettext_lazy("Crashed"),
    Outcome.EXITED: gettext_lazy("The program ended itself"),
    Outcome.NOT_RUN: gettext_lazy("Not run"),
}

ICONS: dict[str, str] = {Outcome.PASSED: "check", Outcome.PARTLY: "part", Outcome.NOT_RUN: "wait"}
"""Of all other outcomes: a cross."""


def language_in(text: Mapping[str, Any]) -> str:
    """The language to show of what is there: the current one, English, any; '' where none is."""
    current = get_language() or settings.LANGUAGE_CODE
    for language in (current, "en"):
        if text.get(language):
            return language
    return next((language for language, words in text.items() if words), "")


@register.filter
def in_language(text: Mapping[str, Any] | None) -> Any:
    """What the current language has of a text. A plain string is escaped like any other."""
    return text.get(language_in(text), "") if text else ""


@register.filter
def language_of(text: Mapping[str, Any] | None) -> str:
    """The language code of what `in_language` gives, for the attribute lang."""
    return language_in(text) if text else ""


@register.filter
def html_in_language(text: Mapping[str, str] | None) -> SafeString:
    """A published text in the current language: HTML that our own publisher has sanitised.

    Where only another language is there, it is marked as such for screen readers.
    """
    if not text:
        return mark_safe("")
    language = language_in(text)
    html = mark_safe(text.get(language, ""))  # noqa: S308  # rendered and sanitised at publish
    if not language or language == get_language():
        return html
    return format_html('<span lang="{}">{}</span>', language, html)


@register.filter
def points(hundredths: int | None) -> str:
    """Hundredths of a point, as points: 150 → 1.5."""
    return str(floatformat((hundredths or 0) / 100, -2))


@register.filter
def milliseconds(value: float | None) -> str:
    """A time for people: 0.42 ms, 12 ms, 1.3 s."""
    if value is None:
        return ""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.2g} ms" if value < 10 else f"{value:.0f} ms"


@register.filter
def outcome_name(outcome: str) -> str:
    """The name of an `exercises.types.Outcome`; '' for ''."""
    return str(OUTCOMES[Outcome(outcome)]) if outcome else ""


@register.filter
def outcome_icon(outcome: str) -> str:
    """The icon of templates/components/sprite.html that goes with an outcome."""
    return ICONS.get(outcome, "cross")


@register.filter
def language_title(code: str) -> str:
    """The name of a programming language."""
    return CODE_LANGUAGES.get(code, code)


@register.filter
def item(mapping: Mapping[Any, Any], key: object) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)
