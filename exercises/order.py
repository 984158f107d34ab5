"""Items to be put in order.

Answer: `{"items": [index, …]}`: every item by its index in the right order, as the learner
put them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.seeds import opaque_ids, shuffled
from exercises.specs import Review, values_of
from exercises.texts import fill_text
from exercises.types import (
    Answer,
    Feedback,
    Problem,
    Spec,
    Text,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)
from exercises.verdicts import outcome_of


class Order:
    """Scores the share of neighbours (of the right order) of which the first comes first.

    Exchanging two items that stand side by side in the wrong order never lowers it. With
    `credit = "all"` anything but the right order scores 0.
    """

    name: ClassVar[str] = "order"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(spec, required=("items",), optional=("credit", "feedback"))
        review.word(table, "credit", "spec", ("pairs", "all"))
        review.text(table, "feedback", "spec")
        seen: list[object] = []
        for path, item in review.items(table.get("items", ()), "spec.items", least=2):
            review.text_at(item, path)
            if item in seen:
                review.report(path, "Another item says the same.")
            seen.append(item)
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        count = len(items_of(spec))
        order = shuffled(count, seed)
        if order == tuple(range(count)):
            order = (*order[1:], order[0])  # the right order would be no question
        return Variant(seed, values_of(spec, seed), order)

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        ids = opaque_ids(variant.seed, "item", len(items_of(spec)))
        placed = list(posted.get("item", ()))
        if sorted(placed) != sorted(ids):
            raise Unreadable(
                {
                    "en": "Put every item in its place. If one is missing, load the page again.",
                    "zh-hans": "请把每一项都放好。如有缺失，请重新加载页面。",
                }
            )
        return {"items": [ids.index(name) for name in placed]}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        placed = placed_items(answer)
        place = {item: position for position, item in enumerate(placed)}
        pairs = len(placed) - 1
        kept = sum(place[item] < place[item + 1] for item in range(pairs))
        score = kept / pairs
        if spec.get("credit", "pairs") == "all" and kept < pairs:
            score = 0.0
        feedback = cast("Text | None", spec.get("feedback"))
        if kept == pairs or not feedback:
            return Verdict(outcome_of(score), score)
        remark = Feedback(fill_text(feedback, variant.values))
        return Verdict(outcome_of(score), score, feedback=(remark,))

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        items = items_of(spec)
        ids = opaque_ids(variant.seed, "item", len(items))
        order = placed_items(answer) if answer else variant.order
        return {
            "items": [
                {"id": ids[index], "text": fill_text(items[index], variant.values)}
                for index in order
            ]
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"items": list(range(len(items_of(spec))))}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        count = len(items_of(spec))
        return {
            "as-shown": {"items": list(variant.order)},
            "reversed": {"items": list(range(count))[::-1]},
        }


def items_of(spec: Spec) -> Sequence[Text]:
    """The texts of the items, in the right order."""
    return cast("Sequence[Text]", spec["items"])


def placed_items(answer: Answer) -> list[int]:
    """The order in a stored answer."""
    return list(cast("Sequence[int]", answer["items"]))
