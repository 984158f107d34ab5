"""How a program differs from another: lines to show, one under the other."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_LINES = 2000
"""Longer programs are shown without a comparison: the work grows with the square of the lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison. `number` counts in the newer text; None for a line that is gone."""

    sign: Literal[" ", "+", "-"]
    number: int | None
    text: str


def compare(before: str, after: str) -> list[Line]:
    """All lines of `after`, with those of `before` that are gone, in reading order."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return [Line(" ", number, text) for number, text in enumerate(new, 1)]
    lines: list[Line] = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag in {"replace", "delete"}:
            lines += [Line("-", None, text) for text in old[old_start:old_end]]
        sign: Literal[" ", "+"] = " " if tag == "equal" else "+"
        lines += [Line(sign, index + 1, new[index]) for index in range(new_start, new_end)]
    return lines
