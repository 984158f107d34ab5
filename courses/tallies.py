"""Writing tallies: one statement that adds to what is there, on PostgreSQL and on SQLite."""

from __future__ import annotations

import datetime
import secrets
from collections import Counter
from collections.abc import Sequence

from django.db import connection

from courses.models import Tally
from courses.types import TallyMove

SLOTS = 8
"""Over how many rows a hot count is spread."""

_TABLE = Tally._meta.db_table  # noqa: SLF001  # Django documents _meta as public


def add(moves: Sequence[TallyMove]) -> None:
    """Add moves to the tallies in the caller's transaction. One statement, none for no moves.

    Rows are taken in one order, so that writers of several tallies cannot block one another.
    """
    sums: Counter[tuple[str, datetime.date, str]] = Counter()
    for move in moves:
        sums[move.metric, move.day, move.subject] += move.by
    slot = secrets.randbelow(SLOTS)
    rows = [(*key, slot, value) for key, value in sorted(sums.items()) if value]
    if not rows:
        return
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    parameters = [
        connection.ops.adapt_datefield_value(item) if isinstance(item, datetime.date) else item
        for row in rows
        for item in row
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (metric, day, subject, slot, value) VALUES {places} "  # noqa: S608
            "ON CONFLICT (metric, day, subject, slot) "
            f"DO UPDATE SET value = {_TABLE}.value + EXCLUDED.value",
            parameters,
        )
