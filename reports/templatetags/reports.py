"""What report templates need to say what a figure means."""

from __future__ import annotations

from django import template

from reports.definitions import DEFINITIONS, Definition
from reports.nation.scopes import PROVINCES

register = template.Library()


@register.filter
def province_words(code: str) -> str:
    """The name of a province; of who did not say, "Not said"."""
    return str(dict(PROVINCES)[code])


@register.simple_tag
def definition(key: str) -> Definition:
    """The definition of a figure, by its key in reports/definitions.py."""
    return DEFINITIONS[key]
