"""What a submission says, in parts that can be counted. Pure.

An option by its index, a row of a matching by its right side, a typed answer in the form in which
it is compared. A number whose right answer differs from learner to learner is counted by how it
relates to the right one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from analysis.near import number_looks_right, text_looks_right
from exercises.choice import options_of
from exercises.cloze import gap_variant, gaps_of
from exercises.match import owners
from exercises.numbers import written
from exercises.numeric import (
    input_of,
    mistakes_of,
    near,
    number_of,
    readable,
    tolerance_of,
    understood,
)
from exercises.registry import kind_named
from exercises.text import normalised
from exercises.types import Answer, Broken, Outcome, Spec, Unreadable, Variant

LONGEST_KEY = 300
CODE_KINDS = ("program", "contract")
TRIAL_SEEDS = range(64)
MOST_VALUES = 12
"""A drawn value with more is not looked at by itself: each group would be a handful of people."""
RELATION = "relation:"
UNFIT = (LookupError, TypeError, ValueError, Broken, Unreadable)
"""What reading an answer by the spec of another version may raise."""
FACTORS = {
    "opposite": Fraction(-1),
    "times-10": Fraction(10),
    "times-100": Fraction(100),
    "times-1000": Fraction(1000),
    "by-10": Fraction(1, 10),
    "by-100": Fraction(1, 100),
    "by-1000": Fraction(1, 1000),
    "double": Fraction(2),
    "half": Fraction(1, 2),
}


class Given(NamedTuple):
    """One countable part of an answer: see `analysis.models.AnswerTally`."""

    facet: str
    part: str
    key: str
    mark: str


def parts_of(
    kind: str, spec: Spec, seed: int, answer: Answer, verdict: Mapping[str, Any]
) -> list[Given]:
    """The parts of a graded answer, each once; none where it was forgotten or is not kept, nor of
    one that this version could not have been given: it was regraded by a version that asks else.
    """
    if not answer:
        return []
    try:
        found = [*_said(kind, spec, seed, answer, verdict), *_misconceptions(verdict)]
    except UNFIT:
        return []
    parts = (Given(one.facet, one.part[:100], short_key(one.key), one.mark) for one in found)
    return list(dict.fromkeys(parts))


def failed_checks(verdict: Mapping[str, Any]) -> list[str]:
    """The keys of the checks that were run and not passed, in the author's order."""
    quiet = (Outcome.PASSED, Outcome.NOT_RUN)
    return [check["key"] for check in verdict.get("checks", ()) if check["outcome"] not in quiet]


def cluster_of(verdict: Mapping[str, Any]) -> str:
    """The set of checks that a program failed, as one text; '' for a program that passed."""
    failed = failed_checks(verdict)
    if verdict["outcome"] == Outcome.PASSED:
        return ""
    return " ".join(failed) or str(verdict["outcome"])


def cluster_id(cluster: str) -> str:
    """A short name of a cluster, for addresses and indexes."""
    return hashlib.sha256(cluster.encode()).hexdigest()[:16]


def groupable_values(kind: str, spec: Spec) -> frozenset[str]:
    """The names of drawn values that are one of a few: learners can be compared by them."""
    if not spec.get("vary"):
        return frozenset()
    seen: dict[str, set[str]] = {}
    for seed in TRIAL_SEEDS:
        for name, value in kind_named(kind).vary(spec, seed).values.items():
            seen.setdefault(name, set()).add(repr(value))
    return frozenset(name for name, values in seen.items() if 2 <= len(values) <= MOST_VALUES)


def groups_of(
    kind: str, spec: Spec, seed: int, answer: Answer, names: frozenset[str]
) -> list[tuple[str, str]]:
    """(dimension, value) of the groups that this try puts its learner into."""
    groups = []
    if names:
        values = kind_named(kind).vary(spec, seed).values
        groups = [("value", f"{name} = {values[name]}"[:100]) for name in sorted(names)]
    if kind == "contract" and answer:
        groups.append(("code", str(answer.get("language", ""))))
    return groups


def short_key(key: str) -> str:
    """A key as it is stored: a longer one is cut, and told apart by its digest."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 17]}…{cluster_id(key)}"


def _said(
    kind: str, spec: Spec, seed: int, answer: Any, verdict: Mapping[str, Any]
) -> Iterator[Given]:
    is_right = verdict["outcome"] == Outcome.PASSED
    whole = "right" if is_right else "wrong"
    if kind == "choice":
        yield _option(spec, answer["option"])
    elif kind == "choices":
        yield from (_option(spec, index) for index in answer["options"])
        yield Given("answer", "", "+".join(map(str, answer["options"])), whole)
    elif kind == "order":
        yield Given("answer", "", ">".join(map(str, answer["items"])), whole)
    elif kind == "match":
        yield from _pairs(spec, answer["rights"])
    elif kind == "cloze":
        variant = kind_named(kind).vary(spec, seed)
        yield from _gaps(spec, variant, answer["gaps"], verdict)
    elif kind in CODE_KINDS:
        yield from (Given("check", "", key, "wrong") for key in failed_checks(verdict))
        if not is_right:
            yield Given("cluster", "", cluster_of(verdict), "wrong")
    else:
        yield _typed(kind, spec, kind_named(kind).vary(spec, seed), answer, "", is_right=is_right)


def _misconceptions(verdict: Mapping[str, Any]) -> Iterator[Given]:
    for remark in verdict.get("feedback", ()):
        if remark.get("misconception"):
            yield Given("misconception", "", remark["misconception"], "wrong")


def _option(spec: Spec, index: int, part: str = "") -> Given:
    is_right = options_of(spec)[index].get("correct", False)
    return Given("option", part, str(index), "right" if is_right else "wrong")


def _pairs(spec: Spec, rights: Sequence[int]) -> Iterator[Given]:
    for row, (own, chosen) in enumerate(zip(owners(spec), rights, strict=True)):
        yield Given("pair", str(row), str(chosen), "right" if own == chosen else "wrong")


def _gaps(
    spec: Spec, variant: Variant, answers: Mapping[str, Any], verdict: Mapping[str, Any]
) -> Iterator[Given]:
    outcomes = {check["key"]: check["outcome"] for check in verdict.get("checks", ())}
    for gap in gaps_of(spec):
        key, kind, given = gap["key"], gap["kind"], answers[gap["key"]]
        if kind == "choice":
            yield _option(gap, given["option"], key)
            continue
        own = gap_variant(variant, gap)
        is_right = outcomes.get(key) == Outcome.PASSED
        varied = {**gap, "vary": spec.get("vary")}
        yield _typed(kind, varied, own, given, key, is_right=is_right)


def _typed(
    kind: str, spec: Spec, variant: Variant, answer: Any, part: str, *, is_right: bool
) -> Given:
    value = str(answer["value"])
    if kind == "text":
        looks = not is_right and text_looks_right(spec, variant, value)
        key = normalised(value, spec)
        # Case and width are what sets such an answer apart: it is shown as it was typed.
        return Given(
            "answer", part, value if looks else key, _mark(looks_right=looks, is_right=is_right)
        )
    unit = str(answer.get("unit", ""))
    looks = not is_right and number_looks_right(spec, variant, value, unit)
    key = _number_key(spec, variant, value, unit, is_right=is_right)
    return Given("answer", part, key, _mark(looks_right=looks, is_right=is_right))


def _mark(*, looks_right: bool, is_right: bool) -> str:
    if is_right:
        return "right"
    return "near" if looks_right else "wrong"


def _number_key(spec: Spec, variant: Variant, value: str, unit: str, *, is_right: bool) -> str:
    try:
        given = understood(spec, value, unit)
        if not spec.get("vary"):
            return written(readable(given), input_of(spec))
        return RELATION + ("right" if is_right else _relation(spec, variant, given, value, unit))
    except (Unreadable, Broken):  # of a version that read answers in another way
        return value


def _relation(spec: Spec, variant: Variant, given: Fraction, value: str, unit: str) -> str:
    """How a wrong number relates to the right one."""
    right, tolerance = number_of(spec["answer"], variant), tolerance_of(spec)
    for number, mistake in enumerate(mistakes_of(spec), start=1):
        if near(given, number_of(mistake["answer"], variant), tolerance):
            return f"mistake-{number}"
    if number_looks_right(spec, variant, value, unit):
        return "rounded"
    for name, factor in FACTORS.items():
        if right and near(given, right * factor, tolerance):
            return name
    if given - right in (1, -1):
        return "one-more" if given > right else "one-less"
    return "other"
