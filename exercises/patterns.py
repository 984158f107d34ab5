"""Keeps authors' patterns from taking for ever on a learner's answer.

Python's `re` tries every way to match: `(a+)+b` takes 2**n steps on n letters. A pattern is
refused when a repeated group holds a choice (a repetition, an optional part, an alternative),
or when all its choices together are too many.
"""

from __future__ import annotations

import math
import re

MAX_LENGTH = 300
MAX_BITS = 26
"""Binary logarithm of the ways to try."""
UNBOUNDED_BITS = 8
PIECE = re.compile(
    r"\\."
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|\(\?(?:[:=!>]|<[=!]|P<\w+>|P=\w+|\(\w+\)|[a-zA-Z-]+:?)"
    r"|[()]"
    r"|(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})[?+]?"
    r"|.",
    re.DOTALL,
)
REPEAT = re.compile(r"(?:([*+?])|\{(\d*)(?:(,)(\d*))?\})[?+]?")
REFERENCE = re.compile(r"\\[1-9]|\(\?P=\w+|\(\?\(\w+\)")


def why_slow(pattern: str) -> str:
    """A sentence about what makes `pattern`, which compiles, too slow; '' when nothing does."""
    if len(pattern) > MAX_LENGTH:
        return f"A pattern may have {MAX_LENGTH} characters at most."
    pieces = PIECE.findall(pattern)
    if any(REFERENCE.fullmatch(piece) for piece in pieces):
        return "A pattern may not refer to one of its groups."
    if _repeats_a_choice(pieces):
        return "A repeated group may hold no repetition and no alternative."
    if sum(map(_bits, pieces)) > MAX_BITS:
        return "There are too many repetitions (*, +), optional parts and alternatives in it."
    return ""


def _repeats_a_choice(pieces: list[str]) -> bool:
    open_groups = [False]  # does it hold a choice?
    ended = False  # did the group that ended with the last piece?
    for piece in pieces:
        if ended and (repeat := REPEAT.fullmatch(piece)) and repeat[1] != "?":
            return True
        if piece.startswith("("):
            open_groups.append(False)
        ended = open_groups.pop() if piece == ")" else False
        open_groups[-1] |= ended or _bits(piece) > 0
    return False


def _bits(piece: str) -> float:
    """How many ways this piece adds, as a binary logarithm."""
    if piece == "|":
        return 1
    repeat = REPEAT.fullmatch(piece)
    if repeat is None or piece == "{}":
        return 0
    sign, low, comma, high = repeat.groups()
    if sign:
        return 1 if sign == "?" else UNBOUNDED_BITS
    if not comma:
        return 0
    return math.log2(int(high) - int(low or 0) + 1) if high else UNBOUNDED_BITS
