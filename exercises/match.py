"""Rows of which each needs what belongs to it.

Answer: `{"rights": [index, …]}`: for each row, in the author's order, the index of the right
side that was chosen, in `rights_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.seeds import opaque_ids, shuffled
from exercises.specs import Review, Table, values_of
from exercises.texts import fill_text
from exercises.types import (
    Answer,
    CheckResult,
    Feedback,
    Outcome,
    Problem,
    Spec,
    Text,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)
from exercises.verdicts import outcome_of


class Match:
    """Scores the share of the rows that have their own right side."""

    name: ClassVar[str] = "match"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(spec, required=("pairs",), optional=("extra",))
        lefts: list[object] = []
        rights: list[object] = []
        for path, item in review.items(table.get("pairs", ()), "spec.pairs", least=2):
            pair = review.table(
                item, path, required=("left", "right"), optional=("feedback", "misconception")
            )
            if review.text(pair, "left", path) in lefts:
                review.report(f"{path}.left", "Another row says the same.")
            review.text(pair, "right", path)
            review.text(pair, "feedback", path)
            review.misconception(pair, path)
            lefts.append(pair.get("left"))
            rights.append(pair.get("right"))
        for path, item in review.items(table.get("extra", ()), "spec.extra"):
            extra = review.table(item, path, required=("right",))
            if review.text(extra, "right", path) in rights:
                review.report(f"{path}.right", "This belongs to a row: it is no extra.")
            rights.append(extra.get("right"))
        if rights and all(right == rights[0] for right in rights):
            review.report("spec.pairs", "All right sides are the same.")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed), shuffled(len(rights_of(spec)), seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        rights = opaque_ids(variant.seed, "right", len(rights_of(spec)))
        chosen = []
        for row in opaque_ids(variant.seed, "left", len(pairs_of(spec))):
            named = [text for text in posted.get(f"right-{row}", ()) if text]
            if len(named) != 1 or named[0] not in rights:
                raise Unreadable(
                    {
                        "en": "Choose what belongs to it in every row.",
                        "zh-hans": "请为每一行选择与之对应的内容。",
                    }
                )
            chosen.append(rights.index(named[0]))
        return {"rights": chosen}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        pairs = pairs_of(spec)
        checks = []
        feedback = []
        for number, (pair, wanted, chosen) in enumerate(
            zip(pairs, owners(spec), chosen_rights(answer), strict=True), start=1
        ):
            right = wanted == chosen
            remark = {} if right else fill_text(pair.get("feedback", {}), variant.values)
            checks.append(
                CheckResult(
                    key=f"row-{number}",
                    outcome=Outcome.PASSED if right else Outcome.WRONG,
                    points=1.0,
                    earned=1.0 if right else 0.0,
                    title=fill_text(pair["left"], variant.values),
                    message=remark,
                )
            )
            if not right and pair.get("misconception"):
                feedback.append(Feedback({}, pair["misconception"]))
        score = sum(check.earned for check in checks) / len(pairs)
        return Verdict(outcome_of(score), score, tuple(checks), tuple(feedback))

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        pairs = pairs_of(spec)
        rights = rights_of(spec)
        left_ids = opaque_ids(variant.seed, "left", len(pairs))
        right_ids = opaque_ids(variant.seed, "right", len(rights))
        chosen = [right_ids[index] for index in chosen_rights(answer)] if answer else []
        return {
            "rows": [
                {
                    "id": left_ids[row],
                    "left": fill_text(pair["left"], variant.values),
                    "chosen": chosen[row] if chosen else "",
                }
                for row, pair in enumerate(pairs)
            ],
            "rights": [
                {"id": right_ids[index], "text": fill_text(rights[index], variant.values)}
                for index in variant.order
            ],
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"rights": owners(spec)}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        count = len(rights_of(spec))
        right = owners(spec)
        return {
            f"row-{row + 1}": {
                "rights": [*right[:row], (right[row] + 1) % count, *right[row + 1 :]]
            }
            for row in range(len(right))
        }


def pairs_of(spec: Spec) -> Sequence[Table]:
    return cast("Sequence[Table]", spec["pairs"])


def rights_of(spec: Spec) -> list[Text]:
    """Every right side once, in the author's order, those that belong to nothing last."""
    rights: list[Text] = []
    extra = cast("Sequence[Table]", spec.get("extra", ()))
    for table in (*pairs_of(spec), *extra):
        if table["right"] not in rights:
            rights.append(table["right"])
    return rights


def owners(spec: Spec) -> list[int]:
    """For each row, the index in `rights_of` of what belongs to it."""
    rights = rights_of(spec)
    return [rights.index(pair["right"]) for pair in pairs_of(spec)]


def chosen_rights(answer: Answer) -> list[int]:
    """The choices in a stored answer, one for each row."""
    return list(cast("Sequence[int]", answer["rights"]))
