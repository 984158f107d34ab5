"""Words of the item bank."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from teach.forms.registry import TITLES

register = template.Library()


@register.filter
def kind_title(kind: str) -> str | Promise:
    """The name of a kind of exercise for people."""
    known = TITLES.get(kind)
    return known[0] if known else kind
