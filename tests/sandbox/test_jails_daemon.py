"""Daemons in jails: honest ones, and every way in which one can go wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import BoxBroken, Cause, Stopped, Unavailable, cgroups, jails
from sandbox.jails import PYTHON, PYTHON_FLAGS, Daemon, Jail
from tests.sandbox.jails_processes import running

pytestmark = pytest.mark.slow

JAIL = Jail((PYTHON, *PYTHON_FLAGS, "daemon.py"), mounts={}, memory_bytes=96 << 20)
PATIENT = 60.0
BEGIN = """
import json, os, sys, time
def say(message):
    print(json.dumps(message), flush=True)
say({'ready': True})
"""
ECHO = BEGIN + "for line in sys.stdin: say({'heard': json.loads(line)})\n"


@pytest.fixture(scope="module", autouse=True)
def _wall() -> None:
    try:
        assert jails.breaches() == []
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)


def daemon(program: str, jail: Jail = JAIL, start_seconds: float = PATIENT) -> Daemon:
    return Daemon(jail, files={"daemon.py": program.encode()}, start_seconds=start_seconds)


@pytest.fixture(scope="module")
def echo() -> Iterator[Daemon]:
    with daemon(ECHO) as opened:
        yield opened
    assert not opened.alive


def test_it_greets_and_answers(echo: Daemon) -> None:
    assert (echo.hello, echo.alive) == ({"ready": True}, True)
    assert echo.ask({"a": [1, 2.5, None, "ü\n"]}, seconds=PATIENT) == {
        "heard": {"a": [1, 2.5, None, "ü\n"]}
    }


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(), PLAIN, max_size=3))
def test_every_question_comes_back(echo: Daemon, message: dict[str, object]) -> None:
    try:
        json.dumps(message, allow_nan=False)
    except ValueError:
        with pytest.raises(ValueError, match="not JSON compliant"):
            echo.ask(message, seconds=PATIENT)
        return
    assert echo.ask(message, seconds=PATIENT) == {"heard": message}


def test_long_questions_and_answers(echo: Daemon) -> None:
    text = "x" * (5 << 20)
    assert echo.ask({"text": text}, seconds=PATIENT) == {"heard": {"text": text}}


def test_an_unsendable_question_does_no_harm(echo: Daemon) -> None:
    with pytest.raises(TypeError):
        echo.ask({"x": object()}, seconds=PATIENT)
    assert echo.ask({}, seconds=PATIENT) == {"heard": {}}


ANOMALIES: list[tuple[str, Cause, str]] = [
    ("print('no json', flush=True)", Cause.BAD_REPLY, "it answered no JSON"),
    ("print('[1]', flush=True)", Cause.BAD_REPLY, "it answered no JSON object"),
    ("print('', flush=True)", Cause.BAD_REPLY, "it answered no JSON"),
    ("print('{\"a\": NaN}', flush=True)", Cause.BAD_REPLY, "it answered no JSON"),
    ("print('{\"a\":' * 99999, flush=True)", Cause.BAD_REPLY, "it answered no JSON"),
    ("print('{\"a\":' + '9' * 9999 + '}', flush=True)", Cause.BAD_REPLY, "it answered no JSON"),
    ("os.write(1, b'\\xff{}\\n')", Cause.BAD_REPLY, "it answered no JSON"),
    ("print('{}\\n{}', flush=True)", Cause.BAD_REPLY, "it spoke without being asked"),
    ("os.write(1, b'{}\\n{')", Cause.BAD_REPLY, "it spoke without being asked"),
    ("say('x' * (2 << 20))", Cause.BAD_REPLY, "it answered more than 1048576 bytes"),
    ("while True: os.write(1, b'x' * 4096)", Cause.BAD_REPLY, "more than 1048576 bytes"),
    ("sys.exit(3)", Cause.CRASHED, "it ended"),
    ("os.write(1, b'{'); sys.exit()", Cause.CRASHED, "it ended"),
    ("os.kill(os.getpid(), 9)", Cause.CRASHED, "it ended"),
    ("1 / 0", Cause.CRASHED, "ZeroDivisionError: division by zero"),
    ("if os.fork(): sys.exit()", Cause.CRASHED, "it ended"),
    ("hoard = b'x' * (200 << 20)", Cause.MEMORY, "^memory$"),
]


def stopped(ask: Callable[[], object]) -> Stopped:
    with pytest.raises(Stopped) as caught:
        ask()
    return caught.value


@pytest.mark.parametrize(("body", "cause", "detail"), ANOMALIES)
def test_anomaly(body: str, cause: Cause, detail: str) -> None:
    program = f"{BEGIN}\nsys.stdin.readline()\n{body}\ntime.sleep(60)\n"
    with daemon(program) as opened:
        with pytest.raises(Stopped, match=detail) as first:
            opened.ask({}, seconds=PATIENT, answer_bytes=1 << 20)
        assert (first.value.cause, opened.alive) == (cause, False)
        assert stopped(lambda: opened.ask({}, seconds=PATIENT)) is first.value


SILENT = [
    "sys.stdin.readline(); time.sleep(60)",
    "time.sleep(60)",
    "os.close(0); time.sleep(60)",
    "os.close(1); time.sleep(60)",
    "sys.stdin.readline(); os.write(1, b'{}'); time.sleep(60)",
    "while True: os.write(2, b'x' * 4096)",
]


@pytest.mark.parametrize("body", SILENT)
@pytest.mark.parametrize("length", [1, 1 << 20])
def test_no_answer_in_time(body: str, length: int) -> None:
    with daemon(f"{BEGIN}\n{body}\n") as opened:
        late = stopped(lambda: opened.ask({"x": "x" * length}, seconds=0.3))
        assert (late.cause, opened.alive) == (Cause.TIMEOUT, False)
        assert late.detail.startswith("it did not answer in time")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENT
    while not condition():
        assert time.monotonic() < deadline


def test_one_that_dies_between_questions() -> None:
    program = BEGIN + "sys.stdin.readline(); say({'x': 1}); os.write(2, b'tired')\n"
    with daemon(program) as opened:
        assert opened.ask({}, seconds=PATIENT) == {"x": 1}
        wait_until(lambda: not opened.alive)
        assert str(stopped(lambda: opened.ask({}, seconds=PATIENT))).startswith("crashed: it ")


def test_one_that_speaks_between_questions() -> None:
    program = BEGIN + "sys.stdin.readline(); say({}); time.sleep(0.2); say({}); time.sleep(60)\n"
    with daemon(program) as opened:
        assert opened.ask({}, seconds=PATIENT) == {}
        time.sleep(1)
        assert str(stopped(lambda: opened.ask({}, seconds=PATIENT))) == (
            "bad_reply: it spoke without being asked"
        )


def test_complaints_are_kept_short() -> None:
    program = BEGIN + "sys.stdin.readline(); os.write(2, b'x' * 9999 + b'end'); sys.exit(1)\n"
    with daemon(program) as opened:
        detail = stopped(lambda: opened.ask({}, seconds=PATIENT)).detail
    assert detail == f"it ended: {'x' * (4096 - 3)}end"


def test_a_talkative_one_is_not_hindered() -> None:
    program = BEGIN + "for line in sys.stdin:\n    os.write(2, b'x' * 300000)\n    say({})\n"
    with daemon(program) as opened:
        assert [opened.ask({}, seconds=PATIENT) for _ in range(3)] == [{}, {}, {}]


def test_it_may_use_more_processor_time_than_a_run() -> None:
    program = BEGIN + (
        "for line in sys.stdin:\n"
        "    end = time.process_time() + 1.2\n    while time.process_time() < end: pass\n"
        "    say({})\n"
    )
    with daemon(program, replace(JAIL, cpu_seconds=1)) as opened:
        assert [opened.ask({}, seconds=PATIENT) for _ in range(2)] == [{}, {}]


NO_START = [
    ("import nothing_like_this", 20.0, "No module named 'nothing_like_this'"),
    ("print('hello')", 20.0, "it answered no JSON"),
    ("print('x' * 99999)", 20.0, "it answered more than 65536 bytes"),
    ("import time; time.sleep(60)", 0.5, "it did not answer in time$"),
    ("import os, time; os.write(2, b'no port'); time.sleep(60)", 0.9, "in time: no port$"),
    ("", 20.0, "crashed: it ended"),
]


@pytest.mark.parametrize(("program", "seconds", "complaint"), NO_START)
def test_one_that_does_not_start(program: str, seconds: float, complaint: str) -> None:
    with pytest.raises(Unavailable, match=complaint):
        daemon(program, start_seconds=seconds)


def test_closing_ends_all_of_it() -> None:
    program = BEGIN + (
        "words = 'import os, time; os.setsid(); time.sleep(62.25)'\n"
        "if os.fork() == 0: os.execv(sys.executable, [sys.executable, '-c', words])\n"
        "for line in sys.stdin: say({})\n"
    )
    opened = daemon(program)
    wait_until(lambda: running("time.sleep(62.25)") != [])
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    opened.close()
    assert (opened.alive, running("time.sleep(62.25)")) == (False, [])
    opened.close()
    assert stopped(lambda: opened.ask({}, seconds=1)).cause is Cause.EXITED
    assert len(list(Path("/proc/self/fd").iterdir())) < descriptors


def test_an_interrupted_question_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer would be taken for that of the next question."""
    with daemon(ECHO) as opened:

        def interrupt(*_: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(opened, "_take_answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            opened.ask({}, seconds=PATIENT)
        assert not opened.alive


def test_a_fork_of_its_opener_cannot_ask(echo: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 1)
        with pytest.raises(BoxBroken, match="by the process that opened it only"):
            echo.ask({}, seconds=PATIENT)
        echo.close()
    assert echo.ask({}, seconds=PATIENT) == {"heard": {}}


def test_it_dies_with_the_process_that_opened_it() -> None:
    program = """
import sys, time
from sandbox.jails import Daemon, Jail, PYTHON
words = "print('{}', flush=True); import time; time.sleep(63.375)"
opened = Daemon(Jail((PYTHON, '-c', words), mounts={}))
print('open', flush=True)
time.sleep(60)
"""
    root = Path(jails.__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, text=True
    ) as opener:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "open\n"
        assert running("time.sleep(63.375)") != []
        opener.kill()
    wait_until(lambda: running("time.sleep(63.375)") == [])


def test_without_a_control_group_memory_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroups, "enclose", lambda *limits: cgroups.Enclosure())
    program = BEGIN + "sys.stdin.readline()\nhoard = b'x' * (200 << 20)\ntime.sleep(60)\n"
    with daemon(program) as opened:
        assert stopped(lambda: opened.ask({}, seconds=PATIENT)).cause is Cause.MEMORY
