"""The outline as its page shows it: each part with the places to which its buttons take it.

A place is `in:number`, as `teach.workspace_forms.MoveForm` reads it: in which module or lesson,
and where among the others there, from 0; without a number, at the end. '' where there is no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from authoring.types import Outline, OutlineExercise, OutlineLesson, OutlineModule
from courses.publishing.loader import FIGURES
from teach.forms.registry import TITLES as KINDS


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    exercise: OutlineExercise
    kind: str | Promise
    """What its kind is called."""
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class LessonRow:
    lesson: OutlineLesson
    up: str
    down: str
    exercises: list[ExerciseRow]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    module: OutlineModule
    up: str
    down: str
    lessons: list[LessonRow]


def rows(outline: Outline) -> list[ModuleRow]:
    """All modules with their lessons and exercises."""
    modules = outline.modules
    lessons = [lesson for module in modules for lesson in module.lessons]
    folders = [lesson.folder for lesson in lessons]
    keys = [module.key for module in modules]
    found = []
    for number, module in enumerate(modules):
        found.append(
            ModuleRow(
                module,
                f":{number - 1}" if number else "",
                f":{number + 1}" if number + 1 < len(modules) else "",
                [
                    LessonRow(
                        lesson,
                        *_places(keys, number, index, len(module.lessons)),
                        exercises_of(lesson, folders),
                    )
                    for index, lesson in enumerate(module.lessons)
                ],
            )
        )
    return found


def exercises_of(lesson: OutlineLesson, folders: Sequence[str]) -> list[ExerciseRow]:
    """The exercises of a lesson. `folders`: all lessons in order."""
    number = folders.index(lesson.folder)
    return [
        ExerciseRow(
            one,
            KINDS[one.kind][0] if one.kind in KINDS else one.kind,
            *_places(folders, number, index, len(lesson.exercises)),
        )
        for index, one in enumerate(lesson.exercises)
    ]


def page_of(course_key: str, file: str) -> str:
    """The address at which a file of the course is written."""
    parts = file.split("/")
    if len(parts) == 1:
        return reverse("teach:course_file", args=[course_key])
    try:
        if parts[0] == FIGURES:
            return reverse("teach:figures", args=[course_key])
        if len(parts) == 2:
            return reverse("teach:lesson", args=[course_key, parts[0]])
        return reverse("teach:exercise", args=[course_key, *parts[:2]])
    except NoReverseMatch:  # a folder that is named as none can be
        return reverse("teach:outline", args=[course_key])


def _places(groups: Sequence[str], group: int, index: int, count: int) -> tuple[str, str]:
    """Up and down from place `index` of `count` in a group: over its ends into its neighbours."""
    up = down = ""
    if index > 0:
        up = f"{groups[group]}:{index - 1}"
    elif group > 0:
        up = f"{groups[group - 1]}:"
    if index + 1 < count:
        down = f"{groups[group]}:{index + 1}"
    elif group + 1 < len(groups):
        down = f"{groups[group + 1]}:0"
    return up, down
