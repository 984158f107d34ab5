"""What only shows when a course is looked at as a whole: references, doubles, left-over folders."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from courses.publishing.faults import Faults
from courses.publishing.files import CourseFiles, ExerciseFiles, ProgrammeFile
from courses.publishing.links import link_fault
from courses.publishing.loader import FIGURES, subfolders
from courses.publishing.tables import Document


def check_course(course: CourseFiles, known_courses: Iterable[str], faults: Faults) -> None:
    """Note every mistake between the parts of a course, and in its references to others."""
    document = course.document
    _refuse_doubles(document, "modules", [one.key for one in course.modules], faults)
    _refuse_doubles(document, "misconceptions", [one.key for one in course.misconceptions], faults)
    _refuse_doubles(document, "sources", [one.key for one in course.sources], faults)
    for index, source in enumerate(course.sources):
        if source.url and (wrong := link_fault(source.url)):
            faults.add(document.file, document.line(f"sources[{index}].url"), wrong)
    for index, key in enumerate(course.prerequisites):
        line = document.line(f"prerequisites[{index}]")
        if key == course.key:
            faults.add(document.file, line, "A course cannot require itself.")
        elif key not in known_courses:
            faults.add(document.file, line, f"There is no course `{key}`.")
    _check_lessons(course, faults)
    misconceptions = {one.key for one in course.misconceptions}
    for exercise in _exercises(course):
        _check_misconceptions(exercise, misconceptions, faults)


def check_together(
    courses: list[CourseFiles], programmes: list[ProgrammeFile], faults: Faults
) -> None:
    """Keys that two of the given courses or programmes share."""
    for things in (courses, programmes):
        first: dict[str, str] = {}
        for thing in things:
            file = thing.document.file
            other = first.setdefault(thing.key, file)
            if other != file:
                line = thing.document.line("key")
                faults.add(file, line, f"`{thing.key}` is the key of {other} already.")


def check_programme(programme: ProgrammeFile, known_courses: Iterable[str], faults: Faults) -> None:
    """References to courses, and a rule that somebody can meet and not everybody has met."""
    document = programme.document
    keys = [str(entry["key"]) for entry in programme.courses]
    _refuse_doubles(document, "courses", keys, faults)
    for index, key in enumerate(keys):
        if key and key not in known_courses:
            line = document.line(f"courses[{index}].key")
            faults.add(document.file, line, f"There is no course `{key}`.")
    electives = sum(not entry["required"] for entry in programme.courses)
    line = document.line("elective_minimum")
    if programme.elective_minimum > electives:
        faults.add(
            document.file, line, f"There are only {electives} courses that are not required."
        )
    if electives == len(programme.courses) and programme.elective_minimum == 0:
        faults.add(document.file, line, "Nothing is required: everybody would be qualified.")


def _refuse_doubles(document: Document, array: str, keys: list[str], faults: Faults) -> None:
    for index, key in enumerate(keys):
        if key and key in keys[:index]:
            line = document.line(f"{array}[{index}].key")
            faults.add(document.file, line, f"The key `{key}` stands twice in [[{array}]].")


def _check_lessons(course: CourseFiles, faults: Faults) -> None:
    document = course.document
    named = {name for module in course.modules for name in module.lessons}
    for folder in subfolders(course.folder):
        if folder.name not in named and folder.name != FIGURES:
            faults.add(
                document.file,
                document.line("modules"),
                f"The folder `{folder.name}` is a lesson of no module.",
            )
    for index, module in enumerate(course.modules):
        if not module.lessons:
            faults.add(
                document.file, document.line(f"modules[{index}]"), "This module has no lessons."
            )
    lessons: dict[str, Path] = {}
    for lesson in course.lessons.values():
        if (other := lessons.setdefault(lesson.key, lesson.folder)) != lesson.folder:
            message = f"This lesson has the same key as `{other.name}`: `{lesson.key}`."
            faults.add(str(lesson.folder), 1, message)
    exercises: dict[str, Path] = {}
    for exercise in _exercises(course):
        if (other := exercises.setdefault(exercise.key, exercise.folder)) != exercise.folder:
            faults.add(exercise.document.file, 1, f"`{other}` has the same key: `{exercise.key}`.")
    if not exercises:
        faults.add(document.file, 1, "A course without exercises can never be completed.")


def _exercises(course: CourseFiles) -> Iterator[ExerciseFiles]:
    for lesson in course.lessons.values():
        yield from lesson.exercises.values()


def _check_misconceptions(exercise: ExerciseFiles, known: set[str], faults: Faults) -> None:
    for file, line, key in _named_misconceptions(exercise):
        if key not in known:
            faults.add(file, line, f"There is no misconception `{key}` in course.toml.")


def _named_misconceptions(exercise: ExerciseFiles) -> Iterator[tuple[str, int, str]]:
    """Every misconception that an exercise names: file, line, key."""
    documents = [(exercise.document, "spec.")]
    if exercise.checks is not None:
        documents.append((exercise.checks, ""))
    for document, prefix in documents:
        for path in document.lines:
            if path.startswith(prefix) and path.endswith(".misconception"):
                key = _value_at(document.data, path)
                if isinstance(key, str) and key:
                    yield document.file, document.line(path), key
    named = exercise.spec.get("misconception_of")
    for name, key in named.items() if isinstance(named, dict) else ():
        yield exercise.companions[f"misconception_of.{name}"], 1, key
    checks = exercise.spec.get("checks")
    if isinstance(checks, str) and "spec.checks" in exercise.companions:
        for line, key in _misconceptions_of_checks(checks):
            yield exercise.companions["spec.checks"], line, key


def _value_at(data: object, path: str) -> object:
    """The value at a dotted path with indexes."""
    for part in path.replace("[", ".[").split("."):
        if part.startswith("[") and isinstance(data, list):
            data = data[int(part[1:-1])]
        elif isinstance(data, dict):
            data = data[part]
    return data


def _misconceptions_of_checks(source: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # the kind says so, with the line
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "misconception":
            value = node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, value.value
