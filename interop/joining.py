"""An imported course put into another one: new modules and lessons, under free names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from courses.publishing.loader import FIGURES
from courses.publishing.tables import is_text
from courses.publishing.toml_edit import rewritten
from interop.neutral_toml import document
from interop.neutral_writing import Keys
from interop.reasons import refused

COURSE = "course.toml"
_LESSON = re.compile(r"(?P<number>\d+)-(?P<key>.+)")
_IN_LANGUAGE = re.compile(r"^(?P<stem>lesson|statement)\.(?P<language>[a-z-]+)\.md$")


def joined(
    course: Mapping[str, bytes], imported: Mapping[str, bytes], *, fill: bool
) -> dict[str, bytes]:
    """The files to be written into a course so that it has the imported modules after its own.

    `fill`: whether texts get the same words in the course's other languages, to be translated;
    otherwise the course has faults until they are there. Raises `Refused` when the course's own
    course.toml cannot be read.
    """
    mine = _table(course)
    theirs = _table(imported)
    languages = [one for one in mine.get("languages", []) if isinstance(one, str)]
    missing = [one for one in languages if one not in theirs["languages"]] if fill else []
    source = str(theirs["languages"][0])
    names = _Names(course)
    changes: dict[str, bytes] = {}
    folders: dict[str, str] = {}
    figures = names.figures(imported)
    for module in theirs["modules"]:
        for folder in module["lessons"]:
            folders[folder] = names.lesson(folder)
    for path, data in imported.items():
        folder, _, rest = path.partition("/")
        if folder == FIGURES:
            changes[f"{FIGURES}/{figures[rest]}"] = data
        elif folder in folders:
            target = f"{folders[folder]}/{names.exercise(rest)}"
            _put(changes, target, _renamed(data, names, figures), source, missing)
    modules = [
        {
            "key": names.modules.take(str(module["key"]), "module"),
            "title": _filled(module["title"], source, missing),
            "lessons": [folders[folder] for folder in module["lessons"]],
        }
        for module in theirs["modules"]
    ]
    wanted = {**mine, "modules": [*mine.get("modules", []), *modules]}
    for array in ("misconceptions", "sources"):
        known = {one.get("key") for one in mine.get(array, [])}
        new = [one for one in theirs.get(array, []) if one["key"] not in known]
        if new:
            wanted[array] = [*mine.get(array, []), *_filled(new, source, missing)]
    changes[COURSE] = rewritten(course[COURSE].decode(), wanted).encode()
    return changes


def _table(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        return tomllib.loads(files[COURSE].decode())
    except (KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refused("course_not_read") from error


class _Names:
    """Names that are free in a course."""

    def __init__(self, course: Mapping[str, bytes]) -> None:
        self.course = course
        self.lessons, self.exercises, self.modules = Keys(), Keys(), Keys()
        self.renamed: dict[str, str] = {}
        """Exercise key of the import → its key in the course."""
        self.number = 0
        for path in course:
            parts = path.split("/")
            if found := _LESSON.fullmatch(parts[0]):
                self.number = max(self.number, int(found["number"]))
                self.lessons.taken.add(found["key"])
            if len(parts) > 2:
                self.exercises.taken.add(parts[1])
        self.modules.taken |= {str(one.get("key")) for one in _table(course).get("modules", [])}

    def lesson(self, folder: str) -> str:
        found = _LESSON.fullmatch(folder)
        self.number += 1
        key = self.lessons.take(found["key"] if found else folder, "lesson")
        return f"{self.number:02}-{key}"

    def exercise(self, rest: str) -> str:
        """The path below a lesson, with a free key for the exercise in it."""
        key, slash, below = rest.partition("/")
        if not slash:
            return rest
        if key not in self.renamed:
            self.renamed[key] = self.exercises.take(key, "exercise")
        return f"{self.renamed[key]}/{below}"

    def figures(self, imported: Mapping[str, bytes]) -> dict[str, str]:
        """Name of a figure → a name under which the course has the same or nothing."""
        named = {}
        for path, data in imported.items():
            folder, _, name = path.partition("/")
            if folder == FIGURES:
                free, number = name, 1
                while self.course.get(f"{FIGURES}/{free}", data) != data:
                    number += 1
                    free = f"{name.removesuffix('.svg')}-{number}.svg"
                named[name] = free
        return named


def _renamed(data: bytes, names: _Names, figures: Mapping[str, str]) -> bytes:
    """A text in which exercises and figures have their new names."""
    text = data.decode()

    def exercise(found: re.Match[str]) -> str:
        names.exercise(f"{found[1]}/")
        return f'{{{{ exercise "{names.renamed[found[1]]}" }}}}'

    text = re.sub(r'(?m)^\{\{ exercise "([a-z0-9-]+)" \}\}$', exercise, text)
    return re.sub(
        r"\]\(figures/([\w.-]+\.svg)", lambda found: f"](figures/{figures[found[1]]}", text
    ).encode()


def _put(
    changes: dict[str, bytes], path: str, data: bytes, source: str, missing: list[str]
) -> None:
    """Write a file, and its likes in the languages that are missing."""
    folder, _, name = path.rpartition("/")
    if name == "exercise.toml" and missing:
        data = document(_filled(tomllib.loads(data.decode()), source, missing))
    changes[path] = data
    found = _IN_LANGUAGE.fullmatch(name)
    if found and found["language"] == source:
        for language in missing:
            changes[f"{folder}/{found['stem']}.{language}.md"] = data


def _filled(value: Any, source: str, missing: list[str]) -> Any:
    """A value in which every text has the same words in the languages that are missing."""
    if is_text(value) and source in value:
        return {**value, **{one: value[source] for one in missing if one not in value}}
    if isinstance(value, dict):
        return {key: _filled(one, source, missing) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, source, missing) for one in value]
    return value
