"""Small mistakes put into a solution, and how many of them the checks of its exercise notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from exercises.types import Spec

MOST_MUTANTS = 60
"""Of one file. Where there are more, each sort keeps its share, the first ones in the source."""

Beat = Callable[[], None]
"""Called after every mutant that was graded."""


@dataclass(frozen=True, slots=True)
class Mutant:
    file: str
    line: int
    what: str
    """What was changed, in English, for authors."""
    text: str
    """The whole file."""
    original: str
    """The whole file as it was."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


@dataclass(frozen=True, slots=True)
class Change:
    """Replace `source[start:end]`."""

    start: int
    end: int
    text: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Score:
    killed: int
    """Mutants that scored less than 1."""
    survived: tuple[Mutant, ...]
    """Mutants that no check noticed. Each is a missing check, or equivalent."""
    not_compiled: int
    equivalent: int
    """Mutants that behave the same, as the author has said in `equivalent` of exercise.toml."""

    @property
    def share(self) -> float:
        """Killed of all that could be: 1 where nothing survived."""
        tried = self.killed + len(self.survived)
        return self.killed / tried if tried else 1.0


def made(text: str, file: str, sorts: Iterable[Sequence[Change]]) -> list[Mutant]:
    """At most MOST_MUTANTS, by their place in the source; no two have the same text."""
    kept = [change for row in zip_longest(*sorts) for change in row if change is not None]
    seen = {text}
    mutants: list[Mutant] = []
    places: list[tuple[int, int]] = []
    for change in kept:
        changed = text[: change.start] + change.text + text[change.end :]
        if changed not in seen and len(mutants) < MOST_MUTANTS:
            seen.add(changed)
            places.append((change.start, len(mutants)))
            mutants.append(Mutant(file, change.line, change.what, changed, text))
    return [mutants[index] for _, index in sorted(places)]


def is_equivalent(mutant: Mutant, spec: Spec) -> bool:
    """Whether the author has listed it: an entry is its name, or the beginning of it up to `…`."""
    listed: Any = spec.get("equivalent", ())
    beginnings = [str(entry).partition("…")[0].strip() for entry in listed]
    return any(str(mutant).startswith(beginning) for beginning in beginnings)


def in_one_line(text: str) -> str:
    """A piece of source as it is quoted in `what`."""
    short = " ".join(text.split())
    return short if len(short) <= 60 else f"{short[:60]}…"
