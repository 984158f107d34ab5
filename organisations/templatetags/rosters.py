"""What a row of a roster says."""

from __future__ import annotations

from django import template

from organisations.rosters.queries import changes_of, reason_of

register = template.Library()
register.filter("reason", reason_of)
register.filter("changes", changes_of)
