"""What pages read of this room. Each docstring says how many queries."""

from __future__ import annotations

from grading.queries.exercises import (
    ALIVE,
    ahead_of,
    body_of,
    draft_for,
    exercise_state,
    history,
    latest_try,
    ledger_record,
    ledger_record_before,
    lesson_progress,
    progress_at,
    progress_by_exercise,
    queue_status,
    repaired_of,
    verdict_of,
)

__all__ = [
    "ALIVE",
    "ahead_of",
    "body_of",
    "draft_for",
    "exercise_state",
    "history",
    "latest_try",
    "ledger_record",
    "ledger_record_before",
    "lesson_progress",
    "progress_at",
    "progress_by_exercise",
    "queue_status",
    "repaired_of",
    "verdict_of",
]
