"""The example in docs/contract-exercises.md is an exercise."""

from __future__ import annotations

import re
from pathlib import Path

from exercises.contract.conditions import CONDITIONS, RELAY_CONDITIONS
from exercises.contract.kind import Contract
from exercises.contract.laws import LAWS
from exercises.contract.mutation import mutation_score
from exercises.contract.names import OF_A_TRANSACTION, WORDS
from exercises.contract.plan import ACTS
from exercises.types import Tools
from tests.exercises.contract.loading import spec_from

PAGE = Path(__file__).parents[3] / "docs" / "contract-exercises.md"
FILE = re.compile(r"^`(?P<name>[a-z.-]+)`\n```\w+\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
KIND = Contract()


def test_the_example_of_the_page_is_right(tools: Tools) -> None:
    files = {found["name"]: found["text"] for found in FILE.finditer(PAGE.read_text("utf-8"))}
    assert sorted(files) == [
        "checks.toml",
        "exercise.toml",
        "solution.py",
        "starter.py",
        "wrong-no-role-check.py",
    ]
    spec = spec_from(files)
    assert KIND.check(spec) == []
    variant = KIND.vary(spec, 3)
    solution = KIND.solution(spec, variant)
    assert solution is not None
    verdict = KIND.grade(spec, variant, solution, tools)
    assert [check.key for check in verdict.checks if check.earned < check.points] == []
    scores = {
        name: KIND.grade(spec, variant, answer, tools).score
        for name, answer in KIND.wrong(spec, variant).items()
    }
    assert scores == {"starter.py": 2 / 6, "no-role-check.py": 5 / 6}
    assert mutation_score(spec, variant, tools).survived == ()


def test_the_page_names_everything_that_checks_may_use() -> None:
    page = PAGE.read_text("utf-8")
    for name in [*CONDITIONS, *RELAY_CONDITIONS, *LAWS, *ACTS, "invariant"]:
        assert re.search(rf"`[^`\n]*\b{name}\b", page), name
    for word in [*WORDS, *OF_A_TRANSACTION]:
        assert f"@{word}:" in page
