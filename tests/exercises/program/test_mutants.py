"""Small mistakes in Python programs, and the checks that do not notice them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.mutants import MOST_MUTANTS
from exercises.program.kind import Program
from exercises.program.mutants import mutants_of
from exercises.program.mutation import all_mutants, mutation_score
from exercises.types import Tools
from sandbox.boxes import open_boxes
from sandbox.types import Boxes

ROOT = Path(__file__).resolve().parents[3]
SOLUTIONS = sorted((ROOT / "curricula").rglob("solution*.py"))
SOURCE = '''\
"""Not "this" == that."""


def first(rows, least=2):
    # 3 < 4
    total = 0
    for row in rows:
        if row["哈希"] is not None and row["n"] < least:
            break
        total += row["n"] * 2
        rows.append("a word of many")
    return f"{total + 1}" if not total else total
'''
CHECKS = """
from judge import check, equal

@check("adds", en="Adds", zh="相加")
def adds(solution, values, rng):
    equal(solution.add([1, 2, 3]), 6)
"""
ADD = "def add(numbers):\n    if numbers == []:\n        return 0\n    return sum(numbers)\n"


def test_the_list_of_small_mistakes() -> None:
    assert [str(mutant) for mutant in mutants_of(SOURCE, "solution.py")] == [
        "solution.py:4 “2” became “3”",
        "solution.py:4 “2” became “1”",
        "solution.py:6 “0” became “1”",
        'solution.py:8 condition never holds: row["哈希"] is not None and row["n"] < least',
        'solution.py:8 “"哈希"” became “"哈希_"”',
        "solution.py:8 “is not” became “is”",
        "solution.py:8 “and” became “or”",
        'solution.py:8 “"n"” became “"n_"”',
        "solution.py:8 “<” became “<=”",
        "solution.py:9 statement dropped: break",
        'solution.py:10 statement dropped: total += row["n"] * 2',
        "solution.py:10 “+” became “-”",
        'solution.py:10 “"n"” became “"n_"”',
        "solution.py:10 “*” became “+”",
        "solution.py:10 “2” became “3”",
        "solution.py:10 “2” became “1”",
        'solution.py:11 statement dropped: rows.append("a word of many")',
        'solution.py:12 returns None and not f"{total + 1}" if not total else total',
        "solution.py:12 condition never holds: not total",
        "solution.py:12 not dropped: (total)",
    ]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
def test_each_is_python_and_differs_in_one_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mutants = mutants_of(text, path.name)
    assert mutants == mutants_of(text, path.name)
    assert 0 < len(mutants) <= MOST_MUTANTS
    assert len({mutant.text for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        ast.parse(mutant.text)
        assert mutant.text.count("\n") <= text.count("\n")
        before, after = text.split("\n"), mutant.text.split("\n")
        assert before[: mutant.line - 1] == after[: mutant.line - 1]


@given(st.text(alphabet="ab:=+<>()\n \t1\"'#\x00", max_size=30))
def test_whatever_it_is_given_it_answers(text: str) -> None:
    for mutant in mutants_of(text, "a.py"):
        assert mutant.text != text


def test_what_runs_the_same_is_no_mutant() -> None:
    files = {"solution.py": "def f() -> 'int':\n    'say 1'\n    return 1 if True else 2\n"}
    names = [mutant.what for _name, mutant in all_mutants(files)]
    assert "“2” became “3”" not in names
    assert "“1” became “2”" in names


@pytest.fixture(scope="module")
def boxes() -> Iterator[Boxes]:
    opened = open_boxes()
    yield opened
    opened.close()


@pytest.mark.xdist_group("boxes")
def test_a_survivor_is_a_missing_check_unless_it_is_listed(boxes: Boxes) -> None:
    spec: dict[str, Any] = {"files": ["solution.py"], "checks": CHECKS}
    spec["solution"] = {"solution.py": ADD}
    variants = [Program().vary(spec, 1)]
    beats: list[int] = []
    score = mutation_score(spec, variants, Tools(boxes=boxes), lambda: beats.append(1))
    never = "solution.py:2 condition never holds: numbers == []"
    zero = ["solution.py:3 “0” became “1”", "solution.py:3 returns None and not 0"]
    assert sorted(map(str, score.survived)) == sorted([never, *zero])
    assert (score.killed, len(beats)) == (2, 5)
    spec["equivalent"] = [never, "solution.py:3 …"]
    score = mutation_score(spec, variants, Tools(boxes=boxes))
    assert (score.survived, score.equivalent, score.share) == ((), 3, 1.0)
