"""The words of this room that other rooms use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from courses.publishing.faults import Fault
from courses.publishing.files import CourseFiles
from courses.publishing.ready import ReadyCourse

if TYPE_CHECKING:
    from authoring.models import Revision


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that two people changed in ways that only a person can bring together.

    None: the file did not exist at the base, or its writer removed it.
    """

    path: str
    base: bytes | None
    mine: bytes | None
    theirs: bytes | None


class Conflicted(Exception):
    """Nothing was written: others changed the same since. `head` is what they made of it."""

    def __init__(self, conflicts: Sequence[Conflict], head: Revision) -> None:
        super().__init__(", ".join(one.path for one in conflicts))
        self.conflicts = list(conflicts)
        self.head = head


@dataclass(frozen=True, slots=True)
class Draft:
    """What can be made of a revision, and all that is wrong with it.

    `faults` name files by their path in the course. The folder that `course` and `ready` name is
    gone: their texts are theirs, their paths lead nowhere.
    """

    course: CourseFiles | None
    """None when course.toml cannot be read at all."""
    ready: ReadyCourse | None
    """The course as it would be stored; worth publishing only where `faults` is empty."""
    faults: tuple[Fault, ...]


class BadPath(Exception):
    """A path that no file of a course can have."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class TooLarge(Exception):
    """Nothing was written: too many files, a file too large (`path` names it), or all together.

    `limit`: in files where `counts_files`, otherwise in bytes.
    """

    def __init__(self, limit: int, path: str = "", *, counts_files: bool = False) -> None:
        super().__init__(path or "course")
        self.limit = limit
        self.path = path
        self.counts_files = counts_files


class KeyTaken(Exception):
    """There is a course or a workspace with this key."""


class LastEditor(Exception):
    """A workspace needs an editor."""


class NotAMember(Exception):
    """The person has not signed up, or is not of the organisation."""
