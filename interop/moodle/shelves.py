"""Moodle's categories as modules and lessons: `$course$/top/Chains/Links` is Links of Chains."""

from __future__ import annotations

from interop.neutral_writing import Course, Lesson, Module

_SILENT = frozenset({"$course$", "$system$", "$cat1$", "top", ""})
_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}


class Shelves:
    """Where the next question goes. Empty categories leave nothing behind."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._path: tuple[str, ...] = ()
        self._modules: dict[str, Module] = {}
        self._lessons: dict[tuple[str, ...], Lesson] = {}

    def open(self, category: str) -> None:
        """What follows belongs to this category. A slash in a name is written twice."""
        parts = category.replace("//", "\0").split("/")
        names = [part.replace("\0", "/").strip() for part in parts]
        self._path = tuple(name for name in names if name not in _SILENT)

    def lesson(self) -> Lesson:
        """The lesson of the open category, begun where it is its first question."""
        if self._path not in self._lessons:
            questions = _QUESTIONS[self._course.languages[0]]
            name = self._path[0] if self._path else questions
            if name not in self._modules:
                self._modules[name] = Module(self._course.text(name))
                self._course.modules.append(self._modules[name])
            title = ": ".join(self._path[1:]) or name
            lesson = self._lessons[self._path] = Lesson(self._course.text(title))
            self._modules[name].lessons.append(lesson)
        return self._lessons[self._path]
