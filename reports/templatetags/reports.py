"""What report templates need to say what a figure means."""

from __future__ import annotations

from django import template

from reports.definitions import DEFINITIONS, Definition

register = template.Library()


@register.simple_tag
def definition(key: str) -> Definition:
    """The definition of a figure, by its key in reports/definitions.py."""
    return DEFINITIONS[key]
