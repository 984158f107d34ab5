"""The trial itself must notice: a lane with a hole in it is caught."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from sandbox import Limits, Raised, Returned, Usage, canaries
from sandbox.attacks.attack import attack
from sandbox.boxes import Lane
from sandbox.canaries import CANARIES, bait
from sandbox.trial import Trial, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class BareBox:
    """No wall at all: runs the program in a child of this very process."""

    def __init__(self, program: str) -> None:
        self.program = program

    def load(self) -> Returned | Raised:
        return Returned(None, 0.0)

    def call(self, function: str, args: Any = (), *_: Any, **__: Any) -> Returned | Raised:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                names: dict[str, Any] = {"__file__": __file__ + ".d/solution.py"}
                exec(self.program, names)
                os.write(writing, repr(names[function](*args)).encode()[:50_000])
            except BaseException as error:
                os.write(writing, repr(error).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            answer = said.read()
        os.waitpid(child, 0)
        text = answer.decode("utf-8", "replace")
        if text == repr(canaries._HONEST_ANSWER):
            return Returned(canaries._HONEST_ANSWER, 0.0)
        return Returned(text, 0.0)

    def read(self, name: str, *, on: Any = None) -> Returned | Raised:
        raise NotImplementedError

    def output(self) -> str:
        return ""

    def usage(self) -> Usage:
        return Usage(0.0, 0, 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


class Bare:
    def open(
        self,
        files: Mapping[str, str],
        *,
        main: str,
        limits: Limits = canaries.LIMITS,
        trusted: bool = False,
    ) -> BareBox:
        return BareBox(files[main])


HARMLESS_TO_RUN = {"signals the host", "makes namespaces"}


def test_every_canary_gets_out_where_there_is_no_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {name: text for name, text in CANARIES.items() if name not in HARMLESS_TO_RUN}
    monkeypatch.setattr(canaries, "CANARIES", chosen)
    found = canaries.breaches(Bare())
    got_out = [line.partition("a program that ")[2].partition(":")[0] for line in found]
    assert got_out == list(chosen)


def test_a_lane_that_does_not_work_is_no_lane() -> None:
    class Mute(Bare):
        def open(self, files: Mapping[str, str], **options: Any) -> BareBox:
            return BareBox("def probe(bait): return None")

    assert [line[:30] for line in canaries.breaches(Mute())] == ["an honest program did not work"]


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    lane = Lane("bubblewrap")
    with bait() as laid:
        yield Trial(lane, laid)
    lane.close()


def test_a_secret_that_is_uttered_is_a_breach(trial: Trial) -> None:
    told = attack("told", "", f"def attack(bait): return {trial.bait.secret!r}")
    assert trial.judge(told).failure == "it read a secret of the host"


def test_a_secret_that_is_printed_is_a_breach(trial: Trial) -> None:
    printed = attack("printed", "", f"print({trial.bait.secret!r})")
    assert trial.judge(printed).failure == "it read a secret of the host"


def test_a_right_answer_is_a_forged_verdict(trial: Trial) -> None:
    program = f"""
import hmac
def attack(bait): pass
def answer(seed):
    secret = bytes.fromhex({trial.bait.secret.encode().hex()!r})
    return hmac.digest(secret, bytes([seed]), 'sha256').hex()
"""
    assert trial.judge(attack("right", "", program)).failure == "it was called right"


def test_a_visit_a_datagram_and_a_file_are_breaches(trial: Trial) -> None:
    laid = trial.bait
    with socket.create_connection(("127.0.0.1", int(str(laid.facts["port"])))):
        assert laid.taken(None) == "it reached a socket of the host"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", int(str(laid.facts["datagrams"]))))
    assert laid.taken(None) == "it sent a datagram to the host"
    left = Path(str(laid.folder)) / "left"
    left.touch()
    assert laid.taken(None) == "it changed a folder of the host"
    left.unlink()
    assert laid.taken(None) == ""


def test_a_process_that_is_left_is_seen() -> None:
    """At the latest by a later look: the first may fall before the next spare child is born."""
    lane = Lane("bubblewrap")
    try:
        with bait() as laid:
            trial = Trial(lane, laid)
            honest = attack("honest", "", "def attack(bait): pass")
            assert trial.judge(honest).failure == ""
            forgotten = lane.server.take()
            looks = (trial.judge(honest).failure for _ in range(60))
            seen = any(failure.startswith("processes were left") for failure in looks)
            forgotten.channel.close()
            assert seen
    finally:
        lane.close()


def test_descendants_are_those_below() -> None:
    """Of a child of ours: this process may have lanes open, which start children when they like."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        grandchild = os.fork()
        if grandchild:
            os.write(writing, str(grandchild).encode())
        time.sleep(30)
        os._exit(0)
    grandchild = int(os.read(reading, 20))
    try:
        assert child in descendants(os.getpid())
        assert descendants(child).keys() == {grandchild}
        assert descendants(grandchild) == {}
    finally:
        for pid in (grandchild, child):
            os.kill(pid, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
