"""Files → what will be stored: texts rendered, exercises checked by their kinds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from courses.publishing.exercise_loader import CONTRACT, PROGRAM
from courses.publishing.faults import Faults
from courses.publishing.files import CourseFiles, ExerciseFiles, LessonFiles, Texts
from courses.publishing.markdown import Block, Setting, render, render_document, render_inline
from courses.publishing.minutes import lesson_minutes
from courses.publishing.tables import is_text, text_faults
from courses.search import terms
from exercises.registry import KINDS
from exercises.types import Problem

_TWICE = "The exercise `{}` is placed more than once."
_NAMED_LINE = re.compile(r"(?P<file>[\w-]+\.py):(?P<line>\d+): ")
"""How a kind names a line of a program: `checks.py:23: …`."""
_PUT_BY_LOADER = frozenset(
    {"vary", "starter", "solution", "wrong", "checks", "misconception_of", "fixtures"}
)


@dataclass(frozen=True, slots=True)
class ReadyExercise:
    """One version of an exercise. `content` is all that its row holds, and its digest."""

    files: ExerciseFiles
    content: dict[str, object]
    digest: str

    @property
    def spec(self) -> dict[str, object]:
        spec = self.content["spec"]
        assert isinstance(spec, dict)
        return spec


@dataclass(frozen=True, slots=True)
class ReadyLesson:
    key: str
    title: Texts
    minutes: int
    body: dict[str, list[Block]]
    exercises: list[ReadyExercise]
    """In the order in which the lesson places them."""


@dataclass(frozen=True, slots=True)
class ReadyCourse:
    files: CourseFiles
    lessons: list[ReadyLesson]
    about: dict[str, object]
    outline: list[dict[str, object]]
    search_text: str
    digest: str

    def exercises(self) -> Iterator[ReadyExercise]:
        for lesson in self.lessons:
            yield from lesson.exercises


def digest_of(content: object) -> str:
    """SHA-256 of a JSON value, the same for the same content whatever the order of its keys."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def make_ready(course: CourseFiles, faults: Faults) -> ReadyCourse:
    """The course as it would be stored; worth something only where `faults` stays empty."""
    lessons = [_lesson(course, lesson, faults) for lesson in course.lessons.values()]
    about = _about(course, faults)
    outline = _outline(course, lessons)
    content = {
        "about": about,
        "outline": outline,
        "level": course.level,
        "topic": course.topic,
        "effort_hours": course.effort_hours,
        "languages": course.languages,
        "lessons": [
            {
                "body": lesson.body,
                "exercises": [(one.files.key, one.digest) for one in lesson.exercises],
            }
            for lesson in lessons
        ],
    }
    return ReadyCourse(course, lessons, about, outline, _search_text(course), digest_of(content))


def _lesson(course: CourseFiles, lesson: LessonFiles, faults: Faults) -> ReadyLesson:
    sources = {source.key: source for source in course.sources}
    placeable = frozenset(lesson.folders)
    body = {
        language: render(
            lesson.body[language],
            Setting(language, course=course.folder, sources=sources, exercises=placeable),
            faults,
        )
        for language in course.languages
    }
    ready = {key: _exercise(course, files, faults) for key, files in lesson.exercises.items()}
    placed = _placed(lesson, body, faults)
    minutes = lesson_minutes(body, [lesson.exercises[key].kind for key in placed])
    return ReadyLesson(lesson.key, lesson.title, minutes, body, [ready[key] for key in placed])


def _placed(lesson: LessonFiles, body: dict[str, list[Block]], faults: Faults) -> list[str]:
    """The exercises in reading order; every one exactly once, in every language alike."""
    first: list[str] = []
    for language, blocks in body.items():
        placed = [block["exercise"] for block in blocks if "exercise" in block]
        known = [key for key in dict.fromkeys(placed) if key in lesson.folders]
        text = lesson.body[language]
        for key in known:
            if placed.count(key) > 1:
                faults.add(text.file, _line_of(text.source, text.line, key), _TWICE.format(key))
        for key in lesson.folders:
            if key not in known:
                faults.add(text.file, 1, f"The exercise `{key}` is placed nowhere in this lesson.")
        first = first or known
        if sorted(known) == sorted(first) and known != first:
            faults.add(
                text.file, 1, "The exercises stand in another order than in the first language."
            )
    return [key for key in first if key in lesson.exercises]


def _line_of(source: str, first_line: int, key: str) -> int:
    """The line of the second placement of an exercise."""
    lines = [n for n, line in enumerate(source.split("\n")) if f'exercise "{key}"' in line]
    return first_line + lines[min(1, len(lines) - 1)]


def _exercise(course: CourseFiles, files: ExerciseFiles, faults: Faults) -> ReadyExercise:
    pairs = files.spec["vary"]
    assert isinstance(pairs, list)
    renderer = _ExerciseTexts(course, files, frozenset(name for name, _ in pairs), faults)
    spec = renderer.rendered(files.spec, "spec")
    assert isinstance(spec, dict)
    if kind := KINDS.get(files.kind):
        told = {fault.file for fault in faults.found}
        for problem in kind.check(spec):
            if not problem.path.startswith(tuple(renderer.faulty)):
                _note_problem(files, problem, told, faults)
    elif files.kind:
        message = f"`{files.kind}` is no kind of exercise. Kinds: {', '.join(sorted(KINDS))}."
        faults.add(files.document.file, files.document.line("kind"), message)
    content: dict[str, object] = {
        "kind": files.kind,
        "title": files.title,
        "statement": renderer.statement(),
        "spec": spec,
        "hints": [
            {"text": renderer.text(hint.text, f"hints[{index}].text"), "cost": hint.cost}
            for index, hint in enumerate(files.hints)
        ],
        "competencies": files.competencies,
        "points": files.points,
        "tries": files.tries,
        "penalty_percent": files.penalty,
        "reveal": files.reveal,
    }
    return ReadyExercise(files, content, digest_of(content))


def _note_problem(files: ExerciseFiles, problem: Problem, told: set[str], faults: Faults) -> None:
    """Note what a kind complains about, at the file and line that the author wrote.

    `told`: files that could not be read and have been complained about already.
    """
    for path, file in files.companions.items():
        if problem.path.startswith(path):
            if file in told:
                return
            if path == "spec.checks" and files.checks is not None:
                inside = problem.path.removeprefix("spec.checks").removeprefix(".")
                faults.add(file, files.checks.line(inside), problem.message)
                return
            named = _NAMED_LINE.match(problem.message)
            line = int(named["line"]) if named and file.endswith(named["file"]) else 1
            faults.add(file, line, problem.message[named.end() :] if named else problem.message)
            return
    path = problem.path
    if path.startswith("spec.vary"):
        path = path.removeprefix("spec.")
    faults.add(files.document.file, files.document.line(path), problem.message)


class _ExerciseTexts:
    """Renders the texts of one exercise. `faulty` are the paths at which something was wrong."""

    def __init__(
        self, course: CourseFiles, files: ExerciseFiles, names: frozenset[str], faults: Faults
    ) -> None:
        self.course = course
        self.files = files
        self.names = names
        self.faults = faults
        self.faulty: set[str] = set()

    def statement(self) -> dict[str, str]:
        return {
            language: render_document(
                self.files.statement[language],
                Setting(
                    language,
                    course=self.course.folder,
                    names=self.names,
                    prefix=f"{self.files.key}-",
                ),
                self.faults,
            )
            for language in self.course.languages
        }

    def text(self, text: Mapping[str, object], path: str) -> dict[str, str]:
        document = self.files.document
        return {
            language: render_inline(
                str(words),
                Setting(language, names=self.names),
                self.faults,
                document.file,
                document.line(f"{path}.{language}"),
            )
            for language, words in text.items()
        }

    def rendered(self, value: object, path: str) -> object:
        """`value` with every text in it rendered."""
        if isinstance(value, list):
            return [self.rendered(item, f"{path}[{n}]") for n, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if is_text(value):
            return self._spec_text(value, path)
        return {
            key: item if self._is_file(path, key) else self.rendered(item, f"{path}.{key}")
            for key, item in value.items()
        }

    def _is_file(self, path: str, key: str) -> bool:
        """Whether the loader put a value into the spec, so that it is no text of the author's."""
        loaded = _PUT_BY_LOADER if self.files.kind in (PROGRAM, CONTRACT) else {"vary"}
        return path == "spec" and key in loaded

    def _spec_text(self, value: dict[str, object], path: str) -> dict[str, str]:
        document = self.files.document
        languages = self.course.languages
        before = len(self.faults.found)
        for message in text_faults(value, languages):
            self.faults.add(document.file, document.line(path), f"`{path}` {message}")
        known = {key: words for key, words in value.items() if key in languages}
        html = self.text(known, path)
        if len(self.faults.found) > before:
            self.faulty.add(path)
        return html


def _about(course: CourseFiles, faults: Faults) -> dict[str, object]:
    misconceptions = {}
    for index, one in enumerate(course.misconceptions):
        path = f"misconceptions[{index}].text"
        text = {
            language: render_inline(
                words,
                Setting(language, names=frozenset()),
                faults,
                course.document.file,
                course.document.line(f"{path}.{language}"),
            )
            for language, words in one.text.items()
        }
        misconceptions[one.key] = {"title": one.title, "text": text}
    return {
        "title": course.title,
        "summary": course.summary,
        "outcomes": course.outcomes,
        "provider": course.provider,
        "licence": course.licence,
        "credential": course.credential,
        "prerequisites": course.prerequisites,
        "completion": {"percent": course.completion_percent},
        "misconceptions": misconceptions,
        "sources": [
            {"key": one.key, "title": one.title, "url": one.url, "date": one.date}
            for one in course.sources
        ],
    }


def _outline(course: CourseFiles, lessons: list[ReadyLesson]) -> list[dict[str, object]]:
    by_folder = dict(zip(course.lessons, lessons, strict=True))
    return [
        {
            "key": module.key,
            "title": module.title,
            "lessons": [
                _outline_lesson(by_folder[name]) for name in module.lessons if name in by_folder
            ],
        }
        for module in course.modules
    ]


def _outline_lesson(lesson: ReadyLesson) -> dict[str, object]:
    return {
        "key": lesson.key,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "exercises": [
            {
                "key": one.files.key,
                "title": one.files.title,
                "kind": one.files.kind,
                "points": one.files.points,
            }
            for one in lesson.exercises
        ],
    }


def _search_text(course: CourseFiles) -> str:
    """All words by which the catalogue finds a course, and its languages."""
    texts = [course.title, course.summary, *course.outcomes]
    texts += [module.title for module in course.modules]
    texts += [lesson.title for lesson in course.lessons.values()]
    words = [part for text in texts for part in text.values()]
    found = terms(" ".join([*words, course.provider, course.topic]))
    marks = [f"lang={language}" for language in course.languages]
    return " " + " ".join([*found, *marks]) + " "
