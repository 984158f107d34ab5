"""What a graded submission's page shows of its ledgers."""

from __future__ import annotations

from exercises.types import Verdict
from grading.models import Submission
from grading.queries import ledger_record, ledger_record_before
from learn.ledger import Report, report


def report_of(submission: Submission, verdict: Verdict | None) -> Report | None:
    """Every scenario that may be shown, compared with the run before it; None where there is none.

    2 queries where the submission needed a ledger; none otherwise.
    """
    if not submission.engine or verdict is None:
        return None
    now = ledger_record(submission)
    return report(now, verdict.checks, ledger_record_before(submission)) if now else None
