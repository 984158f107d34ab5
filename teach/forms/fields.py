"""Fields: each shows a value of exercise.toml, and reads what a person made of it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.publishing.toml_words import written

Words = str | Promise


class _Missing:
    """Stands for a key that is not there."""


MISSING: Final = _Missing()
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What fields need to know of the course, and of what was posted."""

    languages: Sequence[str]
    misconceptions: Sequence[tuple[str, str]] = ()
    """Key and title."""
    posted: Posted | None = None
    """None: the form is shown as the files are."""

    def given(self, at: str) -> str | None:
        """What a field was filled with, with plain line ends; None where it was not posted."""
        values = () if self.posted is None else self.posted.get(at, ())
        return plain(values[-1]) if values else None


@dataclass(slots=True)
class Node:
    """A field as a template shows it."""

    template: str
    at: str
    """Its name in the form."""
    path: str
    """Where its value stands in exercise.toml."""
    label: Words
    help: Words = ""
    value: str = ""
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    """Name in the form, language, words."""
    choices: list[tuple[str, Words]] = field(default_factory=list)
    lines: int = 1
    type: str = "text"
    width: str = ""
    nodes: list[Node] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    add: Words = ""
    """The words of the button that adds a row."""
    again: bool = False
    problem: Words = ""

    @property
    def template_name(self) -> str:
        return f"teach/exercises/fields/{self.template}.html"


@dataclass(slots=True)
class Row:
    """One of several alike."""

    token: str
    at: str
    number: int
    nodes: list[Node]
    is_first: bool
    is_last: bool
    is_new: bool


class Field(Protocol):
    """`raw` is the value as `tomllib` gives it, or MISSING. `at` names the field in the form, and
    `path` the value in exercise.toml."""

    @property
    def name(self) -> str: ...

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node: ...

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        """The value that was meant, or MISSING; what cannot be read is a problem."""


Problems = dict[str, Words]
"""Name of the field in the form → what is wrong."""


def plain(text: str) -> str:
    """With `\\n` at the ends of lines, as files have it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def number_in(words: str) -> int | float | None:
    """A number as it is typed; neither infinity nor what is none."""
    try:
        return int(words)
    except ValueError:
        pass
    try:
        number = float(words)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@dataclass(frozen=True, slots=True)
class Line:
    """A string in one line, or in several. The subclasses show other values as strings too."""

    name: str
    label: Words
    help: Words = ""
    lines: int = 1
    width: str = ""
    template: ClassVar[str] = "line"
    type: ClassVar[str] = "text"

    def words(self, raw: Any) -> str:
        """The value as it is shown."""
        return raw if isinstance(raw, str) else ("" if raw is MISSING else str(raw))

    def value(self, words: str, raw: Any) -> Any:
        """What was typed, as a value. Raises `ValueError` with a sentence for it."""
        return words

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        given = setting.given(at)
        return Node(
            self.template,
            at,
            path,
            self.label,
            self.help,
            plain(self.words(raw)) if given is None else given,
            lines=self.lines,
            type=self.type,
            width=self.width,
        )

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        given = setting.given(at)
        if given is None or given.strip() == plain(self.words(raw)).strip():
            return raw
        if not given.strip():
            return MISSING
        try:
            return self.value(given.strip(), raw)
        except ValueError as error:
            problems[at] = error.args[0]
            return raw


class Number(Line):
    """A whole number."""

    __slots__ = ()
    type = "number"

    def value(self, words: str, raw: Any) -> Any:
        try:
            return int(words)
        except ValueError:
            raise ValueError(_("This must be a whole number.")) from None


class Real(Line):
    """A number, whole or not."""

    __slots__ = ()

    def value(self, words: str, raw: Any) -> Any:
        number = number_in(words)
        if number is None:
            raise ValueError(_("This must be a number."))
        return number


class Expression(Line):
    """An expression in a string; a number stays a number."""

    __slots__ = ()

    def value(self, words: str, raw: Any) -> Any:
        number = number_in(words) if isinstance(raw, int | float) else None
        return words if number is None else number


class Lines(Line):
    """A list of strings, one in each line."""

    __slots__ = ()

    def words(self, raw: Any) -> str:
        return "\n".join(map(str, raw)) if isinstance(raw, list) else ""

    def value(self, words: str, raw: Any) -> Any:
        return [line.strip() for line in words.split("\n") if line.strip()]


class Codes(Line):
    """A list of short strings, with commas between."""

    __slots__ = ()

    def words(self, raw: Any) -> str:
        return ", ".join(map(str, raw)) if isinstance(raw, list) else ""

    def value(self, words: str, raw: Any) -> Any:
        return [code.strip() for code in words.replace("，", ",").split(",") if code.strip()]


class Snippet(Line):
    """A table as TOML, for those who write TOML."""

    __slots__ = ()
    template = "snippet"

    def words(self, raw: Any) -> str:
        return written(raw) if isinstance(raw, dict) else ""

    def value(self, words: str, raw: Any) -> Any:
        try:
            return tomllib.loads(words)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words; the first is what holds where none is written."""

    name: str
    label: Words
    choices: Sequence[tuple[str, Words]]
    help: Words = ""
    again: bool = False
    """Whether other fields depend on it: the form is shown anew when it changes."""

    def options(self, raw: Any, setting: Setting) -> list[tuple[str, Words]]:
        known = list(self.choices)
        if isinstance(raw, str) and raw not in [value for value, _title in known]:
            known.append((raw, raw))  # what an author wrote by hand
        return known

    def _shown(self, raw: Any) -> str:
        return raw if isinstance(raw, str) else (self.choices[0][0] if self.choices else "")

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        given = setting.given(at)
        value = self._shown(raw) if given is None else given
        options = self.options(raw, setting)
        return Node(
            "select", at, path, self.label, self.help, value, choices=options, again=self.again
        )

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        given = setting.given(at)
        if given is None or given == self._shown(raw):
            return raw
        return given or MISSING


@dataclass(frozen=True, slots=True)
class Misconception:
    """The key of a misconception of course.toml."""

    name: str = "misconception"

    def _select(self, setting: Setting) -> OneOf:
        none: list[tuple[str, Words]] = [("", _("none"))]
        return OneOf(self.name, _("Misconception that it shows"), [*none, *setting.misconceptions])

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        return self._select(setting).node(raw, at, path, setting)

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        return self._select(setting).read(raw, at, setting, problems)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no. A browser sends nothing for an empty box: a hidden field says it was there."""

    name: str
    label: Words
    default: bool = False
    help: Words = ""

    def _shown(self, raw: Any) -> bool:
        return raw if isinstance(raw, bool) else self.default

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        given = setting.given(at)
        is_on = self._shown(raw) if given is None else given == "on"
        return Node("flag", at, path, self.label, self.help, "on" if is_on else "")

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        given = setting.given(at)
        if given is None or (given == "on") == self._shown(raw):
            return raw
        is_on = given == "on"
        return MISSING if is_on == self.default else is_on


@dataclass(frozen=True, slots=True)
class Texts:
    """A text, in the languages of the course side by side."""

    name: str
    label: Words
    help: Words = ""
    lines: int = 1

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        table = raw if isinstance(raw, dict) else {}
        texts = []
        for language in setting.languages:
            given = setting.given(f"{at}.{language}")
            words = plain(str(table.get(language, ""))) if given is None else given
            texts.append((f"{at}.{language}", language, words))
        return Node("texts", at, path, self.label, self.help, texts=texts, lines=self.lines)

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        table = dict(raw) if isinstance(raw, dict) else {}
        changed = False
        for language in setting.languages:
            given = setting.given(f"{at}.{language}")
            if given is None or given.strip() == plain(str(table.get(language, ""))).strip():
                continue
            changed = True
            if given.strip():
                table[language] = given.strip()
            else:
                del table[language]
        if not changed:
            return raw
        known = [one for one in setting.languages if one in table]
        ordered = [*known, *(one for one in table if one not in known)]
        return {one: table[one] for one in ordered} or MISSING
