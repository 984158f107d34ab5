"""Whether grading keeps up, from the queue and the latest gradings. No row of a person is kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from grading.models import GradingRun
from grading.queries import queue_status
from grading.types import QueueStatus

LATEST = 500
"""Gradings that the waiting times are taken from."""
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class GradingHealth:
    """The queue now, and the latest gradings by workers. Times are in seconds."""

    queue: QueueStatus
    runs: int
    since: datetime.datetime | None
    """When the first of them was finished."""
    median_seconds: float | None
    """From handing in to the verdict."""
    slow_seconds: float | None
    """95 of 100 took no longer."""
    failures: int
    """Ended by a fault of ours; their learners lost no try."""


def grading_health() -> GradingHealth:
    """3 queries: two of the queue, one of the last `LATEST` gradings by their primary key."""
    rows = list(
        GradingRun.objects.order_by("-pk").values_list(
            "reason", "outcome", "submission__created_at", "finished_at"
        )[:LATEST]
    )
    first = [row for row in rows if row[0] == GradingRun.Reason.FIRST]
    waited = sorted((finished - handed_in).total_seconds() for _, _, handed_in, finished in first)
    return GradingHealth(
        queue=queue_status(),
        runs=len(rows),
        since=rows[-1][3] if rows else None,
        median_seconds=_quantile(waited, 50),
        slow_seconds=_quantile(waited, 95),
        failures=sum(outcome == BROKEN for _, outcome, _, _ in rows),
    )


def _quantile(ordered: Sequence[float], percent: int) -> float | None:
    """The least value that so many percent do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
