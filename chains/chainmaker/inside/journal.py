"""What one transaction read, wrote, emitted and logged so far, and how it takes part of it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import limits
from .state import Place, World

_TRACE = re.compile(r"goroutine \d+ .*\[")
_OF_THE_RUNTIME = re.compile(r"\[signal .*| \[recovered, repanicked\]$")


@dataclass(frozen=True, slots=True)
class Emitted:
    contract: str
    topic: str
    data: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a journal."""

    writes: dict[Place, bytes | None]
    events: int


class Journal:
    """Of one transaction on one world, which it only reads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reads: dict[Place, bytes | None] = {}
        """Of the state before the transaction, in order of first read."""
        self.writes: dict[Place, bytes | None] = {}
        self.events: list[Emitted] = []

    def get(self, place: Place) -> bytes | None:
        """The value as this transaction sees it. What it wrote itself is no read of the state."""
        if place in self.writes:
            return self.writes[place]
        value = self.world.values.get(place)
        self.reads.setdefault(place, value)
        return value

    def put(self, place: Place, value: bytes | None) -> None:
        """None or nothing deletes."""
        self.writes[place] = value or None

    def keys_between(self, contract: str, low: str, high: str) -> list[str]:
        """The keys of a contract as this transaction sees them."""
        keys = set(self.world.keys_between(contract, low, high))
        for (owner, key), value in self.writes.items():
            if owner == contract and low <= key < high:
                if value is None:
                    keys.discard(key)
                else:
                    keys.add(key)
        return sorted(keys)

    def mark(self) -> Mark:
        return Mark(dict(self.writes), len(self.events))

    def go_back(self, mark: Mark) -> None:
        """Forget what was written and emitted since. What was read stays read."""
        self.writes = mark.writes
        del self.events[mark.events :]

    def size(self) -> int:
        """Bytes of all keys, values and data, with the values from before."""
        before = self.world.values
        read = sum(len(key) + len(value or b"") for (_, key), value in self.reads.items())
        written = sum(
            len(place[1]) + len(value or b"") + len(before.get(place, b""))
            for place, value in self.writes.items()
        )
        emitted = sum(sum(map(len, event.data)) for event in self.events)
        return read + written + emitted

    def changes(self) -> dict[Place, bytes | None]:
        """What differs from the state before, in the order of contracts and keys."""
        values = self.world.values
        return {
            place: self.writes[place]
            for place in sorted(self.writes)
            if self.writes[place] != values.get(place)
        }


@dataclass(slots=True)
class Log:
    """Lines that contracts logged or printed: the first of them."""

    lines: list[str] = field(default_factory=list)
    left_out: int = 0
    _bytes: int = 0

    def add(self, line: str) -> None:
        size = len(line.encode())
        if len(self.lines) == limits.LOG_LINES or self._bytes + size > limits.LOG_BYTES:
            self.left_out += 1
            return
        self._bytes += size
        self.lines.append(line)

    def panic(self) -> str:
        """What Rust said last, if that is why it panicked; else ""."""
        last = self.lines[-1] if self.lines else ""
        return last if last.startswith("panicked at ") else ""

    def told(self) -> list[str]:
        """The lines, and how many are missing."""
        more = [f"... and {self.left_out} more"] if self.left_out else []
        return self.lines + more


@dataclass(slots=True)
class Printer:
    """One stream on which a contract prints: whole lines go to the log.

    The Go runtime ends a panic with its call stack, whose addresses and paths are of the build and
    not of the contract: they are left out.
    """

    log: Log
    first_line: str = ""
    _partial: bytes = b""
    _muted: bool = False

    def write(self, data: bytes) -> None:
        *lines, rest = (self._partial + data).split(b"\n")
        for line in lines:
            self._line(line.decode("utf-8", "replace"))
        self._partial = rest[: limits.LOG_BYTES]

    def end(self) -> None:
        """The last line need not have ended."""
        if self._partial:
            self.write(b"\n")

    def _line(self, line: str) -> None:
        if self._muted or not line:
            return
        self._muted = self._muted or _TRACE.match(line) is not None
        line = _OF_THE_RUNTIME.sub("", line)
        if self._muted or not line:
            return
        self.first_line = self.first_line or line[:500]
        self.log.add(line)
