"""What the site pages need to name things: levels, topics, languages, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info

from learn.vocabulary import LEVELS, TOPICS

register = template.Library()


ADDRESSES = 4096
"""The most that a process remembers, the last used: some hundred bytes each."""


@register.simple_tag
def address(name: str, *keys: str) -> str:
    """What `{% url %}` gives, remembered: for templates that ask for dozens on one page."""
    return _address(get_script_prefix(), name, keys)


@lru_cache(maxsize=ADDRESSES)
def _address(_prefix: str, name: str, keys: tuple[str, ...]) -> str:
    return reverse(name, args=keys)


@register.filter
def level_name(level: str) -> Promise | str:
    """The name of a level; what is unknown stays as it is."""
    return LEVELS.get(level, level)


@register.filter
def topic_name(topic: str) -> Promise | str:
    """The name of a topic; what is unknown stays as it is."""
    return TOPICS.get(topic, topic)


@register.filter
def grouped(number: int) -> str:
    """A number with a comma after each thousand, in Chinese too, where Django sets none."""
    return f"{number:,}"


@register.filter
def own_name(language: str) -> str:
    """What speakers of a language call it."""
    return str(get_language_info(language)["name_local"])


@register.filter
def own_names(languages: Sequence[str]) -> str:
    """Several of them, in one line."""
    return " · ".join(own_name(language) for language in languages)
