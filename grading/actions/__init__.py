"""What people do to exercises and to tries. Each docstring lists the effects in order."""

from __future__ import annotations

from grading.actions.handing_in import (
    LONGEST_DRAFT,
    TURN_STEP,
    Posted,
    discard_draft,
    forget_answers,
    new_variant,
    reveal_hint,
    save_draft,
    submit,
)

__all__ = [
    "LONGEST_DRAFT",
    "TURN_STEP",
    "Posted",
    "discard_draft",
    "forget_answers",
    "new_variant",
    "reveal_hint",
    "save_draft",
    "submit",
]
