"""A course as its author wrote it: read from files, nothing rendered yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from courses.publishing.tables import Document, Raw

Texts = dict[str, str]
"""Language → words."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """A Markdown file. `line` is the line of the file on which `source` begins."""

    file: str
    source: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Hint:
    text: Texts
    cost: int


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """One exercise's folder. `spec`: the author's table, `vary`, and the files beside it."""

    key: str
    folder: Path
    document: Document
    kind: str
    title: Texts
    points: int
    competencies: list[str]
    tries: int
    penalty: int
    reveal: str
    hints: list[Hint]
    spec: Raw
    statement: dict[str, Markdown]
    companions: dict[str, str] = field(default_factory=dict)
    """Path in the spec (`checks`, `starter`) → the file that it came from, for naming mistakes."""
    checks: Document | None = None
    """checks.toml of a contract, for naming the line of a mistake in it."""
    origin: str = ""
    """From which version of which exercise it was copied: `course/exercise@digest12`, or ''."""


@dataclass(frozen=True, slots=True)
class LessonFiles:
    """The folder of one lesson: its text without the title line, by language, and its exercises.

    `folders` names every exercise folder, those of exercises that could not be read too.
    """

    key: str
    folder: Path
    title: Texts
    body: dict[str, Markdown]
    folders: list[str]
    exercises: dict[str, ExerciseFiles]


@dataclass(frozen=True, slots=True)
class Module:
    key: str
    title: Texts
    lessons: list[str]
    """Names of folders, in order."""


@dataclass(frozen=True, slots=True)
class Misconception:
    key: str
    title: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    title: str
    url: str
    date: str


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """A whole course. `lessons`: name of the folder → lesson, in the order of the modules."""

    folder: Path
    document: Document
    key: str
    languages: list[str]
    title: Texts
    summary: Texts
    level: str
    topic: str
    provider: str
    licence: str
    effort_hours: int
    prerequisites: list[str]
    outcomes: list[Texts]
    credential: Texts
    completion_percent: int
    modules: list[Module]
    misconceptions: list[Misconception]
    sources: list[Source]
    lessons: dict[str, LessonFiles]


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """A programme. `courses`: {"key", "required"} in order."""

    document: Document
    key: str
    title: Texts
    summary: Texts
    outcomes: list[Texts]
    level: str
    provider: str
    credential: Texts
    elective_minimum: int
    courses: list[dict[str, object]]
