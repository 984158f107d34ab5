"""What the site pages need to name things: levels, topics, languages, page numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language_info

from learn.vocabulary import LEVELS, TOPICS

register = template.Library()


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
