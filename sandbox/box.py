"""One box as its opener holds it: questions, limits, and how the program ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any, NoReturn, Self

from sandbox import channel as wire
from sandbox.inside import values
from sandbox.inside.frames import FrameTooLong, pack
from sandbox.lanes import Ended, LaneLost, Slot
from sandbox.types import (
    Ask,
    BoxBroken,
    Cause,
    Limits,
    Raised,
    Remote,
    Returned,
    Stopped,
    Usage,
    Value,
)

_SETUP_SECONDS = 20.0
_GRACE_SECONDS = 2.0
"""How long a process that closed its channel may take to end before it counts as alive."""
_CPU_CERTAIN = 0.25
"""From which part of its CPU limit on a killed program counts as killed by that limit.

The limit counts timer ticks and the usage counts what really ran; on a virtual machine whose
processors are taken away now and then the two lie far apart."""
_MAX_MESSAGE = 500
_MAX_LINE = 10_000_000


class ClosedBox:
    """A `Box` on a lane's child. `ended` is called once, when the box has ended.

    `program` is the frame that `program_frame` made of the same `files`.
    """

    def __init__(
        self,
        slot: Slot,
        program: bytes,
        files: Collection[str],
        limits: Limits,
        ended: Callable[[BoxBroken | None], None],
    ) -> None:
        self._slot = slot
        self._channel = slot.channel
        self._channel.output_bytes = limits.output_bytes
        self._files = frozenset(files)
        self._limits = limits
        self._on_end = ended
        self._told = False
        self._spent = 0.0
        self._number = 0
        self._outcome: Stopped | BoxBroken | None = None
        self._open = True
        self._usage: Ended | None = None
        self._program = program
        """Not sent yet; empty when the child has confirmed that it is closed."""
        self._expect("ready", b"")

    def load(self) -> Returned | Raised:
        return self._question({"op": "load"}, None)

    def call(
        self,
        function: str,
        args: Sequence[Value] = (),
        kwargs: Mapping[str, Value] | None = None,
        *,
        on: Remote | None = None,
        ask: Ask | None = None,
    ) -> Returned | Raised:
        question = {
            "op": "call",
            "name": function,
            "on": None if on is None else on.handle,
            "args": values.encode(list(args), _refer),
            "kwargs": values.encode(dict(kwargs or {}), _refer),
        }
        return self._question(question, ask)

    def read(self, name: str, *, on: Remote | None = None) -> Returned | Raised:
        question = {"op": "read", "name": name, "on": None if on is None else on.handle}
        return self._question(question, None)

    def output(self) -> str:
        return bytes(self._channel.printed).decode("utf-8", "replace").replace("\0", "\ufffd")

    def usage(self) -> Usage:
        if self._usage is None and not self._open:
            self._usage = self._collect(0.0)
        ended = self._usage
        cpu, memory = (ended.cpu, ended.memory) if ended else (0.0, 0)
        return Usage(cpu_seconds=cpu, peak_memory_bytes=memory, wall_seconds=self._spent)

    @property
    def healthy(self) -> bool:
        """Whether it is open and has broken no limit."""
        return self._open and self._outcome is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the box. Afterwards every question raises `BoxBroken`, or what it ended with."""
        if self._open:
            self._outcome = self._outcome or BoxBroken("the box is closed")
            lost = self._dismiss(0.0)
            self._tell_end(lost)

    def _question(self, question: dict[str, Any], ask: Ask | None) -> Returned | Raised:
        if self._outcome is not None:
            raise self._outcome
        if self._program:
            self._expect("closed", self._program)
            self._program = b""
        self._number += 1
        try:
            frame = pack({"n": self._number, **question})
        except FrameTooLong as error:
            raise ValueError(str(error)) from None
        before = self._spent
        reply = self._exchange(frame)
        while "ask" in reply:
            reply = self._exchange(self._answer(reply["ask"], ask))
        return self._read_reply(reply, (self._spent - before) * 1000)

    def _answer(self, tree: object, ask: Ask | None) -> bytes:
        """Let the opener answer a question; its time is not the program's."""
        if ask is None:
            self._stop(Cause.BAD_REPLY, "it asked a question that nobody wanted to hear")
        try:
            question = values.decode(tree, Remote)
        except values.Malformed as error:
            self._stop(Cause.BAD_REPLY, str(error))
        try:
            return pack({"answer": values.encode(ask(question), _refer)})
        except BaseException:
            self.close()
            raise

    def _exchange(self, frame: bytes) -> dict[str, Any]:
        started = time.monotonic()
        try:
            return self._channel.exchange(frame, self._limits.wall_seconds - self._spent)
        except wire.TimedOut:
            self._stop(Cause.TIMEOUT, f"more than {self._limits.wall_seconds:g} s")
        except wire.Flooded:
            self._stop(Cause.OUTPUT, f"more than {self._limits.output_bytes} bytes")
        except wire.Garbled as error:
            self._stop(Cause.BAD_REPLY, str(error))
        except wire.Closed:
            self._explain_death()
        finally:
            self._spent += time.monotonic() - started

    def _read_reply(self, reply: dict[str, Any], milliseconds: float) -> Returned | Raised:
        try:
            match reply:
                case {"n": number} if number != self._number:
                    self._stop(Cause.BAD_REPLY, "an answer to another question")
                case {"n": _, "ok": tree}:
                    return Returned(values.decode(tree, Remote), milliseconds)
                case {"n": _, "error": [str(kind), str(message), str(file), line]}:
                    return Raised(*self._checked(kind, message, file, line), milliseconds)
                case {"n": _, "stopped": "memory"}:
                    self._stop(Cause.MEMORY, "no memory was left")
                case {"n": _, "stopped": "reply", "detail": str(detail)}:
                    self._stop(Cause.BAD_REPLY, _clean(detail))
                case _:
                    self._stop(Cause.BAD_REPLY, "no answer")
        except values.Malformed as error:
            self._stop(Cause.BAD_REPLY, str(error))

    def _checked(
        self, kind: str, message: str, file: str, line: object
    ) -> tuple[str, str, str, int | None]:
        own = file if file in self._files else ""
        counted = type(line) is int and 0 < line < _MAX_LINE
        return (
            _clean(kind[: values.MAX_TYPE_NAME]),
            _clean(message),
            own,
            line if own and counted and isinstance(line, int) else None,
        )

    def _expect(self, word: str, frame: bytes) -> None:
        """One step of the set-up, before the program's first byte runs."""
        try:
            message = self._channel.exchange(frame, _SETUP_SECONDS)
        except (wire.TimedOut, wire.Closed, wire.Garbled, wire.Flooded) as error:
            self._break(f"the box could not be made: {type(error).__name__}")
        if message != {word: True}:
            self._break(f"the box could not be made: {message.get('broken', message)}")

    def _explain_death(self) -> NoReturn:
        """The process closed its channel: wait for its end, and only then put a name to it."""
        ended = self._reap(_GRACE_SECONDS)
        code = os.waitstatus_to_exitcode(ended.status)
        if ended.killed:
            self._finish(Stopped(Cause.BAD_REPLY, "it closed its channel and went on"))
        if code >= 0:
            self._finish(Stopped(Cause.EXITED, f"exit code {code}"))
        number = signal.Signals(-code)
        if number in (signal.SIGKILL, signal.SIGXCPU):
            if self._slot.server.ran_out_of_memory():
                self._finish(Stopped(Cause.MEMORY, "the lane's memory was used up"))
            if ended.cpu >= self._limits.cpu_seconds * _CPU_CERTAIN:
                self._finish(Stopped(Cause.CPU, f"more than {self._limits.cpu_seconds} s"))
            self._break("the program's process was killed from outside")
        self._finish(Stopped(Cause.CRASHED, number.name))

    def _stop(self, cause: Cause, detail: str) -> NoReturn:
        self._reap(0.0)
        self._finish(Stopped(cause, detail))

    def _reap(self, grace: float) -> Ended:
        """End the process and wait for how it ended."""
        lost = self._dismiss(grace)
        if lost is not None:
            self._break(str(lost))
        self._usage = self._collect(grace)
        return self._usage

    def _dismiss(self, grace: float) -> BoxBroken | None:
        """Begin the end. What was printed is kept; the answer says whether the lane is lost."""
        self._open = False
        lost = None
        try:
            self._slot.server.dismiss(self._slot.number, grace)
        except LaneLost as error:
            lost = BoxBroken(str(error))
        self._channel.drain()
        self._channel.close()
        return lost

    def _collect(self, grace: float) -> Ended:
        try:
            return self._slot.server.collect(self._slot.number, grace)
        except LaneLost as lost:
            self._break(str(lost))

    def _finish(self, stopped: Stopped) -> NoReturn:
        self._outcome = stopped
        self._tell_end(None)
        raise stopped

    def _break(self, reason: str) -> NoReturn:
        """Our own failure; the child, if it still lives, ends with it."""
        broken = BoxBroken(reason)
        self._outcome = broken
        if self._open:
            self._dismiss(0.0)
        self._tell_end(broken)
        raise broken

    def _tell_end(self, broken: BoxBroken | None) -> None:
        if not self._told:
            self._told = True
            self._on_end(broken)


def program_frame(files: Mapping[str, str], main: str, limits: Limits) -> bytes:
    """What the child must know of the program. Raises `ValueError` when it is too long."""
    return pack({"files": dict(files), "main": main, "limits": asdict(limits)})


def _refer(value: object) -> tuple[int, str]:
    if not isinstance(value, Remote):
        raise values.NotPlain(f"a {type(value).__name__} cannot be sent into a box")
    return value.handle, value.type_name


def _clean(text: str) -> str:
    """At most 500 characters that every database and every page can hold."""
    short = text[:_MAX_MESSAGE]
    return short.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
