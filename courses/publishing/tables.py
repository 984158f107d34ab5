"""Reading TOML strictly: every key is asked for, and what was not asked for is refused."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from courses.publishing.faults import Faults
from courses.publishing.toml_lines import line_numbers

LANGUAGES = ("en", "zh-hans")
"""Languages that a course may be written in."""
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A name for addresses and references: lower case, digits, single hyphens."""
LONGEST_KEY = 64

Raw = dict[str, object]


@dataclass(frozen=True, slots=True)
class Document:
    """One TOML file as its author wrote it, with the line of every value."""

    file: str
    data: Raw
    lines: dict[str, int]

    def line(self, path: str) -> int:
        """The line of a dotted path, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)


def read_text(path: Path, file: str, faults: Faults) -> str | None:
    """The text of a file with plain line ends, or None and a fault."""
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        faults.add(file, 1, "This file is missing.")
    except UnicodeDecodeError:
        faults.add(file, 1, "This file is not UTF-8.")
    except OSError as error:
        faults.add(file, 1, f"This file cannot be read: {error.strerror}.")
    return None


def read_document(path: Path, file: str, faults: Faults) -> Document | None:
    """A TOML file, or None and a fault that names the line of the syntax error."""
    source = read_text(path, file, faults)
    if source is None:
        return None
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(place[1]) if place and place[1] else source.count("\n") + 1
        message = str(error)[: place.start()] if place else str(error)
        faults.add(file, line, f"This is not TOML: {message}.")
        return None
    return Document(file, data, line_numbers(source))


class Table:
    """One table of a document. Methods take a key, note what is wrong with it and give a usable
    value all the same, so that reading goes on to the next mistake.
    """

    def __init__(self, document: Document, data: Raw, path: str, faults: Faults) -> None:
        self.document = document
        self.path = path
        self._data = data
        self._faults = faults
        self._asked: set[str] = set()

    def where(self, key: str = "") -> str:
        """The dotted path of a key of this table."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def fault(self, key: str, message: str) -> None:
        """Note a mistake at a key."""
        self._faults.add(self.document.file, self.document.line(self.where(key)), message)

    def has(self, key: str) -> bool:
        return key in self._data

    def close(self) -> None:
        """Refuse every key that was not asked for."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, f"Unknown key `{self.where(key)}`.")

    def _get(self, key: str, kind: type | tuple[type, ...], noun: str, default: object) -> object:
        self._asked.add(key)
        if key not in self._data:
            if default is None:
                self.fault("", f"`{self.where(key)}` is missing.")
            return default
        value = self._data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.fault(key, f"`{self.where(key)}` must be {noun}.")
            return default
        return value

    def string(self, key: str, default: str | None = None) -> str:
        """A string that is not blank, unless the default is blank."""
        value = self._get(key, str, "a string", default)
        if isinstance(value, str) and self.has(key) and not value.strip() and default != "":
            self.fault(key, f"`{self.where(key)}` is empty.")
        return value if isinstance(value, str) else ""

    def name(self, key: str, among: Sequence[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.string(key, default)
        if value and value not in among:
            self.fault(key, f"`{self.where(key)}` must be one of {', '.join(among)}.")
        return value

    def slug(self, key: str) -> str:
        """A key as in addresses."""
        value = self.string(key)
        if value and (not KEY.fullmatch(value) or len(value) > LONGEST_KEY):
            self.fault(
                key,
                f"`{self.where(key)}` must be lower-case letters, digits and single hyphens, "
                f"at most {LONGEST_KEY}.",
            )
        return value

    def integer(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._get(key, int, "a whole number", default)
        if not isinstance(value, int):
            return least
        if not least <= value <= most:
            self.fault(key, f"`{self.where(key)}` must be from {least} to {most}.")
        return value

    def boolean(self, key: str, *, default: bool) -> bool:
        """true or false."""
        return self._get(key, bool, "true or false", default) is True

    def date(self, key: str) -> str:
        """A date without a time, as YYYY-MM-DD."""
        value = self._get(key, datetime.date, "a date such as 2026-11-24", None)
        if isinstance(value, datetime.datetime):
            self.fault(key, f"`{self.where(key)}` must be a date without a time.")
        return value.isoformat() if isinstance(value, datetime.date) else ""

    def strings(self, key: str, default: list[str] | None = None) -> list[str]:
        """A list of strings without repetition."""
        value = self._get(key, list, "a list of strings", default)
        items = value if isinstance(value, list) else []
        for index, item in enumerate(items):
            if not isinstance(item, str):
                self.fault(f"{key}[{index}]", f"`{self.where(key)}[{index}]` must be a string.")
            elif item in items[:index]:
                self.fault(f"{key}[{index}]", f"`{item}` stands twice in `{self.where(key)}`.")
        return [item for item in items if isinstance(item, str)]

    def table(self, key: str, *, required: bool = True) -> Table:
        """A table within; an empty one when it is missing."""
        value = self._get(key, dict, "a table", None if required else {})
        data = value if isinstance(value, dict) else {}
        return Table(self.document, data, self.where(key), self._faults)

    def tables(self, key: str, *, least: int = 0) -> Iterator[Table]:
        """An array of tables, one by one."""
        value = self._get(key, list, "an array of tables", [] if least == 0 else None)
        items = value if isinstance(value, list) else []
        if self.has(key) and len(items) < least:
            self.fault(key, f"`{self.where(key)}` needs at least {least}.")
        for index, item in enumerate(items):
            path = f"{key}[{index}]"
            if isinstance(item, dict):
                yield Table(self.document, item, self.where(path), self._faults)
            else:
                self.fault(path, f"`{self.where(path)}` must be a table.")

    def raw(self, key: str) -> Raw:
        """A table that somebody else judges."""
        value = self._get(key, dict, "a table", None)
        return value if isinstance(value, dict) else {}

    def text(self, key: str, languages: Sequence[str]) -> dict[str, str]:
        """A text in every language of the course."""
        self._asked.add(key)
        if key not in self._data:
            self.fault("", f"`{self.where(key)}` is missing.")
            return dict.fromkeys(languages, "")
        return self._text(key, self._data[key], languages)

    def texts(self, key: str, languages: Sequence[str]) -> list[dict[str, str]]:
        """A list of at least one text."""
        value = self._get(key, list, "a list of texts", None)
        items = value if isinstance(value, list) else []
        if value == []:
            self.fault(key, f"`{self.where(key)}` is empty.")
        return [self._text(f"{key}[{n}]", item, languages) for n, item in enumerate(items)]

    def _text(self, key: str, value: object, languages: Sequence[str]) -> dict[str, str]:
        if not isinstance(value, dict):
            self.fault(key, f"`{self.where(key)}` must be a text: {{ en = …, zh-hans = … }}.")
            return dict.fromkeys(languages, "")
        for message in text_faults(value, languages):
            self.fault(key, f"`{self.where(key)}` {message}")
        return {language: str(value.get(language, "")) for language in languages}


def is_text(value: object) -> bool:
    """Whether a value of a spec is meant as a text: a table with a language among its keys."""
    return isinstance(value, dict) and any(language in value for language in LANGUAGES)


def text_faults(value: Raw, languages: Sequence[str]) -> Iterator[str]:
    """What is wrong with a text, as ends of sentences."""
    for language in languages:
        if language not in value:
            yield f"has no text in `{language}`."
    for language, words in value.items():
        if language not in languages:
            yield f"has `{language}`, which is not a language of this course."
        elif not isinstance(words, str) or not words.strip():
            yield f"is empty in `{language}`."
