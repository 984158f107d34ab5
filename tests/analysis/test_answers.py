"""What is counted of an answer of each kind, and which wrong answers look right."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.answers import cluster_of, groupable_values, parts_of, short_key
from analysis.near import loosest
from exercises.registry import kind_named
from exercises.types import CheckResult, Outcome, Tools, Verdict
from exercises.verdicts import to_json

CHOICE: dict[str, Any] = {
    "options": [
        {"text": {"en": "Yes"}, "correct": True},
        {"text": {"en": "No"}, "misconception": "wrong-idea"},
        {"text": {"en": "Also"}, "correct": True},
    ]
}
ONE = {
    "options": [{**option, "correct": place == 0} for place, option in enumerate(CHOICE["options"])]
}
ITEMS = {"items": [{"en": name} for name in "abc"]}
PAIRS = {"pairs": [{"left": {"en": one}, "right": {"en": one.upper()}} for one in "ab"]}
STRICT = {"accept": ["Merkle root", "哈希"], "normalise": []}
THIRD: dict[str, Any] = {"answer": 0.3333, "tolerance": {"absolute": 0.00001}}
VARIED: dict[str, Any] = {
    "vary": [["n", "randint(3, 6)"]],
    "answer": "2 ** n",
    "wrong": [{"answer": "2 * n", "misconception": "adds"}],
}
CLOZE = {
    "text": {"en": "[[a]] [[b]]"},
    "gaps": [
        {"key": "a", "kind": "choice", **ONE, "shuffle": False},
        {"key": "b", "kind": "text", "accept": ["hash"]},
    ],
}


def said(kind: str, spec: dict[str, Any], answer: dict[str, Any], seed: int = 1) -> list[str]:
    """The parts of an answer, graded by its kind, as `facet part key mark`."""
    of = kind_named(kind)
    verdict = of.grade(spec, of.vary(spec, seed), answer, Tools())
    parts = parts_of(kind, spec, seed, answer, to_json(verdict))
    return [" ".join(filter(None, part)) for part in parts]


@pytest.mark.parametrize(
    ("kind", "spec", "answer", "expected"),
    [
        ("choice", ONE, {"option": 1}, ["option 1 wrong", "misconception wrong-idea wrong"]),
        ("choice", ONE, {"option": 0}, ["option 0 right"]),
        (
            "choices",
            CHOICE,
            {"options": [0, 1]},
            [
                "option 0 right",
                "option 1 wrong",
                "answer 0+1 wrong",
                "misconception wrong-idea wrong",
            ],
        ),
        ("order", ITEMS, {"items": [1, 0, 2]}, ["answer 1>0>2 wrong"]),
        ("match", PAIRS, {"rights": [0, 0]}, ["pair 0 0 right", "pair 1 0 wrong"]),
        ("text", STRICT, {"value": "merkle-ROOT"}, ["answer merkle-ROOT near"]),
        ("text", STRICT, {"value": "哈 希"}, ["answer 哈 希 near"]),
        ("text", STRICT, {"value": "Merkle"}, ["answer Merkle wrong"]),
        ("text", {"accept": ["hash"]}, {"value": " HASH "}, ["answer hash right"]),
        ("numeric", THIRD, {"value": "0.33", "unit": ""}, ["answer 0.33 near"]),
        ("numeric", THIRD, {"value": "0.34", "unit": ""}, ["answer 0.34 near"]),
        ("numeric", THIRD, {"value": "0.35", "unit": ""}, ["answer 0.35 wrong"]),
        ("numeric", THIRD, {"value": "0", "unit": ""}, ["answer 0 wrong"]),
        ("numeric", {"answer": 12000}, {"value": "12,000", "unit": ""}, ["answer 12000 right"]),
        ("numeric", {"answer": 12000}, {"value": "12001", "unit": ""}, ["answer 12001 wrong"]),
        (
            "cloze",
            CLOZE,
            {"gaps": {"a": {"option": 1}, "b": {"value": "hash"}}},
            ["option a 1 wrong", "answer b hash right", "misconception wrong-idea wrong"],
        ),
    ],
)
def test_parts_of_each_kind(
    kind: str, spec: dict[str, Any], answer: dict[str, Any], expected: list[str]
) -> None:
    assert said(kind, spec, answer) == expected


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (lambda n: 2**n, "right right"),
        (lambda n: 2 * n, "mistake-1 wrong"),
        (lambda n: 20**n // 10 ** (n - 1), "times-10 wrong"),
        (lambda n: -(2**n), "opposite wrong"),
        (lambda n: 2**n + 1, "one-more wrong"),
        (lambda n: 77, "other wrong"),
    ],
)
def test_a_number_that_differs_from_learner_to_learner_is_counted_by_its_relation(
    answer: Any, key: str
) -> None:
    for seed in range(5):
        n = kind_named("numeric").vary(VARIED, seed).values["n"]
        parts = said("numeric", VARIED, {"value": str(answer(n)), "unit": ""}, seed)
        assert parts[0] == f"answer relation:{key}"
    assert groupable_values("numeric", VARIED) == {"n"}
    assert (
        groupable_values("numeric", {**VARIED, "vary": [["n", "randint(1, 999)"]]}) == frozenset()
    )


def test_programs_are_gathered_by_what_they_fail() -> None:
    checks = tuple(
        CheckResult(key, outcome, 1.0, 0.0)
        for key, outcome in (
            ("first", Outcome.PASSED),
            ("second", Outcome.WRONG),
            ("third", Outcome.ERROR),
            ("fourth", Outcome.NOT_RUN),
        )
    )
    verdict = to_json(Verdict(Outcome.PARTLY, 0.2, checks))
    parts = parts_of("program", {}, 1, {"files": {"a.py": ""}}, verdict)
    assert [part.key for part in parts] == ["second", "third", "second third"]
    assert cluster_of(to_json(Verdict(Outcome.TIME, 0.0))) == "time"
    assert cluster_of(to_json(Verdict(Outcome.PASSED, 1.0))) == ""
    assert parts_of("program", {}, 1, {}, verdict) == []


@pytest.mark.parametrize(
    ("kind", "spec", "answer"),
    [
        ("choice", ONE, {"option": 9}),
        ("choice", ONE, {"value": "a"}),
        ("match", PAIRS, {"rights": [0]}),
        ("cloze", CLOZE, {"gaps": {"a": {"option": 1}}}),
        ("order", ITEMS, {"items": None}),
    ],
)
def test_an_answer_to_another_version_is_counted_by_its_score_alone(
    kind: str, spec: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert parts_of(kind, spec, 1, answer, to_json(Verdict(Outcome.WRONG, 0.0))) == []


def test_long_keys_are_cut_and_told_apart() -> None:
    one, other = short_key("a" * 400), short_key("a" * 401)
    assert (len(one), len(other)) == (300, 300)
    assert one != other
    assert loosest(" Ｓha-256。") == "sha256"
