"""What people do to exercises and to tries. Each docstring lists the effects in order."""

from __future__ import annotations

from grading.actions.deadlines import extend, set_late_rule, withdraw_extension
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
from grading.actions.notices import see_notice
from grading.actions.regrades import (
    abandon_regrade,
    apply_regrade,
    is_graded_try,
    override,
    preview_regrade,
    withdraw_override,
)
from grading.actions.requests import (
    add_words,
    answer_request,
    decide_request,
    is_regraded,
    open_request,
    take_back_request,
)

__all__ = [
    "LONGEST_DRAFT",
    "TURN_STEP",
    "Posted",
    "abandon_regrade",
    "add_words",
    "answer_request",
    "apply_regrade",
    "decide_request",
    "discard_draft",
    "extend",
    "forget_answers",
    "is_graded_try",
    "is_regraded",
    "new_variant",
    "open_request",
    "override",
    "preview_regrade",
    "reveal_hint",
    "save_draft",
    "see_notice",
    "set_late_rule",
    "submit",
    "take_back_request",
    "withdraw_extension",
    "withdraw_override",
]
