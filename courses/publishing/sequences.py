"""`sequenceDiagram`: participants, messages and notes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

from courses.publishing.drawing import (
    LINE_HEIGHT,
    BadDiagram,
    Point,
    canvas,
    element,
    stroke,
    text,
    width_of,
    words_of,
)

_PARTICIPANT = re.compile(r"(?:participant|actor) +(?P<name>\w+)(?: +as +(?P<label>.+))?")
_MESSAGE = re.compile(r"(?P<one>\w+) *(?P<arrow>-?->>?) *(?P<two>\w+) *: *(?P<words>.+)")
_NOTE = re.compile(r"[Nn]ote over +(?P<one>\w+)(?: *, *(?P<two>\w+))? *: *(?P<words>.+)")
_HEAD = 40.0
_MARGIN = 20.0
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A message, or a note when `arrow` is empty."""

    one: str
    two: str
    words: list[str]
    arrow: str = ""


def draw_sequence(lines: list[tuple[int, str]], *, label: str) -> str:
    """The diagram of these numbered lines. Raises `BadDiagram`."""
    names: dict[str, list[str]] = {}
    rows: list[_Row] = []
    for number, line in lines:
        if line == "autonumber":
            continue
        if participant := _PARTICIPANT.fullmatch(line):
            names[participant["name"]] = words_of(participant["label"] or participant["name"])
            continue
        match = _MESSAGE.fullmatch(line) or _NOTE.fullmatch(line)
        if match is None:
            raise BadDiagram(
                number, f"`{line}`: only participant, A->>B: words and Note over A,B: words."
            )
        found = match.groupdict()
        two = found["two"] or found["one"]
        for name in (found["one"], two):
            names.setdefault(name, [name])
        rows.append(_Row(found["one"], two, words_of(found["words"]), found.get("arrow") or ""))
    if not rows:
        raise BadDiagram(1, "A sequence needs at least one message.")
    return _Sequence(names, rows).draw(label)


class _Sequence:
    def __init__(self, names: dict[str, list[str]], rows: list[_Row]) -> None:
        self.names = names
        self.rows = rows
        self.order = {name: index for index, name in enumerate(names)}
        self.arrow = "a" + hashlib.sha256(repr((names, rows)).encode()).hexdigest()[:8]
        self.x = self._columns()
        self.reached: list[Point] = []
        last = list(names)[-1]
        self.width = self.x[last] + max(self._half(last), self._loop_room(last))

    def draw(self, label: str) -> str:
        parts: list[str] = []
        y = _HEAD + _MARGIN
        for row in self.rows:
            height = LINE_HEIGHT * len(row.words) + _GAP
            y += height
            parts += self._message(row, y) if row.arrow else self._note(row, y)
            y += 14 if row.one == row.two and row.arrow else 0
        height = y + _MARGIN
        lines = [
            stroke(f"M{x:.1f} {_HEAD + 4:.0f}V{height - 4:.0f}", dashed=True)
            for x in self.x.values()
        ]
        heads = [part for name in self.names for part in self._head(name)]
        return canvas(
            lines + heads + parts,
            [*self.reached, (0, 0), (self.width, height)],
            label=label or self._described(),
            arrow=self.arrow,
        )

    def _half(self, name: str) -> float:
        return max(width_of(line) for line in self.names[name]) / 2 + 14

    def _loop_room(self, name: str) -> float:
        """Room to the right of a participant for what it says to itself."""
        said = [
            width_of(line)
            for row in self.rows
            if row.arrow and row.one == row.two == name
            for line in row.words
        ]
        return max(said) + 50 if said else 0

    def _columns(self) -> dict[str, float]:
        """Where the life lines stand, wide enough for names and for words between neighbours."""
        names = list(self.names)
        x = {names[0]: self._half(names[0])}
        for left, right in pairwise(names):
            room = self._half(left) + self._half(right) + 30
            for row in self.rows:
                if {row.one, row.two} == {left, right}:
                    room = max(room, *(width_of(line) + 40 for line in row.words))
            x[right] = x[left] + max(room, self._loop_room(left) + 20)
        return x

    def _head(self, name: str) -> list[str]:
        half = self._half(name)
        box = element(
            "rect",
            x=self.x[name] - half,
            y=4.0,
            width=2 * half,
            height=_HEAD,
            rx=6.0,
            class_="accent",
            fill="none",
            stroke="currentColor",
            stroke_width=1.5,
        )
        return [box, text(self.names[name], self.x[name], 4 + _HEAD / 2)]

    def _message(self, row: _Row, y: float) -> list[str]:
        start, end = self.x[row.one], self.x[row.two]
        dashed = row.arrow.startswith("--")
        above = y - LINE_HEIGHT * len(row.words) / 2 - 4
        head = self.arrow if row.arrow.endswith(">>") else ""
        if row.one == row.two:
            path = f"M{start:.1f} {y:.1f}h34v14h-32"
            words = text(row.words, start + 8, above, anchor="start")
            return [stroke(path, arrow=head, dashed=dashed), words]
        inset = 2 if end > start else -2
        path = f"M{start:.1f} {y:.1f}H{end - inset:.1f}"
        return [
            stroke(path, arrow=head, dashed=dashed),
            text(row.words, (start + end) / 2, above),
        ]

    def _note(self, row: _Row, y: float) -> list[str]:
        left, right = sorted((self.x[row.one], self.x[row.two]))
        height = LINE_HEIGHT * len(row.words) + 6
        width = max(right - left + 40, *(width_of(line) + 24 for line in row.words))
        middle = (left + right) / 2
        self.reached += [(middle - width / 2, y), (middle + width / 2, y)]
        box: dict[str, str | float] = {
            "x": middle - width / 2,
            "y": y - height,
            "width": width,
            "height": height,
        }
        return [
            element("rect", **box, class_="surface", fill="currentColor"),
            element("rect", **box, class_="muted", fill="none", stroke="currentColor"),
            text(row.words, middle, y - height / 2),
        ]

    def _described(self) -> str:
        said = [
            f"{' '.join(self.names[row.one])} → {' '.join(self.names[row.two])}: "
            f"{' '.join(row.words)}"
            for row in self.rows
            if row.arrow
        ]
        return "; ".join(said)
