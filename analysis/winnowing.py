"""Which programs share long stretches: fingerprints by winnowing. Pure.

Schleimer, Wilkerson and Aiken, *Winnowing: local algorithms for document fingerprinting* (SIGMOD
2003). A program becomes a row of tokens by Pygments: names, numbers and texts lose what they say,
and comments and spaces go, so that renaming hides nothing. Every run of `GRAM` tokens is hashed;
of every `WINDOW` hashes in a row the least is kept, the rightmost where several are. Two programs
that share `WINDOW + GRAM - 1` tokens are sure to share a fingerprint. What the starter holds, and
what many programs hold, counts for nothing.

A pair is for a person to look at. It decides nothing.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Literal, Name, Whitespace

from analysis.types import Fragment, Pair

GRAM = 12
"""Tokens: about two lines of code."""
WINDOW = 8
EVERYBODYS = 0.3
"""A fingerprint that a larger share of the programs holds is how one does it."""
LEAST_PROGRAMS = 8
"""With fewer, nothing counts as everybody's."""
LEAST_SHARED = 4
MOST_PAIRS = 50
MOST_GAP_LINES = 2
"""Stretches that are no further apart, in both programs, are shown as one."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one program: hash → line numbers where its first run begins and ends."""

    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def prints_of(text: str, language: str) -> Prints:
    """The fingerprints of a program. `language` is a name of Pygments. Lines count from 1."""
    tokens = _tokens(text, language)
    hashes = [
        zlib.crc32("\0".join(word for word, _line in tokens[start : start + GRAM]).encode())
        for start in range(len(tokens) - GRAM + 1)
    ]
    kept: dict[int, tuple[int, int]] = {}
    last = -1
    for start in range(max(1, len(hashes) - WINDOW + 1) if hashes else 0):
        window = hashes[start : start + WINDOW]
        least = min(window)
        place = start + len(window) - 1 - window[::-1].index(least)
        if place != last:
            last = place
            kept.setdefault(least, (tokens[place][1], tokens[place + GRAM - 1][1]))
    return Prints(kept)


def alike(programs: Mapping[int, Prints], starter: Prints) -> list[Pair]:
    """The pairs of programs (by id) that share the most, the most alike first."""
    own = {pk: each.lines.keys() - starter.lines.keys() for pk, each in programs.items()}
    holders = Counter(print_ for each in own.values() for print_ in each)
    most = max(2, EVERYBODYS * len(own)) if len(own) >= LEAST_PROGRAMS else len(own)
    rare = {pk: {one for one in each if holders[one] <= most} for pk, each in own.items()}
    by_print: defaultdict[int, list[int]] = defaultdict(list)
    for pk, each in rare.items():
        for print_ in each:
            by_print[print_].append(pk)
    shared: Counter[tuple[int, int]] = Counter()
    for pks in by_print.values():
        shared.update(combinations(sorted(pks), 2))
    pairs = [
        _pair(left, right, programs, rare)
        for (left, right), count in shared.items()
        if count >= LEAST_SHARED
    ]
    pairs.sort(key=lambda pair: (-likeness(pair), -pair.shared, pair.left, pair.right))
    return pairs[:MOST_PAIRS]


def likeness(pair: Pair) -> float:
    """What they share, as a share of the smaller one."""
    return pair.shared / max(1, min(pair.left_total, pair.right_total))


def _pair(
    left: int, right: int, programs: Mapping[int, Prints], rare: Mapping[int, set[int]]
) -> Pair:
    both = rare[left] & rare[right]
    places = sorted((*programs[left].lines[one], *programs[right].lines[one]) for one in both)
    return Pair(left, right, len(both), len(rare[left]), len(rare[right]), _joined(places))


def _joined(places: Iterable[tuple[int, int, int, int]]) -> list[Fragment]:
    """Stretches that follow each other in both programs as one."""
    found: list[Fragment] = []
    for left_start, left_end, right_start, right_end in places:
        last = found[-1] if found else None
        if (
            last is not None
            and left_start <= last.left_end + MOST_GAP_LINES
            and last.right_start <= right_start <= last.right_end + MOST_GAP_LINES
        ):
            found[-1] = Fragment(
                last.left_start,
                max(last.left_end, left_end),
                last.right_start,
                max(last.right_end, right_end),
            )
        else:
            found.append(Fragment(left_start, left_end, right_start, right_end))
    return found


def _tokens(text: str, language: str) -> Sequence[tuple[str, int]]:
    """The words that matter, each with its line."""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=True)
    found, line = [], 1
    for kind, word in lexer.get_tokens(text):
        if _is(kind, Comment, Whitespace) or not word.strip():
            pass
        elif _is(kind, Name):
            found.append(("name", line))
        elif _is(kind, Literal):
            if not found or found[-1][0] != "literal":  # the parts of one text
                found.append(("literal", line))
        else:
            found.append((word, line))
        line += word.count("\n")
    return found


def _is(kind: Any, *families: Any) -> bool:
    """Whether a kind of token belongs to one of these families of Pygments."""
    return any(kind in family for family in families)
