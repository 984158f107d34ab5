"""What a box promises: values, errors with their place, several files, questions, handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox import BoxBroken, Cause, Limits, Raised, Remote, Returned, Stopped, Value

if TYPE_CHECKING:
    from sandbox.boxes import LaneBoxes


def one_call(
    boxes: LaneBoxes, program: str, function: str = "f", *args: Value
) -> Returned | Raised:
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        assert isinstance(box.load(), Returned)
        return box.call(function, args)


def value_of(answer: Returned | Raised) -> Value:
    assert isinstance(answer, Returned), answer
    return answer.value


def place_of(answer: Returned | Raised) -> tuple[str, str, str, int | None]:
    assert isinstance(answer, Raised), answer
    return answer.type_name, answer.message, answer.file, answer.line


def test_call_returns_the_value(boxes: LaneBoxes) -> None:
    program = "def f(a, *, b): return {a: [b, (a, b)], 'n': 2**70, 'b': b'x', 's': {1}}"
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        assert value_of(box.load()) is None
        answer = box.call("f", ["k"], {"b": 1.5})
        assert value_of(answer) == {"k": [1.5, ("k", 1.5)], "n": 2**70, "b": b"x", "s": {1}}


def test_state_lives_as_long_as_the_box(boxes: LaneBoxes) -> None:
    program = "count = 0\ndef f():\n    global count\n    count += 1\n    return count"
    for _ in range(2):
        with boxes.open({"solution.py": program}, main="solution.py") as box:
            box.load()
            assert [value_of(box.call("f")) for _ in range(3)] == [1, 2, 3]
            assert value_of(box.read("count")) == 3


def test_every_box_draws_numbers_of_its_own(boxes: LaneBoxes) -> None:
    program = "import random\ndef f():\n    return random.random()\n"
    drawn = [value_of(one_call(boxes, program)) for _ in range(4)]
    assert len(set(drawn)) == 4


def test_a_program_may_use_threads(boxes: LaneBoxes) -> None:
    program = """
import threading
def f(x):
    found = []
    threads = [threading.Thread(target=lambda n=n: found.append(n)) for n in range(x)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return [sorted(found), threading.active_count(), threading.current_thread().name]
"""
    assert value_of(one_call(boxes, program, "f", 3)) == [[0, 1, 2], 1, "MainThread"]


def test_an_error_names_the_line_of_the_program(boxes: LaneBoxes) -> None:
    program = "import json\n\ndef f(text):\n    return json.loads(text)\n"
    name, _, file, line = place_of(one_call(boxes, program, "f", "{"))
    assert (name, file, line) == ("JSONDecodeError", "solution.py", 4)


def test_an_error_outside_the_program_has_no_line(boxes: LaneBoxes) -> None:
    assert place_of(one_call(boxes, "", "missing"))[2:] == ("", None)


def test_a_syntax_error_names_its_line(boxes: LaneBoxes) -> None:
    files = {"solution.py": "import helper\n", "helper.py": "x = 1\nx = = 2\n"}
    with boxes.open(files, main="solution.py") as box:
        name, _, file, line = place_of(box.load())
    assert (name, file, line) == ("SyntaxError", "helper.py", 2)


def test_an_error_while_loading_is_raised(boxes: LaneBoxes) -> None:
    with boxes.open({"solution.py": "\nraise KeyError('k')"}, main="solution.py") as box:
        assert place_of(box.load()) == ("KeyError", "'k'", "solution.py", 2)


@pytest.mark.parametrize("program", ["x = '\ud800'", "x = 1\0"])
def test_text_that_is_no_source_is_the_programs_error(boxes: LaneBoxes, program: str) -> None:
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        assert place_of(box.load())[0] in ("SyntaxError", "UnicodeDecodeError", "ValueError")


def test_messages_are_bounded_and_clean(boxes: LaneBoxes) -> None:
    program = "def f(): raise ValueError('\\0\\ud800' + 'x' * 10**6)"
    message = place_of(one_call(boxes, program))[1]
    assert message == "\ufffd?" + "x" * 498


def test_leaving_by_exit_is_an_error_with_a_line(boxes: LaneBoxes) -> None:
    answer = one_call(boxes, "import sys\ndef f():\n    sys.exit('bye')")
    assert place_of(answer) == ("SystemExit", "bye", "solution.py", 3)


def test_other_files_are_modules_and_data(boxes: LaneBoxes) -> None:
    files = {
        "solution.py": "from ledger.block import head\nimport queue\n"
        "def f(): return head(), queue.MINE, open('data.txt').read(), __name__",
        "ledger/__init__.py": "",
        "ledger/block.py": "def head(): return 'genesis'",
        "queue.py": "MINE = True",
        "data.txt": "línea\n",
    }
    with boxes.open(files, main="solution.py") as box:
        box.load()
        assert value_of(box.call("f")) == ("genesis", True, "línea\n", "solution")


@pytest.mark.parametrize("name", ["random.py", "tests/token.py", "secrets.py"])
def test_the_main_file_may_be_named_like_a_library(boxes: LaneBoxes, name: str) -> None:
    with boxes.open({name: "def f(): return 'mine'"}, main=name) as box:
        assert isinstance(box.load(), Returned)
        assert value_of(box.call("f")) == "mine"


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"a.py": ""}, "b.py"),
        ({"a.txt": ""}, "a.txt"),
        ({"../a.py": ""}, "../a.py"),
        ({"/a.py": ""}, "/a.py"),
        ({"a.py": "", "b//c": ""}, "a.py"),
        ({"a.py": "", "a.py/b": ""}, "a.py"),
        ({"a.py": "", "b\0": ""}, "a.py"),
        ({"a.py": "", "ü" * 150: ""}, "a.py"),
        ({"a-b.py": ""}, "a-b.py"),
        ({f"a{i}.py": "" for i in range(65)}, "a0.py"),
        ({"a.py": "x" * (2 << 20)}, "a.py"),
    ],
)
def test_names_that_no_box_can_hold_are_refused(
    boxes: LaneBoxes, files: dict[str, str], main: str
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is for the reader
        boxes.open(files, main=main)


def test_output_is_kept(boxes: LaneBoxes) -> None:
    program = "import os\nprint('loaded')\ndef f():\n    print('ñ')\n    os.write(1, b'\\xff\\0')"
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        box.load()
        assert box.output() == "loaded\n"
        box.call("f")
        assert box.output() == "loaded\nñ\n\ufffd\ufffd"
    assert box.output() == "loaded\nñ\n\ufffd\ufffd"


CHAIN = """
class Block:
    def __init__(self, data): self.data, self.next = data, None
    def link(self, other): self.next = other; return self
    def text(self): return self.data
genesis = Block('genesis')
def make(data): return Block(data)
def head(): return genesis
def same(a, b): return a is b
"""


def test_objects_stay_inside_and_can_be_used(boxes: LaneBoxes) -> None:
    with boxes.open({"solution.py": CHAIN}, main="solution.py") as box:
        box.load()
        first, second = value_of(box.call("make", ["a"])), value_of(box.call("make", ["b"]))
        assert (first, second) == (Remote(0, "Block"), Remote(1, "Block"))
        assert isinstance(first, Remote)
        assert value_of(box.call("link", [second], on=first)) == first
        assert value_of(box.call("next.text", on=first)) == "b"
        assert value_of(box.read("next", on=first)) == second
        assert value_of(box.call("same", [[first], [first]])) is False
        assert value_of(box.call("same", [first, first])) is True
        assert value_of(box.call("head")) == value_of(box.read("genesis")) == Remote(2, "Block")
        assert place_of(box.call("text", on=Remote(9, "Block")))[0] == "KeyError"


def test_handles_are_limited(boxes: LaneBoxes) -> None:
    program = "def f(n): return [object() for _ in range(n)]"
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        box.load()
        many = value_of(box.call("f", [10_000]))
        assert isinstance(many, list)
        assert len(set(many)) == 10_000
        with pytest.raises(Stopped) as stopped:
            box.call("f", [1])
    assert stopped.value.cause == Cause.BAD_REPLY


CHECKER = """
import box
def check(n):
    answers = [box.ask(['double', i]) for i in range(n)]
    return answers
def talk(value):
    return type(value).__name__, box.ask(value)
def object_in_question():
    return box.ask(object())
"""


def test_a_checker_asks_its_opener(boxes: LaneBoxes) -> None:
    program = "def double(x): return 2 * x"
    with (
        boxes.open({"solution.py": program}, main="solution.py") as learner,
        boxes.open({"checks.py": CHECKER}, main="checks.py", trusted=True) as checker,
    ):
        learner.load()
        checker.load()

        def answer(question: Value) -> Value:
            assert isinstance(question, list)
            return value_of(learner.call(question[0], question[1:]))

        assert value_of(checker.call("check", [5], ask=answer)) == [0, 2, 4, 6, 8]


def test_a_foreign_object_passes_through_a_checker(boxes: LaneBoxes) -> None:
    with boxes.open({"checks.py": CHECKER}, main="checks.py", trusted=True) as checker:
        checker.load()
        heard: list[Value] = []

        def answer(question: Value) -> Value:
            heard.append(question)
            return Remote(77, "Wallet")

        answer_value = value_of(checker.call("talk", [1], ask=answer))
        assert answer_value == ("int", Remote(0, "Remote"))
        assert heard == [1]
        assert place_of(checker.call("object_in_question", ask=answer))[0] == "TypeError"


def test_a_question_that_nobody_answers_ends_the_box(boxes: LaneBoxes) -> None:
    with boxes.open({"checks.py": CHECKER}, main="checks.py") as box:
        box.load()
        with pytest.raises(Stopped) as stopped:
            box.call("check", [1])
    assert stopped.value.cause == Cause.BAD_REPLY


def test_an_error_of_the_opener_while_answering_ends_the_box(boxes: LaneBoxes) -> None:
    def answer(question: Value) -> Value:
        raise ZeroDivisionError

    with boxes.open({"checks.py": CHECKER}, main="checks.py") as box:
        box.load()
        with pytest.raises(ZeroDivisionError):
            box.call("check", [1], ask=answer)
        with pytest.raises(BoxBroken):
            box.call("check", [1], ask=answer)


def test_arguments_must_be_plain(boxes: LaneBoxes) -> None:
    with boxes.open({"solution.py": "def f(x): return x"}, main="solution.py") as box:
        box.load()
        with pytest.raises(TypeError):
            box.call("f", [object()])
        with pytest.raises(ValueError, match="bytes long"):
            box.call("f", ["x" * (2 << 20)])
        assert value_of(box.call("f", [1])) == 1


def test_a_closed_box_answers_nothing(boxes: LaneBoxes) -> None:
    with boxes.open({"solution.py": ""}, main="solution.py") as box:
        box.load()
    with pytest.raises(BoxBroken):
        box.load()


def test_usage_is_known_afterwards(boxes: LaneBoxes) -> None:
    program = "def f():\n    return sum(range(10**6)), len(bytearray(32 << 20))"
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        box.load()
        box.call("f")
    used = box.usage()
    assert used.cpu_seconds > 0
    assert used.peak_memory_bytes > 32 << 20
    assert used.wall_seconds > 0
    assert box.usage() == used


VETTED = """
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives import hashes
import asyncio, threading, zoneinfo, sqlite3, decimal, ssl
def sign():
    key = ec.generate_private_key(ec.SECP256K1())
    key.public_key().verify(key.sign(b'x', ec.ECDSA(hashes.SHA256())), b'x',
                            ec.ECDSA(hashes.SHA256()))
    return True
def concurrent():
    async def node(n):
        await asyncio.sleep(0)
        return n
    async def network():
        return await asyncio.gather(*map(node, range(3)))
    return asyncio.run(network())
def threaded():
    done = []
    threads = [threading.Thread(target=done.append, args=(i,)) for i in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(done)
def stored():
    return sqlite3.connect(':memory:').execute('select 1 + 1').fetchone()
"""


@pytest.mark.parametrize(
    ("function", "expected"),
    [("sign", True), ("concurrent", [0, 1, 2]), ("threaded", [0, 1, 2, 3]), ("stored", (2,))],
)
def test_what_learners_need_works(boxes: LaneBoxes, function: str, expected: Value) -> None:
    assert value_of(one_call(boxes, VETTED, function)) == expected


def test_sets_have_the_same_order_in_every_box(boxes: LaneBoxes) -> None:
    program = "def f(): return list({'a', 'b', 'c', 'd', 'e', 'f'})"
    first = value_of(one_call(boxes, program))
    assert [value_of(one_call(boxes, program)) for _ in range(3)] == [first] * 3


def test_limits_of_one_box_are_not_those_of_the_next(boxes: LaneBoxes) -> None:
    program = "def f(): return len(bytearray(64 << 20))"
    files = {"solution.py": program}
    with boxes.open(files, main="solution.py", limits=Limits(memory_bytes=32 << 20)) as small:
        small.load()
        with pytest.raises(Stopped):
            small.call("f")
    with boxes.open(files, main="solution.py") as large:
        large.load()
        assert value_of(large.call("f")) == 64 << 20


NEIGHBOUR = """
import os
def look():
    here = os.path.dirname(__file__)
    above, own = os.path.split(here)
    found = []
    for name in [own, *map(str, range(2000))]:
        try:
            found.append(sorted(os.listdir(os.path.join(above, name))))
        except OSError:
            pass
        try:
            found.append(open(os.path.join(above, name, 'checks.py')).read())
        except OSError:
            pass
    return found
"""


def test_boxes_that_are_open_together_cannot_see_each_other(boxes: LaneBoxes) -> None:
    with (
        boxes.open({"checks.py": "SECRET = 1"}, main="checks.py", trusted=True) as checker,
        boxes.open({"solution.py": NEIGHBOUR}, main="solution.py") as learner,
    ):
        checker.load()
        learner.load()
        seen = value_of(learner.call("look"))
        assert isinstance(seen, list)
        assert [entry for entry in seen if entry != ["solution.py"]] == []
        assert seen != []
