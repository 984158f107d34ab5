"""The form of `choices`: several options may be right, and each needs feedback."""

from __future__ import annotations

from teach.forms.choice import FIELDS, OPTION

__all__ = ["FIELDS", "OPTION"]
