"""Compilers and daemons behind a wall.

    jail = Jail(command=("/opt/go/bin/go", "build", "."), mounts={"/opt/go": folder})
    finished = run(jail, files={"main.go": source}, collect=["out.wasm"], wall_seconds=20)

A box (`sandbox.types`) runs one Python program and answers values; a jail runs any program of
ours on what a learner wrote. `run` is for one that ends; a `Daemon` stays and is asked questions,
JSON objects, one a line. What comes out is what the learner's text made of our program: bytes to
be judged, never a verdict.

Nothing is run on a host where a hostile program got out: `breaches` is asked before the first use
in a process. A jail ends with the thread that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Self, cast

from sandbox import jail_canaries, jail_wall, locate
from sandbox.bubblewrap import PYTHON, PYTHON_FLAGS
from sandbox.jail_wall import Enclosed, Jail
from sandbox.types import BoxBroken, Cause, Stopped, Unavailable

__all__ = ["PYTHON", "PYTHON_FLAGS", "Daemon", "Finished", "Jail", "breaches", "run"]

_CHUNK = 1 << 16
_REPORT_BYTES = 1 << 20
_COMPLAINT_BYTES = 4 << 10
_SPENT = 0.75
"""Of the processor time. The kernel ends a process by a count of ticks, which can run a fifth ahead
of the time that it then reports."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ended by itself, well or not."""

    exit_code: int
    """Negative: the signal that ended it."""
    output: str
    """What it printed, on either stream, undecodable bytes replaced."""
    files: Mapping[str, bytes]
    """Those of the files to collect that were there: regular files, behind no symbolic link."""
    wall_seconds: float


_proved: set[tuple[str | None, bool]] = set()
"""The bubblewraps that held every canary in this process, without `/proc` and with it."""


def breaches(*, proc: bool = False) -> list[str]:
    """What a hostile program could do in a jail on this host, as sentences; best none.

    Takes some hundred milliseconds the first time; a wall that held is not tried again in this
    process. `proc`: with `/proc`. Raises `Unavailable` when no jail starts.
    """
    wall = (locate.bubblewrap(), proc)
    if wall in _proved:
        return []
    try:
        found = jail_canaries.breaches(_output_of, proc=proc)
    except Stopped as stopped:
        found = [f"an honest program did not work: it was ended by {stopped}"]
    if not found:
        _proved.add(wall)
    return found


def _output_of(jail: Jail, files: Mapping[str, bytes], wall_seconds: float) -> str:
    return _run(jail, files, (), wall_seconds, _CHUNK, 0).output


def _expect_a_wall(jail: Jail) -> None:
    if found := breaches(proc=jail.proc):
        raise Unavailable(f"jails let canaries out on this host: {'; '.join(found)}")


class _Reader:
    """Takes in what comes from descriptors, in whatever order it comes, until their ends."""

    def __init__(self, rooms: Mapping[int, int]) -> None:
        """`rooms`: descriptor → how many bytes of it are kept."""
        self.taken = {descriptor: bytearray() for descriptor in rooms}
        self.flooded: int | None = None
        """The descriptor of which more came than there was room for."""
        self._rooms = rooms
        self._poll = select.poll()
        for descriptor in rooms:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)
        self._open = len(rooms)

    def to_the_end(self, deadline: float) -> bool:
        """Whether all ends came before the deadline, and no flood."""
        while self._open:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            for descriptor, _ in self._poll.poll(left * 1000):
                self._take(descriptor)
                if self.flooded is not None:
                    return False
        return True

    def _take(self, descriptor: int) -> None:
        part = _read_some(descriptor)
        if part is None:
            return
        if not part:
            self._poll.unregister(descriptor)
            self._open -= 1
            return
        taken = self.taken[descriptor]
        room = self._rooms[descriptor] - len(taken)
        taken += part[:room]
        if len(part) > room:
            self.flooded = descriptor


def _read_some(descriptor: int) -> bytes | None:
    """What is there; nothing at the end; None when there is nothing yet."""
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return None
    except ConnectionError:
        return b""


def run(
    jail: Jail,
    *,
    files: Mapping[str, bytes],
    collect: Sequence[str] = (),
    wall_seconds: float,
    output_bytes: int = 64 << 10,
    collect_bytes: int = 16 << 20,
) -> Finished:
    """Run the command of a jail on `files` (relative names in `/work`) until it ends.

    `collect` names files to bring back, of at most `collect_bytes` together. Whatever the command
    left running is killed first. Raises `Stopped` (TIMEOUT, CPU, MEMORY, OUTPUT, CRASHED: it ran
    away) for what the program did, `BoxBroken` when the command could not be started,
    `Unavailable` when this host has no wall, and `ValueError` for names that are no names.
    """
    jail_wall.check(jail, files, collect)
    _expect_a_wall(jail)
    return _run(jail, files, collect, wall_seconds, output_bytes, collect_bytes)


def _run(
    jail: Jail,
    files: Mapping[str, bytes],
    collect: Sequence[str],
    wall_seconds: float,
    output_bytes: int,
    collect_bytes: int,
) -> Finished:
    enclosed = Enclosed(jail, files, conversing=False, collect=collect, collect_bytes=collect_bytes)
    try:
        return _attend(enclosed, jail, wall_seconds, output_bytes, collect_bytes)
    finally:
        enclosed.end()


def _attend(
    enclosed: Enclosed, jail: Jail, wall_seconds: float, output_bytes: int, collect_bytes: int
) -> Finished:
    control, printed = enclosed.control.fileno(), _stream(enclosed.process.stdout)
    reader = _Reader({control: _REPORT_BYTES + collect_bytes, printed: output_bytes})
    in_time = reader.to_the_end(time.monotonic() + wall_seconds)
    if stopped := enclosed.ran_out_of():
        raise stopped
    if reader.flooded == printed:
        raise Stopped(Cause.OUTPUT, f"it printed more than {output_bytes} bytes")
    if not in_time:
        raise Stopped(Cause.TIMEOUT, f"it took more than {wall_seconds:g} s")
    report = jail_wall.read_report(bytes(reader.taken[control]))
    output = reader.taken[printed].decode("utf-8", "replace")
    if report is None:
        raise BoxBroken(f"the jail ended without a report: {output[-1000:]}")
    spent = report.cpu_seconds > _SPENT * jail.cpu_seconds
    if report.exit_code == -signal.SIGXCPU or (report.exit_code != 0 and spent):
        raise Stopped(Cause.CPU, f"it took more than {jail.cpu_seconds} s of processor time")
    if report.too_long:
        raise Stopped(Cause.OUTPUT, f"it wrote too much into {report.too_long}")
    return Finished(report.exit_code, output, report.files, report.seconds)


def _stream(pipe: IO[bytes] | None) -> int:
    """The descriptor of a pipe that was asked for."""
    return cast("IO[bytes]", pipe).fileno()


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text[:20]} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


class Daemon:
    """A program that stays in its jail and answers questions, for one thread at a time.

    It is given JSON objects, one a line, on its standard input, and answers each with one JSON
    object on one line of its standard output; it begins by itself with one, which is `hello`.
    Whatever else it does ends it. What it says on its standard error is for complaints only. While
    it is not asked anything it is held by memory, disk and processes, but not by time.
    """

    def __init__(
        self,
        jail: Jail,
        *,
        files: Mapping[str, bytes] | None = None,
        start_seconds: float = 20.0,
    ) -> None:
        """Start it and wait for its first line. Raises `Unavailable` with what it complained."""
        jail_wall.check(jail, files or {})
        _expect_a_wall(jail)
        deadline = time.monotonic() + start_seconds
        self._opener = os.getpid()
        self._stopped: Stopped | None = None
        self._incoming = bytearray()
        self._complaint = bytearray()
        self._enclosed = Enclosed(jail, files or {}, conversing=True, start_seconds=start_seconds)
        process = self._enclosed.process
        self._stdin, self._stdout = _stream(process.stdin), _stream(process.stdout)
        self._stderr = _stream(process.stderr)
        self._poll = select.poll()
        for descriptor in (self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)
        os.set_blocking(self._stdin, False)
        try:
            self.hello = self._answer(b"", deadline, _CHUNK)
        except Stopped as stopped:
            raise Unavailable(f"{jail.command[0]} did not start: {stopped}") from None

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._stopped is None and self._enclosed.process.poll() is None

    def ask(
        self, message: Mapping[str, Any], *, seconds: float, answer_bytes: int = 16 << 20
    ) -> dict[str, Any]:
        """What it answers to `message`, in at most `seconds` and so many bytes.

        Raises `Stopped` (TIMEOUT, MEMORY, CRASHED, BAD_REPLY), now and at every later question,
        and `BoxBroken` in a fork of the process that opened it, where answers would be mixed up.
        """
        if os.getpid() != self._opener:
            raise BoxBroken("a daemon can be asked by the process that opened it only")
        line = json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        if self._stopped is not None:
            raise self._stopped
        return self._answer(line, time.monotonic() + seconds, answer_bytes)

    def _answer(self, line: bytes, deadline: float, answer_bytes: int) -> dict[str, Any]:
        try:
            if line:
                self._expect_silence()
            return self._message(self._exchange(line, deadline, answer_bytes))
        except Stopped as stopped:
            self._end(stopped)
            raise self._stopped or stopped from None
        except BaseException:  # half a question was asked: nobody could tell the next answer
            self.close()
            raise

    def _expect_silence(self) -> None:
        if self._incoming or _read_some(self._stdout):
            raise Stopped(Cause.BAD_REPLY, "it spoke without being asked")

    def _exchange(self, line: bytes, deadline: float, answer_bytes: int) -> bytes:
        """Send the line and return the one that comes."""
        outgoing = memoryview(line)
        while b"\n" not in self._incoming[-_CHUNK:]:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Stopped(Cause.TIMEOUT, "it did not answer in time")
            if outgoing:
                self._poll.register(self._stdin, select.POLLOUT)
            for descriptor, _ in self._poll.poll(left * 1000):
                if descriptor == self._stdin:
                    outgoing = outgoing[self._send(outgoing) :]
                elif descriptor == self._stderr:
                    if not self._take_complaint():
                        self._poll.unregister(self._stderr)
                else:
                    self._take_answer(answer_bytes)
            if not outgoing:
                with contextlib.suppress(KeyError):
                    self._poll.unregister(self._stdin)
        answer, _, rest = self._incoming.partition(b"\n")
        if rest or outgoing:
            raise Stopped(Cause.BAD_REPLY, "it spoke without being asked")
        self._incoming.clear()
        return bytes(answer)

    def _send(self, outgoing: memoryview) -> int:
        try:
            return os.write(self._stdin, outgoing[:_CHUNK])
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            raise Stopped(Cause.CRASHED, "it ended") from None

    def _take_answer(self, answer_bytes: int) -> None:
        part = _read_some(self._stdout)
        if part == b"":
            raise Stopped(Cause.CRASHED, "it ended")
        self._incoming += part or b""
        if len(self._incoming) > answer_bytes:
            raise Stopped(Cause.BAD_REPLY, f"it answered more than {answer_bytes} bytes")

    def _take_complaint(self) -> bool:
        """Whether more can come."""
        part = _read_some(self._stderr)
        self._complaint += part or b""
        del self._complaint[:-_COMPLAINT_BYTES]
        return part != b""

    def _message(self, answer: bytes) -> dict[str, Any]:
        try:
            message = _DECODER.decode(answer.decode())
        except (ValueError, RecursionError):
            raise Stopped(Cause.BAD_REPLY, "it answered no JSON") from None
        if not isinstance(message, dict):
            raise Stopped(Cause.BAD_REPLY, "it answered no JSON object")
        return message

    def _end(self, stopped: Stopped) -> None:
        """End it for this reason, or for the deeper one that the wall knows."""
        self._take_complaint()
        said = self._complaint.decode("utf-8", "replace").strip()
        reason = self._enclosed.ran_out_of() or stopped
        if said:
            reason = Stopped(reason.cause, f"{reason.detail}: {said}".removeprefix(": "))
        self._stopped = reason
        self._enclosed.end()

    def close(self) -> None:
        """End it. Can be called again; does nothing in a fork of the process that opened it."""
        if self._stopped is None and os.getpid() == self._opener:
            self._stopped = Stopped(Cause.EXITED, "it was closed")
            self._enclosed.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
