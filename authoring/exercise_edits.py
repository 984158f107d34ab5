"""Exercises added to a lesson and taken from it, as changes to the files of the course."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files as resources
from typing import Any

from authoring.outline_edits import Changes, Files
from authoring.outlines import PLACEMENT, exercises_in, lesson_file, read_outline
from authoring.types import KeyTaken, NoSuchPart
from courses.publishing.tables import LANGUAGES, is_text
from courses.publishing.toml_edit import rewritten

EXAMPLES = (
    "choice",
    "choices",
    "numeric",
    "text",
    "order",
    "match",
    "cloze",
    "program",
    "contract",
)
"""The kinds that an exercise can begin as, each with an example that proves."""


def add_exercise(
    files: Files, folder: str, key: str, kind: str, title: Mapping[str, str]
) -> Changes:
    """An example of a kind in a lesson, placed at the end of it in every language.

    Raises `KeyTaken`, as the key must be new in the whole course, and `NoSuchPart`.
    """
    outline = read_outline(files)
    lessons = {path.partition("/")[0] for path in files if "/" in path}
    if folder not in lessons or kind not in EXAMPLES:
        raise NoSuchPart(folder)
    if any(key in exercises_in(files, one) for one in lessons):
        raise KeyTaken(key)
    languages = outline.languages or list(LANGUAGES)
    changes: Changes = {}
    for name, text in _example(kind).items():
        others = [one for one in LANGUAGES if one not in languages]
        if name not in [f"statement.{one}.md" for one in others]:
            changes[f"{folder}/{key}/{name}"] = text.encode()
    document = f"{folder}/{key}/exercise.toml"
    source = (changes[document] or b"").decode()
    table = _only(tomllib.loads(source), languages)
    words = next(iter(title.values()))
    table["title"] = {language: title.get(language) or words for language in languages}
    changes[document] = rewritten(source, table).encode()
    for language in languages:
        path = lesson_file(folder, language)
        if path in files:
            text = files[path].decode(errors="replace").rstrip()
            changes[path] = f'{text}\n\n{{{{ exercise "{key}" }}}}\n'.encode()
    return changes


def remove_exercise(files: Files, folder: str, key: str) -> Changes:
    """An exercise with all that is in its folder, and the lines that place it."""
    below: Changes = dict.fromkeys(path for path in files if path.startswith(f"{folder}/{key}/"))
    if not below:
        raise NoSuchPart(key)
    for language in read_outline(files).languages:
        path = lesson_file(folder, language)
        text = files.get(path, b"").decode(errors="replace")
        without = _unplaced(text, key)
        if without != text:
            below[path] = without.encode()
    return below


@cache
def _example(kind: str) -> dict[str, str]:
    """The files of an exercise, by name."""
    source = (resources("authoring") / "examples" / f"{kind}.toml").read_text(encoding="utf-8")
    return {name: str(text) for name, text in tomllib.loads(source).items()}


def _only(value: Any, languages: Sequence[str]) -> Any:
    """A value with its texts in these languages only."""
    if isinstance(value, list):
        return [_only(one, languages) for one in value]
    if not isinstance(value, dict):
        return value
    if is_text(value):
        return {language: words for language, words in value.items() if language in languages}
    return {key: _only(one, languages) for key, one in value.items()}


def _unplaced(text: str, key: str) -> str:
    for found in PLACEMENT.finditer(text):
        if found["key"] == key:
            before, after = text[: found.start()].rstrip("\n"), text[found.end() :].lstrip("\n")
            return f"{before}\n\n{after}" if after else f"{before}\n"
    return text
