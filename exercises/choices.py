"""Several right options.

Answer: `{"options": [index, …]}`, indexes in the author's order, ascending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.choice import (
    check_choice,
    chosen_options,
    feedback_of,
    options_of,
    order_of,
    right_options,
    shown_options,
)
from exercises.specs import Review, values_of
from exercises.types import Answer, Problem, Spec, Tools, Unreadable, Variant, Verdict
from exercises.verdicts import outcome_of


class Choices:
    """Scores (rights chosen - wrongs chosen) / rights, at least 0."""

    name: ClassVar[str] = "choices"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(spec, required=("options",), optional=("shuffle",))
        check_choice(review, table, "spec", several=True)
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed), order_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        chosen = chosen_options(spec, variant, posted)
        if not chosen:
            raise Unreadable(
                {"en": "Choose at least one option.", "zh-hans": "请至少选择一个选项。"}
            )
        return {"options": chosen}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        chosen = chosen_indexes(answer)
        right = set(right_options(spec))
        score = max(0, len(chosen & right) - len(chosen - right)) / len(right)
        options = options_of(spec)
        said = [options[index] for index in variant.order if index in chosen]
        return Verdict(outcome_of(score), score, feedback=feedback_of(said, variant.values))

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        chosen = chosen_indexes(answer) if answer else set()
        return {"options": shown_options(spec, variant, chosen), "multiple": True}

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"options": right_options(spec)}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        right = right_options(spec)
        answers: dict[str, Answer] = {}
        for index in range(len(options_of(spec))):
            if index not in right:
                answers[f"with-option-{index + 1}"] = {"options": sorted([*right, index])}
            elif len(right) > 1:
                without = [other for other in right if other != index]
                answers[f"without-option-{index + 1}"] = {"options": without}
        return answers


def chosen_indexes(answer: Answer) -> set[int]:
    """The indexes in a stored answer."""
    return set(cast("Sequence[int]", answer["options"]))
