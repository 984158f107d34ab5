"""Varied values in texts: `{{ name }}` stands for the value of that name."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from exercises.types import Json, Text

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL takes into no text and no JSON."""


def fill(html_text: str, values: Mapping[str, Json]) -> str:
    """`html_text` with each `{{ name }}` replaced by its value, escaped for HTML.

    Names without a value stay as they are: publishing has refused them. A value is never
    searched for placeholders in its turn.
    """
    return _replace(html_text, values, escaped=True)


def fill_plain(text: str, values: Mapping[str, Json]) -> str:
    """The same for a text that is no HTML: values are put in as they are."""
    return _replace(text, values, escaped=False)


def fill_text(text: Text, values: Mapping[str, Json]) -> Text:
    """A text in all its languages, filled."""
    return {language: fill(words, values) for language, words in text.items()}


def names_in(text: str) -> list[str]:
    """The names that a text asks for, in order, each as often as it stands there."""
    return PLACEHOLDER.findall(text)


def shown(value: Json) -> str:
    """A value as learners read it: text as it is, everything else as Python writes it."""
    return value if isinstance(value, str) else repr(value)


def storable(value: Any) -> Any:
    """The same JSON, in its texts a replacement character for what no database can hold."""
    if isinstance(value, str):
        return NOT_STORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {storable(name): storable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value


def _replace(text: str, values: Mapping[str, Json], *, escaped: bool) -> str:
    if "{{" not in text:
        return text

    def value_of(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            return found.group()
        words = shown(values[name])
        return html.escape(words) if escaped else words

    return PLACEHOLDER.sub(value_of, text)
