"""A word or a short phrase.

Answer: `{"value": text}`: what the learner wrote, trimmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from exercises.choice import feedback_of
from exercises.numeric import first
from exercises.patterns import why_slow
from exercises.specs import Review, Table, values_of
from exercises.texts import fill_plain
from exercises.types import (
    Answer,
    Json,
    Outcome,
    Problem,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)

KEYS = ("patterns", "normalise", "wrong")
FORMS = ("case", "space", "width", "punctuation")
MAX_LENGTH = 500
"""Characters of an answer: it bounds the work of an author's patterns."""
CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
SPACE_BESIDE_CJK = re.compile(f"(?<=[{CJK}]) | (?=[{CJK}])")
NO_ANSWER_OF_ANYONE = "zq zq"


class Text:
    """Scores 1 for an accepted form or a matching pattern, else 0."""

    name: ClassVar[str] = "text"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        check_text(review, review.top(spec, required=("accept",), optional=KEYS), "spec")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        value = first(posted, "value").strip()
        if not value:
            raise Unreadable({"en": "Write your answer first.", "zh-hans": "请先填写答案。"})
        if len(value) > MAX_LENGTH:
            raise Unreadable(
                {
                    "en": f"Write it shorter: {MAX_LENGTH} characters are the most.",
                    "zh-hans": f"请写得简短些：最多 {MAX_LENGTH} 个字符。",
                }
            )
        return {"value": value}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        given = normalised(str(answer["value"]), spec)
        if accepts(spec, given, spec, variant):
            return Verdict(Outcome.PASSED, 1.0)
        for mistake in cast("Sequence[Table]", spec.get("wrong", ())):
            if accepts(mistake, given, spec, variant):
                said = feedback_of([mistake], variant.values)
                return Verdict(Outcome.WRONG, 0.0, feedback=said)
        return Verdict(Outcome.WRONG, 0.0)

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        return {"value": answer["value"] if answer else ""}

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"value": accepted(spec, variant)[0]}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        answers: dict[str, Answer] = {"anything": {"value": NO_ANSWER_OF_ANYONE}}
        mistakes = cast("Sequence[Table]", spec.get("wrong", ()))
        for number, mistake in enumerate(mistakes, start=1):
            for form, value in enumerate(accepted(mistake, variant), start=1):
                answers[f"wrong-{number}-{form}"] = {"value": value}
        return answers


def accepted(table: Mapping[str, Json], variant: Variant) -> list[str]:
    """The literal forms with their values filled in."""
    forms = cast("Sequence[str]", table["accept"])
    return [fill_plain(form, variant.values) for form in forms]


def accepts(table: Mapping[str, Json], given: str, spec: Spec, variant: Variant) -> bool:
    """Whether the normalised answer is one of the forms, or matches one of the patterns, whole."""
    if any(given == normalised(form, spec) for form in accepted(table, variant)):
        return True
    if len(given) > MAX_LENGTH:
        return False
    flags = re.IGNORECASE if "case" in forms_of(spec) else re.NOFLAG
    patterns = cast("Sequence[str]", table.get("patterns", ()))
    return any(re.fullmatch(pattern, given, flags) for pattern in patterns)


def forms_of(spec: Spec) -> Sequence[str]:
    return cast("Sequence[str]", spec.get("normalise", FORMS))


def normalised(text: str, spec: Spec) -> str:
    """The text as it is compared. Outer spaces never count.

    `width`: full-width and other compatible forms are the plain ones (NFKC). `case`: upper and
    lower are the same. `punctuation`: a mark is a space. `space`: many spaces are one, and none
    counts beside a Chinese, Japanese or Korean character.
    """
    forms = forms_of(spec)
    text = unicodedata.normalize("NFKC" if "width" in forms else "NFC", text)
    if "case" in forms:
        text = text.casefold()
    if "punctuation" in forms:
        text = "".join(" " if unicodedata.category(sign)[0] == "P" else sign for sign in text)
    if "space" in forms:
        text = SPACE_BESIDE_CJK.sub("", " ".join(text.split()))
    return text.strip()


def check_text(review: Review, table: Table, path: str) -> None:
    """Looks at `accept` and `KEYS`."""
    normalise = table.get("normalise", ())
    for where, form in review.items(normalise, f"{path}.normalise"):
        if form not in FORMS:
            review.report(where, f"This must be one of: {', '.join(FORMS)}.")
    if "accept" in table:
        check_forms(review, table, table["accept"], f"{path}.accept")
    for where, pattern in review.items(table.get("patterns", ()), f"{path}.patterns"):
        check_pattern(review, pattern, where)
    for where, item in review.items(table.get("wrong", ()), f"{path}.wrong"):
        mistake = review.table(
            item, where, required=("accept",), optional=("feedback", "misconception")
        )
        if "accept" in mistake:
            check_forms(review, table, mistake["accept"], f"{where}.accept")
        review.text(mistake, "feedback", where)
        review.misconception(mistake, where)


def check_forms(review: Review, table: Table, value: object, path: str) -> None:
    given = table.get("normalise", FORMS)
    known = [one for one in given if one in FORMS] if isinstance(given, list | tuple) else []
    for where, form in review.items(value, path, least=1):
        if not isinstance(form, str):
            review.report(where, "This must be a text in quotes.")
            continue
        review.placeholders(form, where)
        if not normalised(form, {"normalise": known}):
            review.report(where, "Nothing is left of this: take “punctuation” out of normalise.")
        elif len(form) > MAX_LENGTH:
            review.report(where, f"{MAX_LENGTH} characters are the most.")


def check_pattern(review: Review, pattern: object, path: str) -> None:
    if not isinstance(pattern, str):
        review.report(path, "This must be a pattern in quotes.")
        return
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        review.report(path, f"This is no regular expression: {error}.")
        return
    if reason := why_slow(pattern):
        review.report(path, reason)
