"""The counts of courses/standings.py over all standings at once, on PostgreSQL.

What that module says of one standing this one says of a table, in as many seconds as that one
takes minutes; tests/courses/test_standing_sql.py holds the two together. Each statement looks at
standings and tallies in one moment, so it is right while others write.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from courses.models import DelayTally, RetentionTally, StageTally, Standing
from courses.standings import (
    ALL_TIME,
    LAST_BIT,
    LONGEST_DELAY,
    MOMENTS,
    DelayKey,
    RetentionKey,
    StageKey,
)
from courses.types import CHINA, CountDifference

_STANDINGS = Standing._meta.db_table  # noqa: SLF001  # Django documents _meta as public


def _month(moment: str) -> str:
    return f"to_char({moment} AT TIME ZONE '{CHINA.key}', 'YYYYMM')::integer"


_REACHED = ", ".join(f"({stage}, {moment})" for stage, moment in enumerate(MOMENTS, start=1))
_STEPS = ", ".join(
    f"({stage}, {before}, {moment})"
    for stage, (before, moment) in enumerate(itertools.pairwise(MOMENTS), start=2)
)

_STAGES = f"""
    SELECT grain.organisation, grain.cohort, period, stage, programme_id, province, kind,
           sum(standings)::integer AS value
    FROM (
        SELECT COALESCE(organisation_id, 0) AS organisation, COALESCE(cohort_id, 0) AS cohort,
               counts_nationally, programme_id, province, kind, reached.stage,
               {_month("moment")} AS month, count(*) AS standings
        FROM {_STANDINGS}
        CROSS JOIN LATERAL (VALUES {_REACHED}) AS reached (stage, moment)
        WHERE reached.stage <= {_STANDINGS}.stage
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ) AS home
    CROSS JOIN LATERAL (VALUES
        (0, 0, {ALL_TIME}, counts_nationally),
        (0, 0, month, counts_nationally),
        (home.organisation, 0, {ALL_TIME}, home.organisation > 0),
        (home.organisation, 0, month, home.organisation > 0),
        (home.organisation, home.cohort, {ALL_TIME}, home.organisation > 0 AND home.cohort > 0)
    ) AS grain (organisation, cohort, period, is_counted)
    WHERE is_counted
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608
_DELAYS = f"""
    SELECT step.stage, programme_id,
           LEAST(floor(extract(epoch FROM moment - before) / 86400), {LONGEST_DELAY})::integer
               AS days,
           count(*)::integer AS value
    FROM {_STANDINGS}
    CROSS JOIN LATERAL (VALUES {_STEPS}) AS step (stage, before, moment)
    WHERE counts_nationally AND step.stage <= {_STANDINGS}.stage AND moment <> before
    GROUP BY 1, 2, 3
"""  # noqa: S608
_RETENTION = f"""
    SELECT grain.organisation, start, months, programme_id, sum(standings)::integer AS value
    FROM (
        SELECT COALESCE(organisation_id, 0) AS organisation, counts_nationally, programme_id,
               {_month("enrolled_at")} AS start, active_months, count(*) AS standings
        FROM {_STANDINGS}
        WHERE enrolled_at IS NOT NULL AND active_months <> 0
        GROUP BY 1, 2, 3, 4, 5
    ) AS home
    CROSS JOIN LATERAL generate_series(0, {LAST_BIT}) AS months
    CROSS JOIN LATERAL (VALUES
        (0, counts_nationally), (home.organisation, home.organisation > 0)
    ) AS grain (organisation, is_counted)
    WHERE is_counted AND (active_months >> months) & 1 = 1
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class _Count:
    """One table of tallies, and the statement that counts what it shall hold."""

    model: type[Model]
    key: type[Any]
    counted: str

    def differences(self) -> str:
        """Keys, tallied, counted: of every key of which the two are not equal."""
        key = ", ".join(self.key._fields)
        table = self.model._meta.db_table  # noqa: SLF001
        return f"""
            SELECT {key}, COALESCE(tallied.value, 0) AS tallied,
                   COALESCE(counted.value, 0) AS counted
            FROM (SELECT {key}, sum(value) AS value FROM {table} GROUP BY {key}) AS tallied
            FULL JOIN ({self.counted}) AS counted USING ({key})
            WHERE COALESCE(tallied.value, 0) <> COALESCE(counted.value, 0)
        """  # noqa: S608


_COUNTS = (
    _Count(StageTally, StageKey, _STAGES),
    _Count(DelayTally, DelayKey, _DELAYS),
    _Count(RetentionTally, RetentionKey, _RETENTION),
)


def differences() -> Iterator[CountDifference]:
    """Every tally of standings that is not what the standings say."""
    for count in _COUNTS:
        name = count.model._meta.model_name or ""  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute(f"{count.differences()} ORDER BY {', '.join(count.key._fields)}")
            for row in cursor:
                yield CountDifference(name, count.key(*row[:-2]), row[-2], row[-1])


def repair() -> int:
    """Move every wrong tally by its difference, in the caller's transaction; how many there were.

    One statement for each table.
    """
    moved = 0
    for count in _COUNTS:
        table = count.model._meta.db_table  # noqa: SLF001
        key = ", ".join(count.key._fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({key}, slot, value) "  # noqa: S608
                f"SELECT {key}, 0, counted - tallied FROM ({count.differences()}) AS wrong "
                f"ON CONFLICT ({key}, slot) DO UPDATE SET value = {table}.value + EXCLUDED.value"
            )
            moved += cursor.rowcount
    return moved
