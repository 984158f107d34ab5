"""Fields that hold fields: tables, and rows that can be added, removed and moved.

A row is known by a token, its place in the file or `new-…`; the tokens are posted in the order of
the page. So rows move with JavaScript and without, and each keeps what the form does not show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.publishing.toml_words import Fresh
from teach.forms.fields import MISSING, Field, Node, Posted, Problems, Row, Setting, Texts, Words

NEW = "new-"


def nodes_of(
    fields: Sequence[Field], table: Mapping[str, Any], at: str, path: str, setting: Setting
) -> list[Node]:
    """The fields of a table."""
    return [
        field.node(
            table.get(field.name, MISSING), join(at, field.name), join(path, field.name), setting
        )
        for field in fields
    ]


def table_of(
    fields: Sequence[Field],
    table: Mapping[str, Any],
    at: str,
    setting: Setting,
    problems: Problems,
) -> dict[str, Any]:
    """The table that was meant; what no field shows stays."""
    meant = dict(table)
    for field in fields:
        raw = table.get(field.name, MISSING)
        value = field.read(raw, join(at, field.name), setting, problems)
        if value is not MISSING:
            meant[field.name] = value
        elif raw is not MISSING:
            del meant[field.name]
    return meant


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@dataclass(frozen=True, slots=True)
class Group:
    """A table in the table."""

    name: str
    label: Words
    fields: Sequence[Field]
    help: Words = ""

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        table = raw if isinstance(raw, dict) else {}
        nodes = nodes_of(self.fields, table, at, path, setting)
        return Node("group", at, path, self.label, self.help, nodes=nodes)

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        table = raw if isinstance(raw, dict) else {}
        meant = table_of(self.fields, table, at, setting, problems)
        return raw if meant == table else (meant or MISSING)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of tables."""

    name: str
    label: Words
    fields: Sequence[Field]
    add: Words
    help: Words = ""

    def fields_of(self, row: Mapping[str, Any], at: str, setting: Setting) -> Sequence[Field]:
        """The fields of one row; a subclass may choose them by what the row says."""
        return self.fields

    def node(self, raw: Any, at: str, path: str, setting: Setting) -> Node:
        tokens = _tokens(raw, at, setting)
        rows = []
        for place, token in enumerate(tokens):
            here = f"{at}.{token}"
            nodes = self._nodes(_old(raw, token), here, f"{path}[{place}]", setting)
            is_last, is_new = place == len(tokens) - 1, token.startswith(NEW)
            rows.append(Row(token, here, place + 1, nodes, place == 0, is_last, is_new))
        return Node("rows", at, path, self.label, self.help, rows=rows, add=self.add)

    def read(self, raw: Any, at: str, setting: Setting, problems: Problems) -> Any:
        if setting.posted is None or at not in setting.posted:
            return raw
        tokens = _tokens(raw, at, setting)
        meant = []
        for token in tokens:
            old = _old(raw, token)
            row = self._read(old, f"{at}.{token}", setting, problems)
            if row != {} or row == old:
                meant.append(Fresh(row) if _is_new(token) else row)
        if meant == raw or (not meant and not isinstance(raw, list)):
            return raw  # also what is no list at all
        return meant or MISSING

    def _nodes(self, old: Any, at: str, path: str, setting: Setting) -> list[Node]:
        table = old if isinstance(old, dict) else {}
        return nodes_of(self.fields_of(table, at, setting), table, at, path, setting)

    def _read(self, old: Any, at: str, setting: Setting, problems: Problems) -> Any:
        table = old if isinstance(old, dict) else {}
        meant = table_of(self.fields_of(table, at, setting), table, at, setting, problems)
        return old if not isinstance(old, dict) and old is not MISSING and not meant else meant


class TextRows(Rows):
    """A list of texts."""

    __slots__ = ()

    def _nodes(self, old: Any, at: str, path: str, setting: Setting) -> list[Node]:
        return [Texts("", "", lines=1).node(old, at, path, setting)]

    def _read(self, old: Any, at: str, setting: Setting, problems: Problems) -> Any:
        meant = Texts("", "").read(old, at, setting, problems)
        return {} if meant is MISSING else meant


def changed(posted: Posted, change: str) -> dict[str, list[str]]:
    """The form after a button of its rows: `add:AT`, `remove:AT:TOKEN`, `up:…`, `down:…`.

    Any other word changes nothing.
    """
    form = {name: list(values) for name, values in posted.items()}
    what, _, rest = change.partition(":")
    at, _, token = rest.partition(":")
    tokens = [one for one in form.get(at, []) if one]
    if at not in form or what not in ("add", "remove", "up", "down"):
        return form
    if what == "add":
        numbers = [
            int(one[len(NEW) :]) for one in tokens if _is_new(one) and one[len(NEW) :].isdigit()
        ]
        tokens.append(f"{NEW}{max(numbers, default=-1) + 1}")
    elif token in tokens:
        place = tokens.index(token)
        tokens.remove(token)
        if what != "remove":
            tokens.insert(max(0, place + (1 if what == "down" else -1)), token)
    form[at] = ["", *tokens]
    return form


def _is_new(token: str) -> bool:
    return token.startswith(NEW)


def _tokens(raw: Any, at: str, setting: Setting) -> list[str]:
    """Those that were posted, of rows that there are; else one for each row of the file."""
    count = len(raw) if isinstance(raw, list) else 0
    known = [str(number) for number in range(count)]
    if setting.posted is None or at not in setting.posted:
        return known
    given = dict.fromkeys(setting.posted[at])
    return [one for one in given if one in known or (_is_new(one) and one[len(NEW) :].isdigit())]


def _old(raw: Any, token: str) -> Any:
    return MISSING if _is_new(token) else raw[int(token)]
