"""Aiken: one question after another, `A) option` in lines, and `ANSWER: A`.

Source: https://docs.moodle.org/en/Aiken_format
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from interop.moodle.gift import text_of
from interop.neutral_writing import Course, Lesson, Module
from interop.questions import Choice, Question, exercise_of
from interop.reasons import because
from interop.types import Reason
from interop.xml_trees import Node

_OPTION = re.compile(r"(?P<letter>[A-Z])[).]\s*(?P<words>.*\S)\s*")
_ANSWER = re.compile(r"ANSWER:\s*(?P<letter>\S.*?)\s*")
_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}
LEAST_OPTIONS = 2


@dataclass(slots=True)
class Draft:
    """A question that is being read."""

    line: int
    words: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


def is_aiken(files: Mapping[str, bytes]) -> bool:
    """Whether the only file is text in which a line begins with `ANSWER:`."""
    if len(files) != 1:
        return False
    (data,) = files.values()
    return re.search(rb"^ANSWER:", data, re.MULTILINE) is not None


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What files of Aiken hold. Raises `Refused`."""
    course = Course({language: "Aiken"}, (language,), key="aiken")
    title = course.text(_QUESTIONS[language])
    lesson = Lesson(title)
    for path, data in files.items():
        _Aiken(course, path, lesson).read(text_of(data))
    if lesson.parts:
        course.modules.append(Module(title, [lesson]))
    return course


class _Aiken:
    def __init__(self, course: Course, path: str, lesson: Lesson) -> None:
        self.course = course
        self.path = path
        self.lesson = lesson
        self.draft: Draft | None = None

    def read(self, text: str) -> None:
        for number, line in enumerate(text.split("\n"), start=1):
            if answer := _ANSWER.fullmatch(line):
                self._end(number, answer["letter"])
            elif option := _OPTION.fullmatch(line):
                self._option(number, option["letter"], option["words"])
            elif line.strip():
                self._words(number, line.strip())
        if self.draft is not None:
            self._refuse(self.draft, because("not_finished"))

    def _words(self, number: int, words: str) -> None:
        if self.draft is not None and self.draft.options:
            self._refuse(self.draft, because("not_finished"))
            self.draft = None
        self.draft = self.draft or Draft(number)
        self.draft.words.append(words)

    def _option(self, number: int, letter: str, words: str) -> None:
        self.draft = self.draft or Draft(number)
        self.draft.options[letter] = words

    def _end(self, number: int, letter: str) -> None:
        draft, self.draft = self.draft or Draft(number), None
        if not draft.words:
            self._refuse(draft, because("no_words"))
        elif len(draft.options) < LEAST_OPTIONS:
            self._refuse(draft, because("few_options"))
        elif letter not in draft.options:
            self._refuse(draft, because("no_answer"))
        else:
            self._take(draft, letter)

    def _take(self, draft: Draft, letter: str) -> None:
        question = Question(
            where=f"{self.path}:{draft.line}",
            title="",
            kind="choice",
            words=[" ".join(draft.words)],
            choices=[Choice([words], float(own == letter)) for own, words in draft.options.items()],
        )
        exercise = exercise_of(self.course, question, _no_picture)
        if exercise is not None:
            self.lesson.parts.append(exercise)

    def _refuse(self, draft: Draft, reason: Reason) -> None:
        title = " ".join(draft.words) or next(iter(draft.options.values()), "")
        self.course.refuse(f"{self.path}:{draft.line}", title, reason)


def _no_picture(node: Node) -> str | Reason:
    return because("picture_missing", name=node.get("src"))
