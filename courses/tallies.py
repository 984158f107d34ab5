"""Writing tallies: one statement that adds to what is there, on PostgreSQL and on SQLite."""

from __future__ import annotations

import datetime
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from courses.models import DelayTally, RetentionTally, StageTally, Tally
from courses.standings import Counts, DelayKey, RetentionKey, StageKey
from courses.types import TallyMove

SLOTS = 8
"""Over how many rows a hot count is spread."""
MOST_ROWS = 1000
"""Of one statement: SQLite takes 32,766 parameters."""

_TALLY = Tally._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_STAGES = StageTally._meta.db_table  # noqa: SLF001
_DELAYS = DelayTally._meta.db_table  # noqa: SLF001
_RETENTION = RetentionTally._meta.db_table  # noqa: SLF001


def add(moves: Sequence[TallyMove]) -> None:
    """Add moves to the tallies in the caller's transaction. One statement, none for no moves.

    Rows are taken in one order, so that writers of several tallies cannot block one another.
    """
    sums: Counter[tuple[str, datetime.date, str]] = Counter()
    for move in moves:
        sums[move.metric, move.day, move.subject] += move.by
    _add(_TALLY, ("metric", "day", "subject"), sums)


def add_counts(counts: Counts) -> None:
    """Add what standings stand in more often than before. A statement for each kind of tally."""
    _add(_STAGES, StageKey._fields, counts.stages)
    _add(_DELAYS, DelayKey._fields, counts.delays)
    _add(_RETENTION, RetentionKey._fields, counts.retention)


def _add(table: str, columns: Sequence[str], sums: Counter[Any]) -> None:
    slot = secrets.randbelow(SLOTS)
    rows = [(*key, slot, value) for key, value in sorted(sums.items()) if value]
    for start in range(0, len(rows), MOST_ROWS):
        _add_rows(table, [*columns, "slot"], rows[start : start + MOST_ROWS])


def _add_rows(table: str, key: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    place = f"({', '.join(['%s'] * (len(key) + 1))})"
    parameters = [
        connection.ops.adapt_datefield_value(item) if isinstance(item, datetime.date) else item
        for row in rows
        for item in row
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(key)}, value) "  # noqa: S608
            f"VALUES {', '.join([place] * len(rows))} ON CONFLICT ({', '.join(key)}) "
            f"DO UPDATE SET value = {table}.value + EXCLUDED.value",
            parameters,
        )
