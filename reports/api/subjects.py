"""Whose figures there are to ask for."""

from __future__ import annotations

from enum import StrEnum


class Subject(StrEnum):
    """Whose figures an address gives, which decides who may open it."""

    NATION = "nation"
    """A token of the nation or of a province, which sees its province."""
    ORGANISATION = "organisation"
    """A token of that organisation."""
    COHORT = "cohort"
    """A token of the organisation to which the cohort belongs."""
