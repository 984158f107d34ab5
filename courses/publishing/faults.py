"""What is wrong with a course's files: every mistake has a file, a line and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake. `line` counts from 1; `file` is the path as the author knows it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Faults:
    """Collects mistakes, so that an author reads all of them at once."""

    found: set[Fault] = field(default_factory=set)

    def add(self, file: str, line: int, message: str) -> None:
        """Note a mistake; saying the same twice counts once."""
        self.found.add(Fault(file, line, message))

    def ordered(self) -> list[Fault]:
        """All mistakes by file and line."""
        return sorted(self.found)


class Refused(Exception):
    """Nothing was written, because of these mistakes."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))
