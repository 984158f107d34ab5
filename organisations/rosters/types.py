"""The words of rosters: what a file says, before it is compared with what is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

MOST_BYTES = 10 * 1024 * 1024
"""Of an uploaded file."""
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 1000
"""Signs of a cell that are looked at; every field is shorter by far."""


class FileRefused(Exception):
    """A file of which nothing can be taken. `words` say why and what to do, in any language."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a spreadsheet has it."""

    number: int
    """As a spreadsheet counts, from 1, blank rows too."""
    cells: list[str]
    """Without spaces around, shortened to `LONGEST_CELL`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a roster, as the file says it. Nothing of it has been checked."""

    number: int
    email: str
    name: str = ""
    external_id: str = ""
    cohorts: tuple[tuple[str, ...], ...] = ()
    """The groups that it names, each by the names that it goes by; none: the default cohort."""


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read from a file."""

    entries: list[Entry]
    unused_columns: list[str] = field(default_factory=list)
    others: int = 0
    """OneRoster: users who are no students, and are left out."""
