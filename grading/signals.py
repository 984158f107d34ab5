"""News of this room, sent after the transaction that made it has been committed.

A receiver's exception is logged and hurts nobody else (`send_robust`).
"""

from __future__ import annotations

from django.dispatch import Signal

submission_settled = Signal()
"""A submission reached its last state: graded, broken or quarantined. Arguments: `submission_id`,
`state`."""

exercise_passed = Signal()
"""A learner passed an exercise for the first time. Arguments: `enrolment_id`, `exercise_id`,
`submission_id`."""
