"""Texts of courses and programmes, and names, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from accounts.models import Organisation


def in_language(text: Mapping[str, str], otherwise: str = "") -> str:
    """What the current language has of a text; else English; else any; else `otherwise`."""
    for language in (get_language() or "en", "en", *text):
        if text.get(language):
            return text[language]
    return otherwise


def name_of(organisation: Organisation) -> str:
    """The name of an organisation, in Chinese where one is there and read."""
    return in_language({"zh-hans": organisation.name_zh_hans, "en": organisation.name})
