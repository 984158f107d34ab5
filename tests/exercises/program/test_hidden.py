"""What a hostile learner can get out of hidden checks, and into a verdict: nothing."""

from __future__ import annotations

import json

import pytest

from exercises.registry import kind_named
from exercises.types import Broken, Outcome, Tools, Verdict
from exercises.verdicts import to_json
from sandbox.types import Boxes
from tests.exercises.program.test_behaviours import graded, outcomes
from tests.exercises.specimens import PROGRAM

CHECKS = """
from judge import check, equal

@check("hidden", en="Hidden title", zh="隐藏", hidden=True)
def hidden(solution, values, rng):
    equal(solution.f("MARKED-INPUT"), "MARKED-EXPECTED", en="Said by the author.", zh="作者说。",
          misconception="known-one")

@check("visible", en="Visible", zh="可见")
def visible(solution, values, rng):
    equal(solution.f("seen"), "SEEN")
"""

LEAKS = [
    ("wrong value", "def f(x): return x if 'MARK' in x else 'SEEN'"),
    ("exception", "def f(x):\n    if 'MARK' in x: raise ValueError(x)\n    return 'SEEN'"),
    (
        "name of an exception",
        "def f(x):\n    if 'MARK' in x: raise type(x, (Exception,), {})()\n    return 'SEEN'",
    ),
    ("print", "def f(x):\n    print(x)\n    return 'SEEN'"),
    ("print later", "kept = []\ndef f(x):\n    print(kept)\n    kept.append(x)\n    return 'SEEN'"),
    ("answer later", "kept = []\ndef f(x):\n    kept.append(x)\n    return repr(kept)"),
    ("raise later", "kept = []\ndef f(x):\n    kept.append(x)\n    raise ValueError(kept)"),
    ("name of an object", "def f(x): return type(x, (), {})()"),
    ("none subscripted", "def f(x): return {'MARK': x} if 'MARK' in x else 'SEEN'"),
    ("death", "import os\ndef f(x):\n    print(x, flush=True)\n    os._exit(3)"),
    ("standard error", "import sys\ndef f(x):\n    print(x, file=sys.stderr)\n    return 'SEEN'"),
    (
        "a thread that prints",
        (
            "import threading, time\nkept = []\n"
            "def talk():\n    while True:\n        print(kept)\n        time.sleep(0.001)\n"
            "threading.Thread(target=talk, daemon=True).start()\n"
            "def f(x):\n    kept.append(x)\n    return 'SEEN'"
        ),
    ),
]


@pytest.mark.parametrize("program", [row[1] for row in LEAKS], ids=[row[0] for row in LEAKS])
def test_no_hidden_input_and_no_expectation_is_shown(boxes: Boxes, program: str) -> None:
    verdict = graded(boxes, program, CHECKS)
    assert [check.key for check in verdict.checks] == ["hidden", "visible"]
    hidden = verdict.checks[0]
    assert hidden.outcome is not Outcome.PASSED
    assert (hidden.called, hidden.got, hidden.expected) == ("", "", "")
    assert hidden.title == {"en": "Hidden title", "zh-hans": "隐藏"}
    assert "MARK" not in json.dumps(to_json(verdict))


def test_what_the_author_says_of_a_hidden_check_is_shown(boxes: Boxes) -> None:
    verdict = graded(boxes, LEAKS[0][1], CHECKS)
    assert verdict.checks[0].message == {"en": "Said by the author.", "zh-hans": "作者说。"}
    assert [remark.misconception for remark in verdict.feedback] == ["known-one"]
    assert outcomes(verdict) == [Outcome.WRONG, Outcome.PASSED]


def test_an_exception_in_a_hidden_check_has_its_place_and_a_known_name(boxes: Boxes) -> None:
    hidden = graded(boxes, LEAKS[1][1], CHECKS).checks[0]
    assert (hidden.outcome, hidden.file, hidden.line) == (Outcome.ERROR, "solution.py", 2)
    assert hidden.message["en"].startswith("Your program raised ValueError here.")
    hidden = graded(boxes, LEAKS[2][1], CHECKS).checks[0]
    assert hidden.message["en"].startswith("Your program raised an exception here.")


def test_run_neither_runs_nor_reports_hidden_checks(boxes: Boxes) -> None:
    verdict = graded(boxes, "def f(x):\n    print(x)\n    return 'SEEN'", CHECKS, visible_only=True)
    assert [check.key for check in verdict.checks] == ["visible"]
    assert (verdict.score, verdict.outcome) == (1.0, Outcome.PASSED)
    assert verdict.output == "seen\n"


RANDOM = """
from judge import check, equal
@check("first", en="First", zh="一")
def first(solution, values, rng):
    equal(solution.f(rng.randint(0, 10 ** 9), values["n"]), None)
"""


def called(boxes: Boxes, program: str, seed: int) -> str:
    verdict = graded(boxes, program, RANDOM, seed=seed, vary=[["n", "randint(1, 10 ** 6)"]])
    assert verdict.score == 1
    return verdict.checks[0].called


def test_inputs_differ_by_learner_and_try_and_not_by_grading(boxes: Boxes) -> None:
    one, other = "def f(a, b): pass", "def f(a, b): pass  # again"
    calls = [called(boxes, one, 1), called(boxes, other, 1), called(boxes, one, 2)]
    assert len(set(calls)) == 3
    assert called(boxes, one, 1) == calls[0]
    assert calls[0].split(", ")[1] == calls[1].split(", ")[1]  # the varied value stays


FORGERIES = [
    ("a passing reply", "def f(x): return {'outcome': 'passed'}"),
    ("a reply's shape", "def f(x): return ('value', 'MARKED-EXPECTED')"),
    ("a remote's look", "class Remote:\n    handle, type_name = 1, 'x'\ndef f(x): return Remote()"),
    (
        "the channel",
        (
            "import os\ndef f(x):\n"
            "    for fd in range(3, 64):\n"
            '        try: os.write(fd, b\'\\0\\0\\0\\x1d{"n":3,"ok":"MARKED-EXPECTED"}\')\n'
            "        except OSError: pass\n"
            "    return 'x'"
        ),
    ),
    ("the judge", "import judge\ndef f(x): return judge"),
    ("a question to the host", "import box\ndef f(x): return box.ask(('checks', []))"),
    (
        "the frames",
        (
            "import sys\ndef f(x):\n    frame = sys._getframe()\n    found = []\n"
            "    while frame:\n        found.append(repr(frame.f_locals) + repr(frame.f_globals))\n"
            "        frame = frame.f_back\n"
            "    secret = 'MARKED-' + 'EXPEC' + 'TED'\n"
            "    return secret if secret in ''.join(found) else 'none'"
        ),
    ),
    (
        "the heap",
        (
            "import gc\ndef f(x):\n    parts = ['MARKED', 'EXPEC', 'TED']\n"
            "    secret = parts[0] + '-' + parts[1] + parts[2]\n"
            "    for o in gc.get_objects():\n"
            "        if isinstance(o, (tuple, list, dict)) and secret in map(str, list(o)[:99]):\n"
            "            return secret\n"
            "    return 'none'"
        ),
    ),
]


@pytest.mark.parametrize(
    "program", [row[1] for row in FORGERIES], ids=[row[0] for row in FORGERIES]
)
def test_no_reply_is_a_verdict(boxes: Boxes, program: str) -> None:
    verdict = graded(boxes, program, CHECKS)
    assert verdict.score == 0
    assert Outcome.PASSED not in outcomes(verdict)


def broken(boxes: Boxes, checks: str, program: str = "def f(n): return n") -> str:
    with pytest.raises(Broken) as caught:
        graded(boxes, program, checks)
    return str(caught.value)


ONE = "@check('a', en='A', zh='A')\ndef a(solution, values, rng):\n"
BROKEN = [
    ("syntax", "from judge import check\ndef (", "checks.py:2: "),
    ("import", "import nothing_like_it", "checks.py:1: ModuleNotFoundError"),
    (
        "load",
        "from judge import check\nx = 1 / 0",
        "checks.py:2: ZeroDivisionError: division by zero",
    ),
    ("no check", "from judge import check", "no check"),
    (
        "double key",
        "from judge import *\n" + (ONE + "    pass\n") * 2,
        "two checks have the key 'a'",
    ),
    (
        "points",
        "from judge import *\n" + ONE.replace("zh='A'", "zh='A', points=0") + "    pass",
        "points above 0",
    ),
    ("unasked", "from judge import *\n" + ONE + "    [][1]", "checks.py:4: IndexError"),
    (
        "a name",
        "from judge import *\n" + ONE + "    solution.f(1)\n    equl(1, 1)",
        "checks.py:5: NameError",
    ),
    (
        "exit",
        "from judge import *\n" + ONE + "    import os\n    os._exit(0)",
        "ended its box: exited",
    ),
    (
        "no value",
        "from judge import *\n" + ONE + "    solution.f(print)",
        "checks.py:4: AuthorError",
    ),
    (
        "too large",
        "from judge import *\n" + ONE + "    solution.f('x' * 2 ** 21)",
        "checks.py:4: FrameTooLong",
    ),
    (
        "own question",
        "from judge import *\nimport box\n" + ONE + "    box.ask('me')",
        "use `solution`",
    ),
    (
        "kept object",
        (
            "from judge import *\nkept = []\n"
            "@check('a', en='A', zh='A')\ndef a(solution, values, rng):\n"
            "    kept.append(solution.C())\n    solution.die()\n"
            "@check('b', en='A', zh='A')\ndef b(solution, values, rng):\n    kept[0].x\n"
        ),
        "a program that has ended",
    ),
]


@pytest.mark.parametrize(
    ("checks", "words"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_an_authors_mistake_is_never_the_learners_fault(
    boxes: Boxes, checks: str, words: str
) -> None:
    program = "import os\nclass C: pass\ndef f(n): return n\ndef die(): os._exit(0)"
    assert words in broken(boxes, checks, program)


def test_boxes_are_whole_after_a_broken_grading(boxes: Boxes) -> None:
    broken(boxes, "x = 1 / 0")
    variant = kind_named("program").vary(PROGRAM, 1)
    solution = kind_named("program").solution(PROGRAM, variant)
    assert solution is not None
    verdict: Verdict = kind_named("program").grade(PROGRAM, variant, solution, Tools(boxes))
    assert verdict.score == 1


def test_without_boxes_nothing_is_graded() -> None:
    with pytest.raises(Broken):
        kind_named("program").grade(PROGRAM, kind_named("program").vary(PROGRAM, 1), {}, Tools())


def test_nothing_of_one_grading_reaches_the_next(boxes: Boxes) -> None:
    """The checker's box is used again; what it remembered is not there any more."""
    checks = """
from judge import check, equal
import judge

seen = []

@check("seen", en="Seen", zh="看见")
def first(solution, values, rng):
    seen.append(solution.f(1))
    judge.seen = [*getattr(judge, "seen", []), seen[-1]]
    equal([seen, judge.seen], [["mine"], ["mine"]])
"""
    for word, outcome in (("yours", Outcome.WRONG), ("mine", Outcome.PASSED)):
        verdict = graded(boxes, f"def f(x): return {word!r}", checks)
        assert verdict.checks[0].outcome is outcome
