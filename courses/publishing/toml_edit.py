"""TOML rewritten in place: what does not change keeps its bytes, its comments and its order.

`tomllib` reads and cannot write, and the libraries that write in place lose track of comments
between tables. Here a change is a splice of text at a place that the scanner has found, after
which the text is read anew: documents of courses are short.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from courses.publishing.toml_lines import Scanner
from courses.publishing.toml_words import (
    Fresh,
    header_of,
    inline,
    is_section,
    key_word,
    list_of,
    same,
    section,
    written,
)

_REST_OF_LINE = re.compile(r"[^\n]*\n?")
_COMMENTS_ABOVE = re.compile(r"(?:^[ \t]*#[^\n]*\n)*\Z", re.MULTILINE)
_INDEX = re.compile(r"\[\d+\]")
_NO_PATH = re.compile(r"[.\[\]]")
"""What makes a key look like several in a path."""

Table = Mapping[str, Any]


def rewritten(source: str, wanted: Table) -> str:
    """`source` (valid TOML) with the values of `wanted`, changed no more than needed.

    `tomllib.loads(rewritten(source, wanted))` is `wanted`, the order of keys in tables aside. A
    document that says things in a way that no splice can follow (dotted keys that change, tables
    of an array that stand apart) is written anew.
    """
    if same(tomllib.loads(source), dict(wanted)):
        return source
    text = source.replace("\r\n", "\n")
    try:
        while (changed := _Edit(text).toward(wanted)) is not None:
            text = changed
    except _Lost:
        text = written(wanted)
    return text.replace("\n", "\r\n") if "\r\n" in source else text


class _Lost(Exception):
    """There is no single place at which this can be changed."""


class _Spans(Scanner):
    """Where values, pairs (`key = value`) and headers stand, by path."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.values: dict[str, tuple[int, int]] = {}
        self.pairs: dict[str, tuple[int, int]] = {}
        """Of pairs that stand below a header, or above all."""
        self.headers: list[tuple[str, int]] = []
        """Path and start of each, in order; a table of an array with its index."""
        self._depth = 0
        self.document()

    def _value(self, path: str) -> None:
        start = self.at
        self._depth += 1
        super()._value(path)
        self._depth -= 1
        self.values[path] = (start, self.at)
        if self._depth == 0:
            line = self.source.rfind("\n", 0, start) + 1
            self.pairs[path] = (line, self.at)

    def _header(self, brackets: int) -> str:
        start = self.at
        path = super()._header(brackets)
        self.headers.append((path, start))
        return path


class _Edit:
    """One step from a document to another."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.data = tomllib.loads(source)
        self.spans = _Spans(source)

    def toward(self, wanted: Table) -> str | None:
        """The source with the first difference mended; None where there is none."""
        return self._table("", self.data, wanted)

    def _table(self, path: str, have: Table, want: Table) -> str | None:
        for key in have:
            if key not in want:
                return self._remove(_join(path, key))
        for key, value in want.items():
            if key not in have:
                return self._add(path, key, value)
            if not same(have[key], value):
                return self._change(_join(path, key), have[key], value)
        return None

    def _change(self, path: str, have: Any, want: Any) -> str | None:
        is_inline = path in self.spans.values
        if isinstance(have, dict) and isinstance(want, dict):
            if not is_inline:
                return self._table(path, have, want)
            if have.keys() == want.keys():
                key = next(key for key in have if not same(have[key], want[key]))
                return self._change(_join(path, key), have[key], want[key])
            want = {key: want[key] for key in [*have, *want] if key in want}
        elif isinstance(have, list) and isinstance(want, list):
            return self._inline_list(path, have, want) if is_inline else self._tables(path, want)
        if not is_inline:
            return self._remove(path)
        return self._put(*self.spans.values[path], inline(want))

    def _inline_list(self, path: str, have: list[Any], want: list[Any]) -> str | None:
        if len(have) == len(want):
            index = next(n for n in range(len(have)) if not same(have[n], want[n]))
            return self._change(f"{path}[{index}]", have[index], want[index])
        places = [self.spans.values[f"{path}[{index}]"] for index in range(len(have))]
        start, end = self.spans.values[path]
        kept = [self.source[first:last] for first, last in places]
        remarks = self._remarks(places, end - 1)
        rows = []
        for value, old in zip(want, assigned(have, want), strict=True):
            is_kept = old is not None and same(have[old], value)
            words = kept[old] if old is not None and is_kept else inline(value)
            rows.append((words, *(("", "") if old is None else remarks[old])))
        is_long = "\n" in self.source[start:end]
        return self._put(start, end, list_of(rows, is_long=is_long))

    def _remarks(self, places: Sequence[tuple[int, int]], end: int) -> list[tuple[str, str]]:
        """The comments above and behind each element of a list."""
        remarks: list[tuple[str, str]] = []
        if not places:
            return remarks
        before = self.source.rfind("[", 0, places[0][0]) + 1
        for (start, stop), following in zip(places, [*places[1:], (end, end)], strict=True):
            above = self.source[before:start].partition("\n")[2]
            behind = self.source[stop : following[0]].partition("\n")[0]
            hashes = [line.strip() for line in above.split("\n") if "#" in line]
            remarks.append(("\n".join(hashes), behind[behind.find("#") :] if "#" in behind else ""))
            before = stop
        return remarks

    def _tables(self, path: str, want: list[Any]) -> str | None:
        """An array of tables that have headers of their own."""
        if not want or not all(isinstance(one, dict) for one in want):
            return self._remove(path)
        have = _at(self.data, path)
        order = assigned(have, want)
        if order == list(range(len(have))):
            for index, value in enumerate(want):
                if not same(have[index], value):
                    return self._table(f"{path}[{index}]", have[index], value)
        blocks = [self._block(f"{path}[{index}]") for index in range(len(have))]
        if any(one[1] != other[0] for one, other in pairwise(blocks)):
            raise _Lost
        header = header_of(_INDEX.sub("", path))
        texts = [
            section(header, want[place], in_array=True)
            if index is None
            else _ended(self.source[slice(*blocks[index])])
            for place, index in enumerate(order)
        ]
        return self._put(blocks[0][0], blocks[-1][1], "".join(texts))

    def _remove(self, path: str) -> str:
        if path in self.spans.pairs:
            start, end = self.spans.pairs[path]
            match = _REST_OF_LINE.match(self.source, end)
            return self._put(start, match.end() if match else end, "")
        for header, _ in self.spans.headers:
            if _is_below(header, path):
                return self._put(*self._block(header), "")
        raise _Lost

    def _add(self, path: str, key: str, value: Any) -> str:
        full = _join(path, key)
        if path in self.spans.values:
            raise _Lost
        if is_section(value, at_top=not path):
            below = [header for header, _ in self.spans.headers if _is_below(header, path)]
            place = self._block(below[-1])[1] if below else len(self.source)
            header = header_of(_INDEX.sub("", full))
            tables = value if isinstance(value, list) else [value]
            in_array = isinstance(value, list)
            text = "".join(section(header, one, in_array=in_array) for one in tables)
            gap = "\n" if not path and self.source[:place].strip() else ""
            return self._put(place, place, gap + text)
        line = f"{key_word(key)} = {inline(value)}\n"
        own = [end for one, (_, end) in self.spans.pairs.items() if _parent(one) == path]
        if own:
            place = max(own)
        elif not path:
            return self._put(0, 0, line)
        else:
            starts = [start for header, start in self.spans.headers if header == path]
            if not starts:
                raise _Lost
            place = starts[0]
        match = _REST_OF_LINE.match(self.source, place)
        place = match.end() if match else place
        return self._put(place, place, line)

    def _block(self, path: str) -> tuple[int, int]:
        """A header with the comments above it, up to the next that is not below it."""
        at = [header for header, _ in self.spans.headers].index(path)
        following = (
            start for header, start in self.spans.headers[at + 1 :] if not _is_below(header, path)
        )
        end = next(following, None)
        return self._above(self.spans.headers[at][1]), (
            len(self.source) if end is None else self._above(end)
        )

    def _above(self, start: int) -> int:
        """Where the comments directly above a line begin."""
        match = _COMMENTS_ABOVE.search(self.source, 0, start)
        return match.start() if match else start

    def _put(self, start: int, end: int, text: str) -> str:
        before = self.source[:start]
        at_line = text and "\n" in text[-1:]
        if at_line and before and not before.endswith("\n"):
            before += "\n"
        return before + text + self.source[end:]


def assigned(have: Sequence[Any], want: Sequence[Any]) -> list[int | None]:
    """For each wanted element the old one that it comes from: the same one, else the one in its
    place, else the first that is left; None where none is, and for a `Fresh` one."""
    order: list[int | None] = [None] * len(want)
    free = dict.fromkeys(range(len(have)))
    for place, value in enumerate(want):
        candidates = [place, *free] if place in free else list(free)
        for index in candidates:
            if same(have[index], value):
                order[place] = index
                del free[index]
                break
    others = [place for place, value in enumerate(want) if not isinstance(value, Fresh)]
    for place in others:
        if order[place] is None and place in free:
            order[place] = place
            del free[place]
    for place in others:
        if order[place] is None and free and len(want) <= len(have):
            first = next(iter(free))
            order[place] = first
            del free[first]
    return order


def _at(data: Any, path: str) -> Any:
    for part in path.replace("[", ".[").split("."):
        data = data[int(part[1:-1])] if part.startswith("[") else data[part]
    return data


def _join(path: str, key: str) -> str:
    if _NO_PATH.search(key):
        raise _Lost
    return f"{path}.{key}" if path else key


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _is_below(header: str, path: str) -> bool:
    return not path or header == path or header.startswith((f"{path}.", f"{path}["))


def _ended(block: str) -> str:
    return block if block.endswith("\n") else f"{block}\n"
