"""An item of the bank as changes to the files of another course."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from authoring.outline_edits import Changes, Files
from authoring.outlines import COURSE_FILE, exercises_in, lesson_file, read_outline
from authoring.types import NoSuchPart
from courses.publishing.loader import FIGURES
from courses.publishing.tables import LANGUAGES, LONGEST_KEY, is_text
from courses.publishing.toml_edit import rewritten

_FIGURE = re.compile(rf"\(({FIGURES}/[A-Za-z0-9._-]+)")
_NAMED = re.compile(r"#\s*misconception:\s*(?P<key>\S+)")


def copy_exercise(
    files: Files, lesson: str, source: Mapping[str, bytes], folder: str, origin: str
) -> tuple[str, Changes]:
    """The exercise in `folder` of another course's files `source`, placed at the end of a lesson in
    every language; its key here, and the changes.

    Its key is the old one, or that with a number where it is taken. What it names of its course
    comes along where it is not here: misconceptions and figures. Texts in languages that this
    course has not stay behind; those that are missing are faults for the author to mend. Raises
    `NoSuchPart`.
    """
    outline = read_outline(files)
    lessons = {path.partition("/")[0] for path in files if "/" in path}
    own = {
        path.removeprefix(f"{folder}/"): data
        for path, data in source.items()
        if path.startswith(f"{folder}/")
    }
    if lesson not in lessons or lesson == FIGURES or "exercise.toml" not in own:
        raise NoSuchPart(lesson)
    languages = outline.languages or list(LANGUAGES)
    taken = {key for one in lessons for key in exercises_in(files, one)}
    key = _free(folder.rpartition("/")[2], taken)
    others = {f"statement.{one}.md" for one in LANGUAGES if one not in languages}
    changes: Changes = {
        f"{lesson}/{key}/{name}": data for name, data in own.items() if name not in others
    }
    document = f"{lesson}/{key}/exercise.toml"
    changes[document] = _with_origin(own["exercise.toml"].decode(), origin, languages).encode()
    changes |= _figures(files, source, own)
    changes |= _misconceptions(files, source, own, languages)
    for language in languages:
        path = lesson_file(lesson, language)
        if path in files:
            text = files[path].decode(errors="replace").rstrip()
            changes[path] = f'{text}\n\n{{{{ exercise "{key}" }}}}\n'.encode()
    return key, changes


def _free(key: str, taken: set[str]) -> str:
    if key not in taken:
        return key
    for number in range(2, len(taken) + 3):
        tail = f"-{number}"
        if (found := f"{key[: LONGEST_KEY - len(tail)]}{tail}") not in taken:
            return found
    raise AssertionError("of so many numbers one is free")


def _with_origin(source: str, origin: str, languages: Sequence[str]) -> str:
    """exercise.toml with where it comes from, in the languages of the course."""
    table = _only(tomllib.loads(source), languages)
    return rewritten(source, {**table, "origin": origin})


def _figures(files: Files, source: Mapping[str, bytes], own: Mapping[str, bytes]) -> Changes:
    """Pictures that the statements name, in all languages of theirs."""
    named = {
        figure.rsplit(".", 1)[0]
        for name, data in own.items()
        if name.endswith(".md")
        for figure in _FIGURE.findall(data.decode(errors="replace"))
    }
    return {
        path: data
        for path, data in source.items()
        if path not in files and any(path.startswith(f"{one}.") for one in named)
    }


def _misconceptions(
    files: Files, source: Mapping[str, bytes], own: Mapping[str, bytes], languages: Sequence[str]
) -> Changes:
    """course.toml with the misconceptions that the exercise names and this course has not."""
    named = {
        found["key"]
        for name, data in own.items()
        for found in _NAMED.finditer(data.decode(errors="replace"))
        if name.split("/")[0].startswith("wrong-")
    }
    for name, data in own.items():
        if name.endswith(".toml"):
            named |= set(_keys(tomllib.loads(data.decode())))
    text = files.get(COURSE_FILE, b"").decode(errors="replace")
    try:
        here = tomllib.loads(text)
        there = tomllib.loads(source.get(COURSE_FILE, b"").decode(errors="replace"))
    except tomllib.TOMLDecodeError:
        return {}
    listed = list(here.get("misconceptions", []))
    known = {one.get("key") for one in listed if isinstance(one, dict)}
    missing = [
        _only(one, languages)
        for one in there.get("misconceptions", [])
        if one.get("key") in named - known
    ]
    if not missing:
        return {}
    return {COURSE_FILE: rewritten(text, {**here, "misconceptions": listed + missing}).encode()}


def _keys(value: Any) -> list[str]:
    """Every `misconception = "…"` in a table."""
    if isinstance(value, list):
        return [key for one in value for key in _keys(one)]
    if not isinstance(value, dict):
        return []
    found = [key for one in value.values() for key in _keys(one)]
    key = value.get("misconception")
    return [*found, key] if isinstance(key, str) else found


def _only(value: Any, languages: Sequence[str]) -> Any:
    """A value with its texts in these languages only."""
    if isinstance(value, list):
        return [_only(one, languages) for one in value]
    if not isinstance(value, dict):
        return value
    if is_text(value):
        return {language: words for language, words in value.items() if language in languages}
    return {key: _only(one, languages) for key, one in value.items()}
