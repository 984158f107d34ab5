"""A text with gaps, each of which is a small exercise of the kind text, numeric or choice.

Answer: `{"gaps": {key: answer of the gap's kind}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.choice import Choice, check_choice, index_of, shown_options
from exercises.numeric import KEYS as NUMERIC_KEYS
from exercises.numeric import Numeric, check_numeric
from exercises.seeds import derived
from exercises.specs import Review, Table, values_of
from exercises.text import KEYS as TEXT_KEYS
from exercises.text import Text, check_text
from exercises.texts import fill
from exercises.types import (
    Answer,
    CheckResult,
    Feedback,
    Json,
    Kind,
    Problem,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)
from exercises.types import Text as Words
from exercises.verdicts import outcome_of

GAP = re.compile(r"\[\[([a-z0-9]+(?:[-_][a-z0-9]+)*)\]\]")
GAP_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
GAP_KINDS: Mapping[str, Kind] = {"text": Text(), "numeric": Numeric(), "choice": Choice()}
FIELDS = {"text": "value", "numeric": "value", "choice": "option"}
"""The form field of each kind, which a gap's own field stands in for."""


class Cloze:
    """Scores the mean of its gaps."""

    name: ClassVar[str] = "cloze"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(spec, required=("text", "gaps"))
        text = review.text(table, "text", "spec")
        keys: list[str] = []
        for path, gap in review.items(table.get("gaps", ()), "spec.gaps", least=1):
            check_gap(review, gap, path)
            key = gap.get("key") if isinstance(gap, Mapping) else None
            if key in keys:
                review.report(f"{path}.key", "Another gap has this key.")
            keys.append(str(key))
        for language, words in text.items():
            check_places(review, str(words), keys, f"spec.text.{language}")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        answers = {}
        for number, gap in enumerate(gaps_of(spec), start=1):
            given = posted.get(f"gap-{gap['key']}", ())
            try:
                answers[gap["key"]] = kind_of(gap).read(
                    gap, gap_variant(variant, gap), {FIELDS[gap["kind"]]: given}
                )
            except Unreadable as error:
                raise Unreadable(
                    {
                        "en": f"Gap {number}: {error.message['en']}",
                        "zh-hans": f"第 {number} 空：{error.message['zh-hans']}",
                    }
                ) from None
        return {"gaps": answers}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        checks: list[CheckResult] = []
        feedback: list[Feedback] = []
        for number, gap in enumerate(gaps_of(spec), start=1):
            verdict = kind_of(gap).grade(
                gap, gap_variant(variant, gap), given_in(answer, gap), tools
            )
            checks.append(
                CheckResult(
                    key=gap["key"],
                    outcome=verdict.outcome,
                    points=1.0,
                    earned=verdict.score,
                    title={"en": f"Gap {number}", "zh-hans": f"第 {number} 空"},
                )
            )
            feedback += verdict.feedback
        score = sum(check.earned for check in checks) / len(checks)
        return Verdict(outcome_of(score), score, tuple(checks), tuple(feedback))

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        fields = {gap["key"]: shown_gap(gap, variant, answer) for gap in gaps_of(spec)}
        text = cast("Words", spec["text"])
        return {
            "segments": {
                language: split(words, fields, variant.values) for language, words in text.items()
            }
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"gaps": solutions(spec, variant)}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        right = solutions(spec, variant)
        return {
            f"{gap['key']}-{name}": {"gaps": {**right, gap["key"]: answer}}
            for gap in gaps_of(spec)
            for name, answer in kind_of(gap).wrong(gap, gap_variant(variant, gap)).items()
        }


def gaps_of(spec: Spec) -> Sequence[Table]:
    return cast("Sequence[Table]", spec["gaps"])


def kind_of(gap: Table) -> Kind:
    return GAP_KINDS[gap["kind"]]


def gap_variant(variant: Variant, gap: Table) -> Variant:
    """The variant of one gap: a seed of its own, the values of the whole."""
    seed = derived(f"{variant.seed}:{gap['key']}")
    return Variant(seed, variant.values, kind_of(gap).vary(gap, seed).order)


def given_in(answer: Answer, gap: Table) -> Answer:
    """The stored answer of one gap."""
    return cast("Mapping[str, Answer]", answer["gaps"])[gap["key"]]


def solutions(spec: Spec, variant: Variant) -> dict[str, Answer]:
    answers = {
        gap["key"]: kind_of(gap).solution(gap, gap_variant(variant, gap)) for gap in gaps_of(spec)
    }
    return {key: answer for key, answer in answers.items() if answer is not None}


def shown_gap(gap: Table, variant: Variant, answer: Answer | None) -> dict[str, object]:
    """What a page needs of a gap: its key, its kind, options without their marks, the value."""
    given = given_in(answer, gap) if answer else None
    field: dict[str, object] = {"gap": gap["key"], "kind": gap["kind"], "options": [], "value": ""}
    if gap["kind"] == "choice":
        chosen = {index_of(given["option"])} if given else set()
        options = shown_options(gap, gap_variant(variant, gap), chosen)
        field["options"] = [{"id": option["id"], "text": option["text"]} for option in options]
        field["value"] = next((option["id"] for option in options if option["chosen"]), "")
    elif given:
        field["value"] = given["value"]
    return field


def split(
    words: str, fields: Mapping[str, Mapping[str, object]], values: Mapping[str, Json]
) -> list[Mapping[str, object]]:
    """A text as filled pieces of HTML and fields, in order. A value cannot bring a gap with it."""
    segments: list[Mapping[str, object]] = []
    for place, piece in enumerate(GAP.split(words)):
        if place % 2:
            segments.append(fields[piece])
        elif piece:
            segments.append({"html": fill(piece, values)})
    return segments


def check_gap(review: Review, gap: object, path: str) -> None:
    own = ("key", "kind")
    kind = gap.get("kind") if isinstance(gap, Mapping) else None
    if kind == "text":
        table = review.table(gap, path, required=(*own, "accept"), optional=TEXT_KEYS)
        check_text(review, table, path)
    elif kind == "numeric":
        table = review.table(gap, path, required=(*own, "answer"), optional=NUMERIC_KEYS)
        check_numeric(review, table, path)
    elif kind == "choice":
        table = review.table(gap, path, required=(*own, "options"), optional=("shuffle",))
        check_choice(review, table, path)
    else:
        review.report(f"{path}.kind", f"This must be one of: {', '.join(GAP_KINDS)}.")
        return
    if not isinstance(table.get("key"), str) or not GAP_KEY.fullmatch(table["key"]):
        review.report(f"{path}.key", "This must be made of small letters, digits and hyphens.")


def check_places(review: Review, words: str, keys: Sequence[str], path: str) -> None:
    """Every gap must stand in the text of each language, once."""
    places = GAP.findall(words)
    for key in keys:
        if places.count(key) != 1:
            review.report(path, f"[[{key}]] must stand here once, not {places.count(key)} times.")
    for key in dict.fromkeys(places):
        if key not in keys:
            review.report(path, f"[[{key}]] has no gap in spec.gaps.")
