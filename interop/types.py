"""What importers and exporters give back: files, and a report that leaves nothing out.

An importer is a pure function: bytes in, an `Imported` out, or `Refused`. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Texts = Mapping[str, str]
"""Language → words, as everywhere: `en` and `zh-hans`."""


class Fate(StrEnum):
    """What became of one item of a foreign file, or of one exercise of ours on its way out."""

    TAKEN = "taken"
    LOSS = "loss"
    """Taken, and something of it was left behind: the reasons say what."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was left behind. The code is for programs, the text for people."""

    code: str
    text: Texts
    """One sentence in English and in Chinese. It may quote the file: escape it."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item."""

    where: str
    """The file, and within it the identifier or the line: `items/a.xml`, `quiz.gift:12`."""
    title: str
    fate: Fate
    said: tuple[Reason, ...] = ()
    """Empty exactly for what was taken whole."""
    path: str = ""
    """Where it is now: `02-sections/what-is-a-hash` of the imported course; '' when refused."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A course that `courses.publishing.loader` reads without a fault."""

    files: Mapping[str, bytes]
    """Path below the course's folder, with / → contents. Empty when nothing could be taken."""
    items: tuple[ItemReport, ...]

    def count(self, fate: Fate) -> int:
        """How many items had this fate."""
        return sum(item.fate is fate for item in self.items)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file in another system's format."""

    name: str
    media_type: str
    data: bytes
    items: tuple[ItemReport, ...]


class Refused(Exception):
    """A whole file, archive or document cannot be taken. Nothing was written."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text["en"])
        self.reason = reason
