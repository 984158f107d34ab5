"""Every way in which a program can end, and the cause it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sandbox import Cause, Limits, Returned, Stopped

if TYPE_CHECKING:
    from sandbox.boxes import LaneBoxes

SHORT = Limits(cpu_seconds=1, wall_seconds=1.5, memory_bytes=64 << 20, output_bytes=1000)
PATIENT = replace(SHORT, wall_seconds=60)
"""On a busy machine the wall clock must not be what ends a program first."""

ENDINGS = [
    ("while True: pass", Cause.CPU, "more than 1 s"),
    ("return 7 ** 10**8 % 10", Cause.CPU, "more than 1 s"),
    ("import time; time.sleep(60)", Cause.TIMEOUT, "more than 1.5 s"),
    ("return len(bytearray(128 << 20))", Cause.MEMORY, "no memory was left"),
    ("return [bytearray(1 << 16) for _ in range(4000)]", Cause.MEMORY, "no memory was left"),
    ("while True: print('x')", Cause.OUTPUT, "more than 1000 bytes"),
    ("import sys; print('x' * 1001, file=sys.stderr)", Cause.OUTPUT, "more than 1000 bytes"),
    ("import os; os._exit(0)", Cause.EXITED, "exit code 0"),
    ("import os; os._exit(3)", Cause.EXITED, "exit code 3"),
    ("import ctypes; ctypes.string_at(1)", Cause.CRASHED, "SIGSEGV"),
    ("return 'x' * (2 << 20)", Cause.BAD_REPLY, "the message is 2097167 bytes long, more than"),
    ("import os; os.write(3, b'\\xff' * 9)", Cause.BAD_REPLY, "a message of 4294967295 bytes"),
    ("import os, time; os.close(3); time.sleep(60)", Cause.BAD_REPLY, "it closed its channel"),
]


@pytest.mark.parametrize(("body", "cause", "detail"), ENDINGS)
def test_cause(boxes: LaneBoxes, body: str, cause: Cause, detail: str) -> None:
    files = {"solution.py": f"def f():\n    {body}\n"}
    limits = SHORT if cause == Cause.TIMEOUT else PATIENT
    with boxes.open(files, main="solution.py", limits=limits) as box:
        assert isinstance(box.load(), Returned)
        with pytest.raises(Stopped) as stopped:
            box.call("f")
        assert stopped.value.cause == cause
        assert stopped.value.detail[: len(detail)] == detail
        with pytest.raises(Stopped) as again:
            box.call("f")
        assert again.value is stopped.value
    assert box.usage().cpu_seconds > 0


def test_a_program_that_ends_while_loading(boxes: LaneBoxes) -> None:
    with boxes.open({"solution.py": "import os; os._exit(1)"}, main="solution.py") as box:
        with pytest.raises(Stopped) as stopped:
            box.load()
        assert stopped.value.cause == Cause.EXITED


def test_a_memory_error_with_a_text_is_the_programs_own(boxes: LaneBoxes) -> None:
    program = "def f(): raise MemoryError('said so')"
    with boxes.open({"solution.py": program}, main="solution.py") as box:
        box.load()
        assert getattr(box.call("f"), "message", "") == "said so"


def test_the_time_between_calls_is_free(boxes: LaneBoxes) -> None:
    limits = Limits(wall_seconds=2)
    slow, relay = "import time\ndef f(): time.sleep(0.6)", "import box\ndef f(): box.ask(None)"

    with (
        boxes.open({"solution.py": slow}, main="solution.py") as learner,
        boxes.open({"checks.py": relay}, main="checks.py", limits=limits) as checker,
    ):
        learner.load()
        checker.load()
        for _ in range(4):  # 2.4 seconds in all, while the checker only waits
            answer = checker.call("f", ask=lambda _: learner.call("f") and None)
            assert isinstance(answer, Returned)
        assert checker.usage().wall_seconds < 2


def test_the_time_of_calls_is_summed(boxes: LaneBoxes) -> None:
    program = "import time\ndef f(): time.sleep(1.2)"
    limits = Limits(wall_seconds=3)
    with boxes.open({"solution.py": program}, main="solution.py", limits=limits) as box:
        box.load()
        for _ in range(2):
            assert isinstance(box.call("f"), Returned)
        with pytest.raises(Stopped) as stopped:
            box.call("f")
    assert stopped.value.cause == Cause.TIMEOUT


def test_the_first_output_is_kept_when_there_is_too_much(boxes: LaneBoxes) -> None:
    program = "def f():\n    for i in range(10**6): print(i)"
    with boxes.open({"solution.py": program}, main="solution.py", limits=SHORT) as box:
        box.load()
        with pytest.raises(Stopped):
            box.call("f")
        expected = "".join(f"{i}\n" for i in range(1000))[:1000]
        assert box.output() == expected
