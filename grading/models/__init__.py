"""What learners handed in, what became of it, and how it was repaired."""

from __future__ import annotations

from grading.models.submissions import (
    Body,
    Draft,
    GradingRun,
    LedgerRecord,
    Progress,
    Submission,
)
from grading.models.workers import WorkerBeat

__all__ = [
    "Body",
    "Draft",
    "GradingRun",
    "LedgerRecord",
    "Progress",
    "Submission",
    "WorkerBeat",
]
