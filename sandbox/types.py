"""What a closed box promises, and the words in which it reports.

A *box* runs one untrusted program. It answers values and never verdicts: no exit
code, no line of output and no file of the program is believed. Whoever opened the
box holds the expected values, outside, and decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Remote:
    """An object that stayed inside the box because it is no plain value.

    It can be passed back as an argument or as the target of a call to the *same* box.
    """

    handle: int
    type_name: str


Value = object
"""A plain value that crosses the wall: None, bool, int of any size, float, str, bytes,
and list, tuple, set, frozenset and dict of such values, at most 64 levels deep; or a `Remote`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use. Reaching a limit ends the box with a `Cause`."""

    cpu_seconds: int = 2
    wall_seconds: float = 5.0
    """Time spent inside load and call, summed; time between calls is free."""
    memory_bytes: int = 256 << 20
    disk_bytes: int = 1 << 20
    output_bytes: int = 64 << 10


class Cause(StrEnum):
    """Why a box ended before its program had answered."""

    TIMEOUT = "timeout"
    CPU = "cpu"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    """A signal: stack overflow in C, segmentation fault, a forbidden system call."""
    EXITED = "exited"
    """The program ended its own process."""
    BAD_REPLY = "bad_reply"
    """The program wrote into the channel itself, or answered something too large."""


@dataclass(frozen=True, slots=True)
class Returned:
    value: Value
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Raised:
    """The program raised an exception. Nothing in it may be trusted as a fact."""

    type_name: str
    message: str
    """At most 500 characters."""
    file: str
    """The program's own file in which it happened last, or ''."""
    line: int | None
    """Line in that file; None when no frame of the program was involved."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Usage:
    cpu_seconds: float
    peak_memory_bytes: int
    wall_seconds: float


class Stopped(Exception):
    """The box ended because of what its program did. It is a verdict on the program."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause.value}: {detail}" if detail else cause.value)
        self.cause = cause
        self.detail = detail


class BoxBroken(Exception):
    """The box failed by our own fault. It is never a verdict on the program."""


class Unavailable(BoxBroken):
    """No lane on this host has passed its canaries: nothing may be run here.

    `reason` is a sentence that can be shown to an operator.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Ask = Callable[[Value], Value]
"""Answers a question that a *trusted author's* program asks its opener while it is being called."""


class Box(Protocol):
    """One program in one closed box. Use it as a context manager; leaving it ends the box.

    `load` and `call` raise `Stopped` when the program ended or broke a limit (every later
    call then raises the same again) and `BoxBroken` when we did.
    """

    def load(self) -> Returned | Raised:
        """Import the main module. Returns its verdict on itself: `Returned(None)` or `Raised`."""

    def call(
        self,
        function: str,
        args: Sequence[Value] = (),
        kwargs: Mapping[str, Value] | None = None,
        *,
        on: Remote | None = None,
        ask: Ask | None = None,
    ) -> Returned | Raised:
        """Call `function` (a dotted path in the main module, or in `on`) and return what it says.

        Without `ask`, a question from inside ends the box with `BAD_REPLY`.
        """

    def read(self, name: str, *, on: Remote | None = None) -> Returned | Raised:
        """The value of an attribute (a dotted path), not called."""

    def output(self) -> str:
        """What the program printed so far, at most `output_bytes`, undecodable bytes replaced."""

    def usage(self) -> Usage:
        """What the program used. Complete only after the box has ended."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Boxes(Protocol):
    """Opens boxes. One per grading process; not shared between threads."""

    def open(
        self,
        files: Mapping[str, str],
        *,
        main: str,
        limits: Limits = Limits(),
        trusted: bool = False,
    ) -> Box:
        """A box holding `files` (relative names → text) whose main module is the file `main`.

        `trusted` marks a course author's program (a checker). It is held as closed as any
        other, but may be given the box in which the *same* program ran before: then `load` says
        what it said, and the program's own state is as its last use left it.
        Raises `Unavailable` when no lane has passed its canaries, `BoxBroken` on our failure.
        """

    def close(self) -> None:
        """End the lane and everything in it."""
