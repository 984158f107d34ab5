"""What authors get told: every mistake of a spec, where it stands, all at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from exercises.registry import kind_named
from tests.exercises.specimens import (
    ALL,
    CHOICE,
    CHOICES,
    CLOZE,
    MATCH,
    NUMERIC,
    ORDER,
    PROGRAM,
    TEXT,
    both,
)

GONE = object()


def changed(spec: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of `spec` with one place changed, or taken away."""
    spec = copy.deepcopy(spec)
    place: Any = spec
    *parents, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in parents:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return spec


MISTAKES: list[tuple[str, dict[str, Any], str, object, list[str]]] = [
    ("choice", CHOICE, "options", GONE, ["spec", "spec.options", "spec.options"]),
    ("choice", CHOICE, "options", "a", ["spec.options", "spec.options"]),
    ("choice", CHOICE, "colour", "red", ["spec.colour"]),
    ("choice", CHOICE, "shuffle", "no", ["spec.shuffle"]),
    ("choice", CHOICE, "options/0/correct", GONE, ["spec.options"]),
    ("choice", CHOICE, "options/0/correct", 1, ["spec.options[0].correct", "spec.options"]),
    (
        "choice",
        CHOICE,
        "options/1/correct",
        True,
        ["spec.options[1].misconception", "spec.options"],
    ),
    ("choice", CHOICE, "options/1/text", GONE, ["spec.options[1]"]),
    ("choice", CHOICE, "options/1/text", "plain", ["spec.options[1].text"]),
    ("choice", CHOICE, "options/1/text", {"en": "x"}, ["spec.options[1].text"]),
    ("choice", CHOICE, "options/1/text", both(" ") | {"en": " "}, ["spec.options[1].text.en"]),
    ("choice", CHOICE, "options/1/text", CHOICE["options"][2]["text"], ["spec.options[2].text"]),
    ("choice", CHOICE, "options/1/text/English", "x", ["spec.options[1].text.English"]),
    (
        "choice",
        CHOICE,
        "options/1/text",
        {"en": "{{ m }}", "zh-hans": "x"},
        ["spec.options[1].text.en"],
    ),
    ("choice", CHOICE, "options/1/misconception", 5, ["spec.options[1].misconception"]),
    ("choice", CHOICE, "options/1/hint", "x", ["spec.options[1].hint"]),
    ("choice", CHOICE, "vary/0/1", "randint(3", ["vary.n"]),
    ("choice", CHOICE, "vary/0/1", 5, ["vary.n"]),
    (
        "choice",
        CHOICE,
        "vary/0/0",
        "len",
        ["vary.len", "spec.options[0].text.en", "spec.options[0].text.zh-hans"],
    ),
    ("choices", CHOICES, "options/1/feedback", GONE, ["spec.options[1]"]),
    ("choices", CHOICES, "options/0/misconception", "x", ["spec.options[0].misconception"]),
    ("numeric", NUMERIC, "answer", "m", ["spec.answer"]),
    ("numeric", NUMERIC, "answer", "'x'", ["spec.answer"]),
    ("numeric", NUMERIC, "answer", True, ["spec.answer"]),
    ("numeric", NUMERIC, "answer", float("nan"), ["spec.answer"]),
    ("numeric", NUMERIC, "tolerance/absolute", float("inf"), ["spec.tolerance.absolute"]),
    ("numeric", NUMERIC, "units", [], []),
    ("numeric", NUMERIC, "tolerance", {"percent": 1}, ["spec.tolerance.percent"]),
    ("numeric", NUMERIC, "tolerance/absolute", -1, ["spec.tolerance.absolute"]),
    ("numeric", NUMERIC, "tolerance/absolute", "1", ["spec.tolerance.absolute"]),
    ("numeric", NUMERIC, "input", "roman", ["spec.input"]),
    ("numeric", NUMERIC, "input", "hexadecimal", ["spec.units"]),
    ("numeric", NUMERIC, "units/1/unit", "B", ["spec.units[1].unit"]),
    ("numeric", NUMERIC, "units/1/unit", "2B", ["spec.units[1].unit"]),
    ("numeric", NUMERIC, "units/1/factor", 0, ["spec.units[1].factor"]),
    ("numeric", NUMERIC, "wrong/0/answer", "(", ["spec.wrong[0].answer"]),
    ("numeric", NUMERIC, "wrong/0/feedback", {"en": ""}, ["spec.wrong[0].feedback.en"]),
    ("numeric", {"answer": 0.5}, "input", "integer", ["spec.answer"]),
    ("text", TEXT, "accept", [], ["spec.accept"]),
    ("text", TEXT, "normalise", 3, ["spec.normalise"]),
    ("text", TEXT, "accept", ["?!"], ["spec.accept[0]"]),
    ("text", TEXT, "accept", ["{{ m }}"], ["spec.accept[0]"]),
    ("text", TEXT, "accept", [5], ["spec.accept[0]"]),
    ("text", TEXT, "patterns", ["("], ["spec.patterns[0]"]),
    ("text", TEXT, "patterns", ["(a+)+"], ["spec.patterns[0]"]),
    ("text", TEXT, "normalise", ["colour"], ["spec.normalise[0]"]),
    ("text", TEXT, "wrong/0/accept", GONE, ["spec.wrong[0]"]),
    ("order", ORDER, "items", ORDER["items"][:1], ["spec.items"]),
    ("order", ORDER, "items/1", ORDER["items"][0], ["spec.items[1]"]),
    ("order", ORDER, "items/1", {"en": "x"}, ["spec.items[1]"]),
    ("order", ORDER, "credit", "some", ["spec.credit"]),
    ("match", MATCH, "pairs/1/left", MATCH["pairs"][0]["left"], ["spec.pairs[1].left"]),
    ("match", MATCH, "pairs/1/right", GONE, ["spec.pairs[1]"]),
    ("match", MATCH, "extra/0/right", MATCH["pairs"][0]["right"], ["spec.extra[0].right"]),
    ("match", MATCH, "extra/0/left", both("x"), ["spec.extra[0].left"]),
    ("cloze", CLOZE, "gaps/0/key", "other", ["spec.text.en"] * 2 + ["spec.text.zh-hans"] * 2),
    ("cloze", CLOZE, "gaps/0/kind", "essay", ["spec.gaps[0].kind"]),
    (
        "cloze",
        CLOZE,
        "gaps/0/key",
        "What",
        ["spec.gaps[0].key", *["spec.text.en"] * 2, *["spec.text.zh-hans"] * 2],
    ),
    ("cloze", CLOZE, "gaps/0/answer", 5, ["spec.gaps[0].answer"]),
    ("cloze", CLOZE, "gaps/1/answer", "(", ["spec.gaps[1].answer"]),
    ("cloze", CLOZE, "gaps/2/options/0/correct", False, ["spec.gaps[2].options"]),
    ("cloze", CLOZE, "text/en", "[[what]] [[which]]", ["spec.text.en"]),
    ("program", PROGRAM, "language", "perl", ["spec.language"]),
    ("program", PROGRAM, "files", ["../x.py"], ["spec.files[0]"]),
    ("program", PROGRAM, "limits", {"cpu_seconds": 100}, ["spec.limits.cpu_seconds"]),
    ("program", PROGRAM, "limits", {"memory_mb": 1.5}, ["spec.limits.memory_mb"]),
    ("program", PROGRAM, "limits", {"disk": 1}, ["spec.limits.disk"]),
    ("program", PROGRAM, "starter", {"other.py": ""}, ["spec.starter"]),
    ("program", PROGRAM, "starter", PROGRAM["solution"], ["spec.starter"]),
    ("program", PROGRAM, "wrong", {}, ["spec.wrong", "spec.misconception_of.adds-two"]),
    ("program", PROGRAM, "wrong/adds-two", {}, ["spec.wrong.adds-two"]),
    ("program", PROGRAM, "misconception_of/adds-two", "", ["spec.misconception_of.adds-two"]),
    ("program", PROGRAM, "checks", "x = (", ["spec.checks"]),
    ("program", PROGRAM, "checks", "x = 1", ["spec.checks"]),
]


@pytest.mark.parametrize(("kind", "spec", "path", "value", "where"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(
    kind: str, spec: dict[str, Any], path: str, value: object, where: list[str]
) -> None:
    problems = kind_named(kind).check(changed(spec, path, value))
    assert [problem.path for problem in problems] == where
    assert all(problem.message for problem in problems)


@pytest.mark.parametrize(("kind", "spec"), ALL)
def test_unknown_and_missing_keys_are_refused(kind: str, spec: dict[str, Any]) -> None:
    assert [p.path for p in kind_named(kind).check({**spec, "extra_key": 1})] == ["spec.extra_key"]
    assert "spec" in [problem.path for problem in kind_named(kind).check({})]


def test_all_mistakes_come_at_once() -> None:
    spec = changed(CHOICE, "options/0/text", {"en": "x"})
    spec = changed(spec, "options/1/hint", 1)
    spec = changed(spec, "shuffle", 1)
    assert sorted(problem.path for problem in kind_named("choice").check(spec)) == [
        "spec.options[0].text",
        "spec.options[1].hint",
        "spec.shuffle",
    ]


def test_a_missing_language_is_named() -> None:
    spec = changed(CHOICE, "options/1/text", {"zh-hans": "x"})
    (problem,) = kind_named("choice").check(spec)
    assert (problem.path, problem.message) == (
        "spec.options[1].text",
        "This text is missing in en.",
    )
