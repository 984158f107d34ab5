"""Bringing together what two people made of one text, line by line.

Each side's changes are the differences to the base. Changes that neither overlap nor touch are
both made; the same change by both is made once; what is left is a *clash*, for people to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that both sides changed, as each has them."""

    base: list[str]
    mine: list[str]
    theirs: list[str]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines `start` to `end` of the base became `lines`."""

    start: int
    end: int
    lines: list[str]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """The text with the changes of both; None where they clash."""
    merged: list[str] = []
    for piece in pieces(base, mine, theirs):
        if isinstance(piece, Clash):
            return None
        merged += piece
    return "\n".join(merged)


def pieces(base: str, mine: str, theirs: str) -> list[list[str] | Clash]:
    """The merged text in order: lines on which the sides agree, and their clashes."""
    base_lines, mine_lines, theirs_lines = (text.split("\n") for text in (base, mine, theirs))
    ours, others = _edits(base_lines, mine_lines), _edits(base_lines, theirs_lines)
    found: list[list[str] | Clash] = []
    position = 0
    for start, end, left, right in _together(ours, others):
        if start > position:
            found.append(base_lines[position:start])
        found.append(
            _decided(
                base_lines[start:end],
                _applied(base_lines, start, end, left),
                _applied(base_lines, start, end, right),
            )
        )
        position = end
    if position < len(base_lines):
        found.append(base_lines[position:])
    return found


def _edits(base: list[str], changed: list[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        _Edit(start, end, changed[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _together(
    mine: list[_Edit], theirs: list[_Edit]
) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Stretches of the base in order, each with the edits of both sides that belong together
    because they overlap or touch."""
    waiting = sorted(
        [(edit, True) for edit in mine] + [(edit, False) for edit in theirs],
        key=lambda entry: (entry[0].start, entry[0].end),
    )
    while waiting:
        start, end = waiting[0][0].start, waiting[0][0].end
        count = 1
        while count < len(waiting) and waiting[count][0].start <= end:
            end = max(end, waiting[count][0].end)
            count += 1
        group, waiting = waiting[:count], waiting[count:]
        yield (
            start,
            end,
            [edit for edit, is_mine in group if is_mine],
            [edit for edit, is_mine in group if not is_mine],
        )


def _applied(base: list[str], start: int, end: int, edits: list[_Edit]) -> list[str]:
    """A stretch of the base with edits made."""
    lines: list[str] = []
    position = start
    for edit in edits:
        lines += base[position : edit.start] + edit.lines
        position = edit.end
    return lines + base[position:end]


def _decided(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | Clash:
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else Clash(base, mine, theirs)
