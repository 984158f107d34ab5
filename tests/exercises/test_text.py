"""Short texts: which forms count as the same, and which patterns authors may use."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exercises.patterns import why_slow
from exercises.registry import kind_named
from exercises.text import MAX_LENGTH
from exercises.types import Tools, Unreadable, Verdict

TEXTS = kind_named("text")


def graded(spec: dict[str, Any], value: str) -> Verdict:
    variant = TEXTS.vary(spec, 1)
    return TEXTS.grade(spec, variant, TEXTS.read(spec, variant, {"value": [value]}), Tools())


@pytest.mark.parametrize(
    ("accept", "given", "normalise", "score"),
    [
        ("Hash", "hash", None, 1),
        ("Hash", "hash", ["space"], 0),
        ("straße", "STRASSE", None, 1),
        ("two words", "  two   words ", None, 1),
        ("two words", "two  words", ["case"], 0),
        ("two words", "twowords", None, 0),
        ("hash", "ｈａｓｈ", None, 1),
        ("hash", "ｈａｓｈ", ["case"], 0),
        ("哈希（散列）", "哈希(散列)", None, 1),
        ("背书策略", "背书 策略。", None, 1),
        ("背书 policy", "背书policy", None, 1),
        ("proof-of-work", "Proof of work!", None, 1),
        ("proof-of-work", "proof of work", ["case", "space"], 0),
        ("a == b", "a == b", None, 1),
        ("==", "==", None, 1),
        ("é", "e\u0301", ["case"], 1),
        ("yes", "no", None, 0),
    ],
)
def test_normal_forms(accept: str, given: str, normalise: list[str] | None, score: int) -> None:
    spec: dict[str, Any] = {"accept": [accept]}
    if normalise is not None:
        spec["normalise"] = normalise
    assert TEXTS.check(spec) == []
    assert graded(spec, given).score == score


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ("endorsement policy", 1),
        ("Endorsing Policies", 1),
        ("the endorsement policy", 0),
        ("endorsement policy of it", 0),
        ("x\nendorsement policy", 0),
    ],
)
def test_a_pattern_must_match_all_of_it(given: str, score: int) -> None:
    spec = {"accept": ["x"], "patterns": [r"endors\w+ polic(y|ies)"]}
    assert TEXTS.check(spec) == []
    assert graded(spec, given).score == score


def test_values_stand_in_accepted_forms_unescaped() -> None:
    spec = {"vary": [["x", "'a<b'"]], "accept": ["{{ x }}"], "normalise": []}
    assert graded(spec, "a<b").score == 1
    assert graded(spec, "{{ x }}").score == 0


@pytest.mark.parametrize("value", ["", "   ", "\n", "x" * (MAX_LENGTH + 1)])
def test_empty_and_endless_answers_are_no_try(value: str) -> None:
    with pytest.raises(Unreadable):
        graded({"accept": ["x"]}, value)


def test_widening_an_answer_does_not_reach_a_pattern() -> None:
    """One sign can become eighteen by NFKC; the bound holds for what a pattern is given."""
    spec = {"accept": ["x"], "patterns": [".*"]}
    assert graded(spec, "\ufdfa" * MAX_LENGTH).score == 0
    assert graded(spec, "a" * MAX_LENGTH).score == 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(a*)*",
        r"(a|a)*b",
        r"(?:a|ab)+",
        r"((a?))*",
        r"(?P<x>a+)+",
        r"(?:(?:a+))+",
        r"(a{2,5}){2,}",
        r"a*a*a*a*b",
        r".*.+.*.{0,}x",
        "a?" * 40 + "a" * 40,
        "(a|a)" * 30,
        r"(a)\1",
        r"(?P<x>a)(?P=x)",
        r"(a)(?(1)b|c)",
        "a" * 301,
    ],
)
def test_slow_patterns_are_refused(pattern: str) -> None:
    re.compile(pattern)
    assert why_slow(pattern) != ""
    problems = TEXTS.check({"accept": ["x"], "patterns": [pattern]})
    assert [problem.path for problem in problems] == ["spec.patterns[0]"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"endors\w+ polic(y|ies)",
        r"(?:ab)+",
        r"(the )?hash(es)?",
        r"[+*?{}()|]+",
        r"\(\w+\)\+",
        r"\d{1,3}(,\d{3}){2}",
        r"a{3}",
        r"(?i)merkle.*root",
        r"[]a]+[^]b]",
        r"x{",
        r"(?=ab)ab",
    ],
)
def test_usual_patterns_are_allowed(pattern: str) -> None:
    re.compile(pattern)
    assert why_slow(pattern) == ""


def test_the_slowest_allowed_pattern_ends() -> None:
    """Without the bounds it would not in the age of the universe."""
    pattern = r"a*a*a*b"
    assert why_slow(pattern) == ""
    assert re.fullmatch(pattern, "a" * MAX_LENGTH) is None
