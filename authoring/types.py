"""The words of this room that other rooms use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from courses.models import Release
from courses.policy.types import Judged
from courses.publishing.faults import Fault
from courses.publishing.files import CourseFiles
from courses.publishing.ready import ReadyCourse

if TYPE_CHECKING:
    from authoring.models import Publication, Remark, Revision, Trial

ForLearners = Release.ForLearners


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


@dataclass(frozen=True, slots=True)
class OutlineExercise:
    """An exercise as its lesson places it. `kind` is '' where exercise.toml cannot be read."""

    key: str
    title: dict[str, str]
    kind: str


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """A lesson as a module names it. `missing`: the languages in which it has no words yet."""

    folder: str
    key: str
    title: dict[str, str]
    missing: list[str]
    exercises: list[OutlineExercise]


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module of course.toml."""

    key: str
    title: dict[str, str]
    lessons: list[OutlineLesson]


@dataclass(frozen=True, slots=True)
class Outline:
    """Modules, lessons and exercises, read leniently: what is wrong is left out, not judged."""

    languages: list[str]
    modules: list[OutlineModule]
    loose: list[OutlineLesson]
    """Lesson folders that no module names."""
    is_readable: bool = True
    """Whether course.toml is TOML: otherwise nothing is known."""

    def lesson(self, folder: str) -> OutlineLesson | None:
        """A lesson by its folder, in whatever module or in none."""
        placed = [lesson for module in self.modules for lesson in module.lessons]
        return next((one for one in [*placed, *self.loose] if one.folder == folder), None)

    def module_of(self, folder: str) -> OutlineModule | None:
        """The module that names a lesson."""
        for module in self.modules:
            if any(lesson.folder == folder for lesson in module.lessons):
                return module
        return None


class NoSuchPart(Exception):
    """A module, lesson or exercise that the course does not have (any more)."""


class NotEmpty(Exception):
    """A module that still has lessons."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A text as it can be brought together: where the sides clash, both stand in it, marked.

    `base`, `mine`, `theirs` are '' where the file did not exist or is removed.
    """

    path: str
    base: str
    mine: str
    theirs: str
    text: str
    clashes: int
    my_changes: list[ComparedLine] | None
    their_changes: list[ComparedLine] | None
    """What each side made of the base."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of a comparison. `sign`: '+' only in the newer, '-' only in the older, ' ' in both;
    '…' stands for lines that are left out."""

    sign: str
    old: int | None
    """The number of the line in the older file, from 1."""
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """What became of a file between two revisions."""

    path: str
    what: str
    """added, removed or changed."""
    lines: list[ComparedLine] | None
    """None where it is no text."""


@dataclass(frozen=True, slots=True)
class ExerciseChange:
    """One exercise that a new release changes."""

    key: str
    title: dict[str, str]
    what: str
    """`added`, `removed`, `words` (answers are judged as before) or `judged`."""
    touched: int
    """Learners in the middle of the course who have begun it."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a new release would be to learners in the middle of the course."""

    in_the_middle: int
    touched: int
    """Of them, those who have begun an exercise that changes."""
    changes: tuple[ExerciseChange, ...]
    """Against the current release."""
    obstacles: tuple[str, ...]
    """Why nobody is moved without being asked: `removed`, `judged`, `more`."""
    releases: tuple[int, ...]
    """Primary keys of the releases in which they are."""

    @property
    def is_safe(self) -> bool:
        """Whether learners can be moved without losing anything."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything that a publication waits for, of one revision."""

    revision: Revision
    faults: tuple[Fault, ...]
    is_new: bool
    """Whether learners do not study exactly this already."""
    proof: Trial | None
    """The latest one of exactly these files."""
    policy: Judged
    publication: Publication
    """What is prepared: it may not be saved yet."""
    missing_notes: tuple[str, ...]
    """Languages in which nobody has said what changed."""
    needs_review: bool
    decision: Remark | None
    """The latest one about exactly these files by somebody who could make it."""
    impact: Impact

    @property
    def is_proved(self) -> bool:
        return self.proof is not None and self.proof.holds

    @property
    def has_consent(self) -> bool:
        return self.decision is not None and self.decision.kind == self.decision.Kind.CONSENT

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be done, in order, of `faults`, `new`, `proof`, `policy`, `review`,
        `notes`, `learners`."""
        moves = self.publication.for_learners == ForLearners.MOVED
        wanted = {
            "faults": not self.faults,
            "new": self.is_new,
            "proof": self.is_proved,
            "policy": self.policy.is_clean,
            "review": self.has_consent or not self.needs_review,
            "notes": not self.missing_notes,
            "learners": self.impact.is_safe or not moves,
        }
        return tuple(name for name, is_there in wanted.items() if not is_there)


class NotReady(Exception):
    """Nothing was published. `missing`: as of `Preparation`."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


class Outdated(Exception):
    """Somebody has written since: there is a newer revision than the one that was meant."""


class NotASecondPerson(Exception):
    """Who wrote a part of a release, or only writes, does not consent to it."""


class NoCourse(Exception):
    """There is no course.toml at the top of what came, nor in the only folder of it."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What taking files from outside would do to the head."""

    files: list[ComparedFile]
    """What changes, by path."""
    merged: list[str]
    """Paths of texts that others changed too, in other lines: both changes are kept."""
    clashing: list[str]
    """Paths about which somebody must decide."""
