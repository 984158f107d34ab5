"""The one place where imported courses are written: importers say what an exercise is, and this
says it in the neutral format (docs/course-format.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.publishing.svg import BadFigure, inline
from courses.publishing.tables import LONGEST_KEY
from interop.markdown_text import storable_text
from interop.neutral_toml import document
from interop.reasons import because
from interop.types import Fate, ItemReport, Reason, Texts

LONGEST_TITLE = 200
_LONGEST_STEM = LONGEST_KEY - 8
"""Of a key before its number."""


@dataclass(slots=True, eq=False)
class Exercise:
    """One exercise. Texts are Markdown; those of `spec` and `hints` within a line."""

    kind: str
    title: Texts
    statement: Texts
    spec: dict[str, Any]
    """The `[spec]` table as in exercise.toml."""
    where: str
    key: str = ""
    """The key wished for; '' for one made of the title. It is made unique."""
    points: int = 1
    vary: Mapping[str, str] = field(default_factory=dict)
    hints: Sequence[tuple[Texts, int]] = ()
    """Text and cost in percent."""
    policy: Mapping[str, Any] = field(default_factory=dict)
    competencies: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Beside exercise.toml: of a program or contract."""
    said: Sequence[Reason] = ()
    """What was lost on the way."""


@dataclass(slots=True, eq=False)
class Page:
    """Words of a lesson, as Markdown in each language. `where` is '' for words that are no item
    of the foreign file, and then nothing is reported of them."""

    words: Texts
    where: str = ""
    title: str = ""
    said: Sequence[Reason] = ()


@dataclass(slots=True, eq=False)
class Lesson:
    """A lesson: pages and exercises in reading order."""

    title: Texts
    key: str = ""
    parts: list[Page | Exercise] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Module:
    title: Texts
    lessons: list[Lesson] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Course:
    """A course on its way in. `languages`: those that every text of it is in."""

    title: Texts
    languages: tuple[str, ...] = ("en",)
    key: str = "imported"
    summary: Texts = field(default_factory=dict)
    licence: str = "unknown"
    provider: str = "imported"
    modules: list[Module] = field(default_factory=list)
    figures: dict[str, bytes] = field(default_factory=dict)
    """Name of the file in figures/ → contents."""
    refused: list[ItemReport] = field(default_factory=list)

    def text(self, words: str) -> dict[str, str]:
        """The same words in every language of the course; for formats of one language."""
        return dict.fromkeys(self.languages, words)

    def refuse(self, where: str, title: str, *reasons: Reason) -> None:
        """Report an item that cannot be taken."""
        self.refused.append(ItemReport(where, title, Fate.REFUSED, reasons))

    def figure(self, name: str, data: bytes) -> str | Reason:
        """Take a picture along: its path in Markdown, or why it cannot come."""
        if data.lstrip()[:1] != b"<":
            return because("picture_not_drawn", name=name)
        try:
            inline(data.decode(), prefix="f-", label="picture")
        except UnicodeDecodeError:
            return because("picture_not_drawn", name=name)
        except BadFigure as bad:
            return because("picture_left_out", name=name, why=bad.faults[0][1])
        stem = key_of(name.rpartition("/")[2].rpartition(".")[0], "figure")
        number = 1
        path = f"{stem}.svg"
        while self.figures.get(path, data) != data:
            number += 1
            path = f"{stem}-{number}.svg"
        self.figures[path] = data
        return f"figures/{path}"

    def lessons(self) -> Iterator[Lesson]:
        for module in self.modules:
            yield from module.lessons


@dataclass(frozen=True, slots=True)
class Written:
    """A course's files, and which part of it is to answer for each."""

    files: dict[str, bytes]
    exercises: dict[str, Exercise]
    """Folder (`01-lesson/exercise`) → exercise."""
    pages: dict[str, list[tuple[range, Page]]]
    """Lesson file → the lines that each page fills."""


def written(course: Course) -> Written:
    """All files of the course, in the neutral format."""
    out = Written({}, {}, {})
    lesson_keys, exercise_keys = Keys(), Keys()
    modules = []
    number = 0
    module_keys = Keys()
    for module in course.modules:
        folders = []
        for lesson in module.lessons:
            number += 1
            key = lesson_keys.take(lesson.key or any_words(lesson.title), "lesson")
            folder = f"{number:02}-{key}"
            folders.append(folder)
            _write_lesson(out, course, lesson, folder, exercise_keys)
        if folders:
            key = module_keys.take(any_words(module.title), "module")
            modules.append({"key": key, "title": _titles(module.title, key), "lessons": folders})
    out.files["course.toml"] = document(
        {
            "key": key_of(course.key, "imported"),
            "languages": list(course.languages),
            "title": _titles(course.title, "imported"),
            "summary": _titles(course.summary or course.title, "imported"),
            "level": "foundations",
            "topic": "ledgers",
            "provider": course.provider,
            "licence": course.licence,
            "effort_hours": 1,
            "outcomes": [_titles(course.title, "imported")],
            "credential": _titles(course.title, "imported"),
            "modules": modules,
        }
    )
    used = "\n".join(
        data.decode() for path, data in out.files.items() if path.endswith((".md", ".toml"))
    )
    for name, data in course.figures.items():
        if f"figures/{name}" in used:
            out.files[f"figures/{name}"] = data
    return out


class Keys:
    """Keys of one kind, each given once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, words: str, fallback: str) -> str:
        """A free key that reminds of these words."""
        stem = key = key_of(words, fallback)
        number = 1
        while key in self.taken:
            number += 1
            key = f"{stem}-{number}"
        self.taken.add(key)
        return key


def key_of(words: str, fallback: str) -> str:
    """Words as a key: lower-case ASCII letters, digits and single hyphens, not too long."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_STEM].strip("-")
    return key or fallback


def any_words(text: Texts) -> str:
    """A text in the language that keys are made of: English where there is any."""
    return text.get("en") or next(iter(text.values()), "")


def _titles(text: Texts, fallback: str) -> dict[str, str]:
    """Titles are plain words in one line, and never empty."""
    shown = {
        language: " ".join(storable_text(words).split())[:LONGEST_TITLE]
        for language, words in text.items()
    }
    return {language: words or fallback for language, words in shown.items()}


def _write_lesson(out: Written, course: Course, lesson: Lesson, folder: str, keys: Keys) -> None:
    placed: list[tuple[Page | Exercise, str]] = []
    for part in lesson.parts:
        if isinstance(part, Exercise):
            key = keys.take(part.key or any_words(part.title), "exercise")
            _write_exercise(out, course, part, f"{folder}/{key}", key)
            placed.append((part, f'{{{{ exercise "{key}" }}}}'))
        else:
            placed.append((part, ""))
    titles = _titles(lesson.title, folder)
    for language in course.languages:
        lines = [f"# {heading_words(titles[language])}"]
        pages = []
        for part, placement in placed:
            words = part.words[language] if isinstance(part, Page) else placement
            block = storable_text(words).strip("\n").split("\n")
            lines += ["", *block]
            if isinstance(part, Page):
                pages.append((range(len(lines) - len(block) + 1, len(lines) + 1), part))
        path = f"{folder}/lesson.{language}.md"
        out.files[path] = ("\n".join(lines) + "\n").encode()
        out.pages[path] = pages


def heading_words(title: str) -> str:
    """A title as the loader reads it after `# `: without the signs that close a heading."""
    return re.sub(r"(?: +#+)+$", "", title) or title


def _write_exercise(
    out: Written, course: Course, exercise: Exercise, folder: str, key: str
) -> None:
    table: dict[str, Any] = {
        "kind": exercise.kind,
        "title": _titles(exercise.title, key),
        "points": exercise.points,
        "competencies": list(exercise.competencies),
    }
    if exercise.policy:
        table["policy"] = dict(exercise.policy)
    if exercise.vary:
        table["vary"] = dict(exercise.vary)
    if exercise.hints:
        table["hints"] = [{"cost": cost, "text": dict(text)} for text, cost in exercise.hints]
    table["spec"] = exercise.spec
    out.files[f"{folder}/exercise.toml"] = document(table)
    for language in course.languages:
        words = storable_text(exercise.statement[language]).strip("\n")
        out.files[f"{folder}/statement.{language}.md"] = f"{words}\n".encode()
    for name, data in exercise.files.items():
        out.files[f"{folder}/{name}"] = data
    out.exercises[folder] = exercise
