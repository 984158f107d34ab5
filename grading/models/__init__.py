"""What learners handed in, what became of it, and how it was repaired."""

from __future__ import annotations

from grading.models.deadlines import Extension, LateRule
from grading.models.repair import AuditEntry, Notice, Override, RegradeBatch, RegradeItem
from grading.models.requests import RegradeRequest, RequestMessage
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
    "AuditEntry",
    "Body",
    "Draft",
    "Extension",
    "GradingRun",
    "LateRule",
    "LedgerRecord",
    "Notice",
    "Override",
    "Progress",
    "RegradeBatch",
    "RegradeItem",
    "RegradeRequest",
    "RequestMessage",
    "Submission",
    "WorkerBeat",
]
