"""One right option among several.

Answer: `{"option": index}`, the index in the author's order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.seeds import opaque_ids, shuffled
from exercises.specs import Review, Table, values_of
from exercises.texts import fill_text
from exercises.types import (
    Answer,
    Feedback,
    Json,
    Outcome,
    Problem,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)

NOTHING_CHOSEN = Unreadable({"en": "Choose an option.", "zh-hans": "请选择一个选项。"})


class Choice:
    """Scores 1 for the right option and 0 for any other."""

    name: ClassVar[str] = "choice"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(spec, required=("options",), optional=("shuffle",))
        check_choice(review, table, "spec")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed), order_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        chosen = chosen_options(spec, variant, posted)
        if len(chosen) != 1:
            raise Unreadable(NOTHING_CHOSEN.message)
        return {"option": chosen[0]}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        option = options_of(spec)[index_of(answer["option"])]
        right = option.get("correct", False)
        return Verdict(
            Outcome.PASSED if right else Outcome.WRONG,
            1.0 if right else 0.0,
            feedback=feedback_of([option], variant.values),
        )

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        chosen = {index_of(answer["option"])} if answer else set()
        return {"options": shown_options(spec, variant, chosen), "multiple": False}

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"option": right_options(spec)[0]}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        right = right_options(spec)
        return {
            f"option-{index + 1}": {"option": index}
            for index in range(len(options_of(spec)))
            if index not in right
        }


def options_of(spec: Spec) -> Sequence[Table]:
    """The author's options, in the author's order."""
    return cast("Sequence[Table]", spec["options"])


def index_of(stored: Json) -> int:
    """The index in a stored answer."""
    return cast("int", stored)


def right_options(spec: Spec) -> list[int]:
    return [index for index, option in enumerate(options_of(spec)) if option.get("correct")]


def order_of(spec: Spec, seed: int) -> tuple[int, ...]:
    """The order of the options for this seed; the author's own where they are not shuffled."""
    count = len(options_of(spec))
    return shuffled(count, seed) if spec.get("shuffle", True) else tuple(range(count))


def shown_options(spec: Spec, variant: Variant, chosen: set[int]) -> list[dict[str, object]]:
    """The options as a page needs them: id, text and whether it was chosen; nothing else."""
    options = options_of(spec)
    ids = opaque_ids(variant.seed, "option", len(options))
    return [
        {
            "id": ids[index],
            "text": fill_text(options[index]["text"], variant.values),
            "chosen": index in chosen,
        }
        for index in variant.order
    ]


def chosen_options(spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> list[int]:
    """The indexes of the options that a form names, ascending. Raises Unreadable."""
    ids = opaque_ids(variant.seed, "option", len(options_of(spec)))
    chosen = {text for text in posted.get("option", ()) if text}
    if not chosen <= set(ids):
        raise Unreadable(
            {
                "en": "This option belongs to another page. Load the page again and choose anew.",
                "zh-hans": "这个选项不属于当前页面。请重新加载页面后再选择。",
            }
        )
    return [index for index, name in enumerate(ids) if name in chosen]


def feedback_of(said: Sequence[Table], values: Mapping[str, Json]) -> tuple[Feedback, ...]:
    """The remarks of those tables (options, mistakes) that have one."""
    return tuple(
        Feedback(fill_text(table.get("feedback", {}), values), table.get("misconception", ""))
        for table in said
        if table.get("feedback") or table.get("misconception")
    )


def check_choice(review: Review, table: Table, path: str, *, several: bool = False) -> None:
    """Looks at the keys `options` and `shuffle`. `several`: more than one may be right."""
    if "shuffle" in table:
        review.flag(table, "shuffle", path)
    right = 0
    seen: list[object] = []
    for where, item in review.items(table.get("options", ()), f"{path}.options", least=2):
        option = review.table(
            item,
            where,
            required=("text", "feedback") if several else ("text",),
            optional=("correct", "misconception") if several else OPTION_KEYS,
        )
        if review.text(option, "text", where) in seen:
            review.report(f"{where}.text", "Another option says the same.")
        seen.append(option.get("text"))
        review.text(option, "feedback", where)
        review.misconception(option, where)
        if review.flag(option, "correct", where):
            right += 1
            if option.get("misconception"):
                review.report(f"{where}.misconception", "A right option is no misconception.")
    if right == 0 or (right > 1 and not several):
        wanted = "At least one" if several else "Exactly one"
        review.report(f"{path}.options", f"{wanted} option must be correct, not {right}.")


OPTION_KEYS = ("correct", "feedback", "misconception")
