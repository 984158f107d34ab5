"""Files of a course → stretches of text that are judged each by itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from courses.publishing.tables import LANGUAGES
from courses.publishing.toml_lines import line_numbers


class Form(Enum):
    PROSE = "prose"
    ASKED = "asked"
    """Of an exercise: an option is no invitation where the words beside it say what is wrong."""
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a string of TOML, or lines of a program without a blank one between them."""

    file: str
    line: int
    """Of its first character."""
    text: str
    form: Form
    around: str
    """What belongs to it: the heading above, or the other texts of the same option."""
    opening: str = ""
    """Of a list: the paragraph before it that ends in a colon: its entries end that clause."""


_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"#{1,6}\s")
_LISTED = re.compile(r"\s*(?:[-*+]|\d+[.)])\s|\s*\|")
_TAG = re.compile(r"<[^>]*>")


def files_below(folder: Path) -> dict[str, bytes]:
    """Path below the folder, with / → contents, without hidden files and what Python left."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    }


def pieces_of(files: Mapping[str, bytes]) -> Iterator[Piece]:
    """All that can be read in these files; bytes that are no text are passed over."""
    for path in sorted(files):
        try:
            text = files[path].decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        if path.endswith(".md"):
            yield from _markdown(path, text)
        elif path.endswith(".toml"):
            yield from _toml(path, text)
        elif path.endswith(".svg"):
            shown = _TAG.sub(lambda tag: "\n" * tag[0].count("\n") or " ", text)
            yield Piece(path, 1, shown, Form.PROSE, "")
            yield Piece(path, 1, text, Form.CODE, shown)
        else:
            yield from _paragraphs(path, text, Form.CODE)


def _markdown(path: str, text: str) -> Iterator[Piece]:
    """Paragraphs between blank lines; fenced lines are code."""
    heading = before = ""
    gathered: list[str] = []
    start, fenced = 1, False

    def close(form: Form) -> Iterator[Piece]:
        if gathered:
            words = "\n".join(gathered)
            opens = before.rstrip().endswith((":", "：")) and _LISTED.match(words)
            yield Piece(path, start, words, form, heading, before if opens else "")

    for number, line in enumerate([*text.split("\n"), ""], start=1):
        is_fence = _FENCE.match(line) is not None
        is_heading = not fenced and _HEADING.match(line) is not None
        if is_fence or is_heading or (not fenced and not line.strip()):
            yield from close(Form.CODE if fenced else Form.PROSE)
            if gathered and not (gathered[0:1] and _LISTED.match(gathered[0])):
                before = "\n".join(gathered)
            gathered = []
            fenced = fenced is not is_fence
        if is_heading:
            heading = line
            yield Piece(path, number, line, Form.PROSE, "")
        elif not is_fence and (fenced or line.strip()):
            if not gathered:
                start = number
            gathered.append(line)
    yield from close(Form.CODE if fenced else Form.PROSE)


def _paragraphs(path: str, text: str, form: Form) -> Iterator[Piece]:
    at = 1
    for words in re.split(r"(\n\s*\n)", text):
        if words.strip():
            yield Piece(path, at, words, form, "")
        at += words.count("\n")


def _toml(path: str, text: str) -> Iterator[Piece]:
    """Every string, with the other strings of the table in which it stands. What is not TOML is
    read as it is: its own fault is told elsewhere."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        yield from _paragraphs(path, text, Form.PROSE)
        return
    lines = line_numbers(text)
    leaves = list(_leaves(data, ""))
    tables: dict[str, list[str]] = {}
    for place, words in leaves:
        for around in _tables_around(place):
            tables.setdefault(around, []).append(words)
    form = Form.PROSE if path == "course.toml" else Form.ASKED
    for place, words in leaves:
        beside = [one for one in tables.get(_group(place), []) if one is not words]
        yield Piece(path, lines.get(place, 1), words, form, "\n".join(beside))


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")


def _group(place: str) -> str:
    """The table that a string stands in: `spec.options[2]` of `spec.options[2].text.en`."""
    parts = place.split(".")
    if parts[-1] in LANGUAGES:
        parts.pop()
    return ".".join(parts[:-1])


def _tables_around(place: str) -> Iterator[str]:
    """The tables that hold a string, but for the whole document."""
    for dot in re.finditer(r"\.", place):
        yield place[: dot.start()]
