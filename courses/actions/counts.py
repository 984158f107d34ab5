"""Moving counts, and setting them right."""

from __future__ import annotations

from collections.abc import Sequence

from courses import recount, tallies
from courses.types import CountDifference, TallyDifference, TallyMove


def tally(moves: Sequence[TallyMove]) -> None:
    """Add moves to the tallies, in the caller's transaction. One statement, however many moves."""
    tallies.add(moves)


def repair_tallies() -> list[TallyDifference | CountDifference]:
    """Set the tallies of this room to what the rows say; return what was wrong."""
    return recount.repair()
