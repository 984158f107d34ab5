"""Where in a TOML file a value stands, which `tomllib` does not tell.

`line_numbers` scans a document that `tomllib` has accepted already, so it need not judge: it only
follows keys, and steps over values.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL_STRING = re.compile(r"'[^']*'")
_LONG_BASIC_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL)
_LONG_LITERAL_STRING = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


def line_numbers(source: str) -> dict[str, int]:
    """Dotted path → line, from 1, of every table, key and array element of a valid document.

    Elements are written with their index: `spec.options[2].text.en`. Keys appear without quotes.
    """
    scanner = Scanner(source)
    scanner.document()
    return scanner.lines


class Scanner:
    """Walks through a valid document; `lines` is what `line_numbers` promises."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.lines: dict[str, int] = {}
        self._tables_in_array: dict[str, int] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]

    def document(self) -> None:
        prefix = ""
        self._step(_BLANK)
        while self.at < len(self.source):
            if self.source.startswith("[[", self.at):
                prefix = self._header(2)
            elif self.source[self.at] == "[":
                prefix = self._header(1)
            else:
                self._pair(prefix)
            self._step(_BLANK)

    def _header(self, brackets: int) -> str:
        """Read `[a.b]` or `[[a.b]]`; return the path of the table that it opens."""
        line = self._line()
        self.at += brackets
        parts = self._key()
        self._step(_SPACE)
        self.at += brackets
        path = ""
        for part in parts[:-1]:
            path = self._note(_join(path, part), line, keep=True)
            if path in self._tables_in_array:
                path = f"{path}[{self._tables_in_array[path]}]"
        path = self._note(_join(path, parts[-1]), line, keep=True)
        if brackets == 2:
            index = self._tables_in_array.get(path, -1) + 1
            self._tables_in_array[path] = index
            path = self._note(f"{path}[{index}]", line)
        return path

    def _pair(self, prefix: str) -> None:
        line = self._line()
        path = prefix
        for part in self._key():
            path = self._note(_join(path, part), line, keep=True)
        self._step(_SPACE)
        self.at += 1  # the equals sign
        self._step(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._step(_SPACE)
            parts.append(self._key_part())
            self._step(_SPACE)
            if not self.source.startswith(".", self.at):
                return parts
            self.at += 1

    def _key_part(self) -> str:
        quote = self.source[self.at]
        pattern = {'"': _BASIC_STRING, "'": _LITERAL_STRING}.get(quote, _BARE_KEY)
        match = pattern.match(self.source, self.at)
        assert match is not None, f"not a key at {self.at}: was the document valid?"
        self.at = match.end()
        if quote != '"':
            return match.group().strip("'")
        unescaped = tomllib.loads(f"key = {match.group()}")["key"]
        assert isinstance(unescaped, str)
        return unescaped

    def _value(self, path: str) -> None:
        first = self.source[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        elif self.source.startswith('"""', self.at):
            self._step(_LONG_BASIC_STRING)
        elif self.source.startswith("'''", self.at):
            self._step(_LONG_LITERAL_STRING)
        elif first == '"':
            self._step(_BASIC_STRING)
        elif first == "'":
            self._step(_LITERAL_STRING)
        else:
            self._step(_SCALAR)

    def _array(self, path: str) -> None:
        self.at += 1
        index = 0
        self._step(_BLANK)
        while self.source[self.at] != "]":
            element = self._note(f"{path}[{index}]", self._line())
            self._value(element)
            self._comma()
            index += 1
        self.at += 1

    def _inline_table(self, path: str) -> None:
        self.at += 1
        self._step(_BLANK)
        while self.source[self.at] != "}":
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._step(_BLANK)
        if self.source[self.at] == ",":
            self.at += 1
            self._step(_BLANK)

    def _note(self, path: str, line: int, *, keep: bool = False) -> str:
        if not keep or path not in self.lines:
            self.lines[path] = line
        return path

    def _line(self) -> int:
        return bisect_right(self._starts, self.at)

    def _step(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.source, self.at)
        assert match is not None, f"unexpected text at {self.at}: was the document valid?"
        self.at = match.end()


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part
