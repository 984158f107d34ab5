"""What the templates of exercises need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """The value at a key that a template has in a variable; None where there is none."""
    return table.get(key)
