"""What becomes of what learners write: real programs in real boxes."""

from __future__ import annotations

from typing import Any

import pytest

from exercises.registry import kind_named
from exercises.types import CheckResult, Outcome, Tools, Verdict
from sandbox.types import Boxes
from tests.exercises.specimens import PROGRAM

PROGRAMS = kind_named("program")
LIMITS = {"cpu_seconds": 1, "wall_seconds": 2, "memory_mb": 64}

CHECKS = """
from judge import check, close, equal, fail, raises, true

@check("first", en="First", zh="一")
def first(solution, values, rng):
    equal(solution.f(1), 2, en="One more.", zh="多一。")

@check("second", en="Second", zh="二", points=3)
def second(solution, values, rng):
    equal(solution.f(2), 3)
"""


def graded(
    boxes: Boxes,
    program: str | dict[str, str],
    checks: str = CHECKS,
    *,
    visible_only: bool = False,
    seed: int = 1,
    **spec: Any,
) -> Verdict:
    files = {"solution.py": program} if isinstance(program, str) else program
    spec = {"files": list(files), "checks": checks, "limits": LIMITS, **spec}
    variant = PROGRAMS.vary(spec, seed)
    tools = Tools(boxes, visible_only=visible_only)
    return PROGRAMS.grade(spec, variant, {"files": files}, tools)


def first(verdict: Verdict) -> CheckResult:
    return verdict.checks[0]


def outcomes(verdict: Verdict) -> list[Outcome]:
    return [check.outcome for check in verdict.checks]


def test_the_solution_passes_and_the_wrong_ones_do_not(boxes: Boxes) -> None:
    variant = PROGRAMS.vary(PROGRAM, 1)
    solution = PROGRAMS.solution(PROGRAM, variant)
    assert solution is not None
    verdict = PROGRAMS.grade(PROGRAM, variant, solution, Tools(boxes))
    assert (verdict.outcome, verdict.score) == (Outcome.PASSED, 1.0)
    assert verdict.cpu_ms is not None
    assert verdict.memory_bytes is not None
    scores = {
        name: PROGRAMS.grade(PROGRAM, variant, answer, Tools(boxes)).score
        for name, answer in PROGRAMS.wrong(PROGRAM, variant).items()
    }
    assert scores == {"starter": 0.0, "adds-two": 0.4}


TABLE = [
    ("right", "def f(n): return n + 1", [Outcome.PASSED, Outcome.PASSED]),
    ("wrong", "def f(n): return 2 * n", [Outcome.PASSED, Outcome.WRONG]),
    ("nothing returned", "def f(n): n + 1", [Outcome.WRONG, Outcome.WRONG]),
    ("raises", "def f(n):\n    raise KeyError(n)", [Outcome.ERROR, Outcome.ERROR]),
    ("loop", "def f(n):\n    while n == 1: pass\n    return n + 1", [Outcome.TIME, Outcome.PASSED]),
    (
        "sleep",
        "import time\ndef f(n):\n    time.sleep(60 if n == 1 else 0)\n    return n + 1",
        [Outcome.TIME, Outcome.PASSED],
    ),
    (
        "memory",
        "def f(n):\n    x = [0] * (10 ** 9 if n == 1 else 1)\n    return n + 1",
        [Outcome.MEMORY, Outcome.PASSED],
    ),
    (
        "exit",
        "import os\ndef f(n):\n    n == 1 and os._exit(0)\n    return n + 1",
        [Outcome.EXITED, Outcome.PASSED],
    ),
    (
        "polite exit",
        "import sys\ndef f(n):\n    sys.exit(0)",
        [Outcome.ERROR, Outcome.ERROR],
    ),
    ("recursion", "def f(n): return f(n)", [Outcome.ERROR, Outcome.ERROR]),
    (
        "crash",
        "import ctypes\ndef f(n):\n    n == 1 and ctypes.string_at(0)\n    return n + 1",
        [Outcome.CRASHED, Outcome.PASSED],
    ),
    (
        "print flood",
        "def f(n):\n    while n == 1: print('x' * 1000)\n    return n + 1",
        [Outcome.OUTPUT, Outcome.PASSED],
    ),
    (
        "huge value",
        "def f(n): return 'x' * 2_000_000 if n == 1 else n + 1",
        [Outcome.CRASHED, Outcome.PASSED],
    ),
    (
        "a value that just fills a message",
        "def f(n): return 'x' * (2 ** 20 - 40) if n == 1 else n + 1",
        [Outcome.CRASHED, Outcome.PASSED],
    ),
    (
        "a large value that fits",
        "def f(n): return 'x' * 900_000",
        [Outcome.WRONG, Outcome.WRONG],
    ),
    (
        "endless nesting",
        "def f(n):\n    x = []\n    x.append(x)\n    return x if n == 1 else n + 1",
        [Outcome.CRASHED, Outcome.PASSED],
    ),
    ("an object", "class C: pass\ndef f(n): return C()", [Outcome.WRONG, Outcome.WRONG]),
    (
        "equal to everything",
        "class C:\n    def __eq__(self, other): return True\ndef f(n): return C()",
        [Outcome.WRONG, Outcome.WRONG],
    ),
    (
        "an int that lies",
        "class C(int):\n    def __eq__(self, other): return True\ndef f(n): return C(77)",
        [Outcome.WRONG, Outcome.WRONG],
    ),
    ("huge int", "def f(n): return 1 << 2_000_000", [Outcome.WRONG, Outcome.WRONG]),
    ("not a number", "def f(n): return float('nan')", [Outcome.WRONG, Outcome.WRONG]),
    ("no function", "def g(n): return n + 1", [Outcome.ERROR, Outcome.ERROR]),
    ("wrong parameters", "def f(): return 2", [Outcome.ERROR, Outcome.ERROR]),
    (
        "remembers",
        "calls = []\ndef f(n):\n    calls.append(n)\n    return len(calls) + 1",
        [Outcome.PASSED, Outcome.PASSED],
    ),
]


@pytest.mark.parametrize(
    ("program", "expected"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_a_behaviour_and_its_outcome(boxes: Boxes, program: str, expected: list[Outcome]) -> None:
    verdict = graded(boxes, program)
    assert outcomes(verdict) == expected
    earned = (expected[0] is Outcome.PASSED) + 3 * (expected[1] is Outcome.PASSED)
    assert verdict.score == earned / 4
    for check in verdict.checks:
        assert check.title in ({"en": "First", "zh-hans": "一"}, {"en": "Second", "zh-hans": "二"})
        if check.outcome is not Outcome.PASSED and check.key == "first":
            assert sorted(check.message) == ["en", "zh-hans"]


LOADING = [
    ("syntax", "x = 1\ndef f(n:\n    return 1\n", Outcome.ERROR, 2, "SyntaxError"),
    (
        "exception",
        "import json\n\nx = 1 / 0\n",
        Outcome.ERROR,
        3,
        "ZeroDivisionError: division by zero",
    ),
    ("import", "import numpy\n", Outcome.ERROR, 1, "ModuleNotFoundError"),
    ("loop", "while True: pass\n", Outcome.TIME, None, "too long"),
    ("exit", "import os\nos._exit(0)\n", Outcome.EXITED, None, "ended itself"),
    ("input", "x = input()\n", Outcome.ERROR, 1, "EOFError"),
]


@pytest.mark.parametrize(
    ("program", "outcome", "line", "words"),
    [row[1:] for row in LOADING],
    ids=[r[0] for r in LOADING],
)
def test_a_program_that_cannot_be_loaded(
    boxes: Boxes, program: str, outcome: Outcome, line: int | None, words: str
) -> None:
    verdict = graded(boxes, program)
    assert outcomes(verdict) == [outcome, Outcome.NOT_RUN, Outcome.NOT_RUN]
    assert [check.key for check in verdict.checks] == ["load", "first", "second"]
    assert (verdict.outcome, verdict.score) == (outcome, 0.0)
    loading = first(verdict)
    assert (loading.points, loading.line, loading.file) == (0, line, "solution.py" if line else "")
    assert words in loading.message["en"]
    assert [check.message for check in verdict.checks[1:]] == [{}, {}]


def test_an_exception_is_shown_with_its_line(boxes: Boxes) -> None:
    check = first(graded(boxes, "def f(n):\n    return g(n)\n\ndef g(n):\n    return [][n]\n"))
    assert (check.file, check.line) == ("solution.py", 5)
    assert check.message == {
        "en": "IndexError: list index out of range",
        "zh-hans": "IndexError: list index out of range",
    }
    assert (check.called, check.got) == ("f(1)", "IndexError: list index out of range")


def test_a_missing_function_is_named(boxes: Boxes) -> None:
    check = first(graded(boxes, "x = 1"))
    assert check.message == {"en": "Your program has no f.", "zh-hans": "你的程序里没有 f。"}
    assert check.line is None


def test_a_wrong_value_is_shown_beside_the_expected_one(boxes: Boxes) -> None:
    check = first(graded(boxes, "def f(n): return 'two'"))
    assert (check.called, check.got, check.expected) == ("f(1)", "'two'", "2")
    assert check.message == {"en": "One more.", "zh-hans": "多一。"}
    assert check.milliseconds is not None


def test_after_three_deaths_nothing_more_is_run(boxes: Boxes) -> None:
    checks = "from judge import check, equal\n" + "".join(
        f"@check('c{k}', en='C', zh='C')\ndef c{k}(solution, values, rng):\n"
        f"    equal(solution.f({k}), 0)\n"
        for k in range(5)
    )
    verdict = graded(boxes, "import os\ndef f(n): os._exit(1)", checks)
    assert outcomes(verdict) == [Outcome.EXITED] * 3 + [Outcome.NOT_RUN] * 2
    assert verdict.outcome is Outcome.EXITED


def test_a_fresh_box_forgets(boxes: Boxes) -> None:
    program = (
        "import os\nseen = []\ndef f(n):\n    n == 1 and (seen.append(n), os._exit(0))\n"
        "    return 3 if not seen else 'residue'\n"
    )
    assert outcomes(graded(boxes, program)) == [Outcome.EXITED, Outcome.PASSED]


def test_arguments_cannot_be_changed(boxes: Boxes) -> None:
    checks = """
from judge import check, equal
@check("first", en="First", zh="一")
def first(solution, values, rng):
    given = [1, 2]
    solution.f(given)
    equal(given, [1, 2])
"""
    assert graded(boxes, "def f(row): row.clear()", checks).score == 1


def test_several_files(boxes: Boxes) -> None:
    files = {
        "solution.py": "from parts import more\ndef f(n): return more(n)\n",
        "parts.py": "def more(n):\n    if n == 2:\n        raise ValueError\n    return n + 1\n",
    }
    verdict = graded(boxes, files)
    assert outcomes(verdict) == [Outcome.PASSED, Outcome.ERROR]
    assert (verdict.checks[1].file, verdict.checks[1].line) == ("parts.py", 3)


def test_output_is_shown(boxes: Boxes) -> None:
    verdict = graded(boxes, "print('loading')\ndef f(n):\n    print('called', n)\n    return n + 1")
    assert verdict.output == "loading\ncalled 1\ncalled 2\n"


OBJECTS = """
from judge import check, close, equal, raises, true

@check("first", en="First", zh="一")
def first(solution, values, rng):
    chain = solution.Chain(limit=3)
    chain.add("a")
    block = chain.add({"data": [b"b", (1, 2), {3}, None, 1 << 100, 0.5]})
    equal(chain.length, 2)
    equal(block.previous, chain.genesis)
    equal(chain.find(block), 1)
    equal(chain.genesis.chain, chain)
    equal([item for item in chain], ["a", block.data])
    equal(list(chain.words()), ["a"])
    equal(len(chain), 2)
    equal(chain[0], "a")
    true("a" in chain)
    equal(solution.Chain.LIMIT, 10)
    equal(solution.LIMIT, 11)
    equal(solution.Chain.make(4).limit, 4)
    equal(chain.pair(), (block, chain.genesis))
    close(solution.third(), 1 / 3)
    raises("Full", chain.fill)
    raises("Full", solution.refuse, "x", reason="because")
"""
CHAIN = """
LIMIT = 11

class Full(ValueError):
    pass

class Block:
    def __init__(self, data, previous, chain):
        self.data, self.previous, self.chain = data, previous, chain

class Chain:
    LIMIT = 10

    def __init__(self, limit):
        self.limit, self.blocks = limit, []

    @classmethod
    def make(cls, limit):
        return cls(limit)

    @property
    def length(self):
        return len(self.blocks)

    @property
    def genesis(self):
        return self.blocks[0]

    def add(self, data):
        self.blocks.append(Block(data, self.blocks[-1] if self.blocks else None, self))
        return self.blocks[-1]

    def find(self, block):
        return self.blocks.index(block)

    def pair(self):
        return self.blocks[1], self.blocks[0]

    def words(self):
        for block in self.blocks:
            if isinstance(block.data, str):
                yield block.data

    def fill(self):
        raise Full("full")

    def __iter__(self):
        return iter([block.data for block in self.blocks])

    def __len__(self):
        return len(self.blocks)

    def __getitem__(self, place):
        return self.blocks[place].data

    def __contains__(self, data):
        return any(block.data == data for block in self.blocks)

def third():
    return 1 / 3 + 1e-12

def refuse(what, *, reason):
    raise Full(what + reason)
"""


def test_objects_stay_in_their_box_and_can_be_used(boxes: Boxes) -> None:
    check = first(graded(boxes, CHAIN, OBJECTS))
    assert (check.message, check.outcome) == ({}, Outcome.PASSED)


def test_calls_of_objects_are_readable(boxes: Boxes) -> None:
    checks = """
from judge import check, equal
@check("first", en="First", zh="一")
def first(solution, values, rng):
    chain = solution.Chain(3)
    block = chain.add("a")
    equal(chain.find(block), 7)
"""
    check = first(graded(boxes, CHAIN, checks))
    assert check.called == "Chain(3)\nChain#2.add('a')\nChain#2.find(<Block#4>)"
    assert (check.got, check.expected) == ("0", "7")


def test_what_a_check_cannot_use_is_a_wrong_answer(boxes: Boxes) -> None:
    checks = """
from judge import check, equal
@check("first", en="First", zh="一")
def first(solution, values, rng):
    equal(solution.f(1)[1]["previous"], 5)
"""
    check = first(graded(boxes, "def f(n): pass", checks))
    assert (check.outcome, check.got) == (Outcome.WRONG, "None")
    assert check.message["en"] == (
        "The check could not use what your program returned: "
        "TypeError: 'NoneType' object is not subscriptable"
    )


def test_an_endless_conversation_is_ended(boxes: Boxes) -> None:
    checks = """
from judge import check, fail
@check("first", en="First", zh="一")
def first(solution, values, rng):
    for item in solution.f():
        pass
    fail("never")
"""
    program = "import itertools\ndef f(): return itertools.count()"
    limits = {**LIMITS, "cpu_seconds": 10, "wall_seconds": 30}
    assert outcomes(graded(boxes, program, checks, limits=limits)) == [Outcome.TIME]
