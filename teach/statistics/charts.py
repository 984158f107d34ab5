"""Small charts as geometry: what a template needs to draw SVG. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

BUCKETS_PER_DOUBLING = 4
MOST_TRIES = 10
MOST_TIME_BARS = 16
EDGE = 4.0
"""Abilities from -EDGE to EDGE are drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the view box, and what it says."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    count: int
    is_labelled: bool
    """Whether there is room for its label."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A histogram."""

    width: int
    height: int
    bottom: int
    bars: Sequence[Bar]
    most: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A group of learners beside a curve."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that gets an item right at each ability."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    path: str
    dots: Sequence[Dot]
    abilities: Sequence[tuple[float, str]]
    """x and label of each tick."""
    half_y: float
    middle_x: float | None
    """Where half get it right; None where that is not drawn."""


def bars(counted: Sequence[tuple[str, int]], *, every: int = 1) -> Bars:
    """A histogram of these bins; every `every`-th is labelled."""
    width, height, bottom, top = 220, 128, 104, 18
    most = max((count for _label, count in counted), default=0)
    step = width / max(1, len(counted))
    found = []
    for place, (label, count) in enumerate(counted):
        tall = round((bottom - top) * count / most, 1) if most else 0.0
        x = round(place * step + step * 0.12, 1)
        found.append(
            Bar(
                x,
                round(bottom - tall, 1),
                round(step * 0.76, 1),
                tall,
                round(place * step + step / 2, 1),
                label,
                count,
                place % every == 0,
            )
        )
    return Bars(width, height, bottom, found, most)


def score_bars(bins: Mapping[int, int]) -> Bars:
    """First tries by their score, in tenths."""
    return bars([(f"{10 * tenth}", bins.get(tenth, 0)) for tenth in range(11)], every=5)


def try_bars(bins: Mapping[int, int]) -> Bars:
    """Learners by the number of their tries."""
    last = max(bins, default=1)
    numbers = range(1, max(last, 5) + 1)
    return bars(
        [
            (f"{number}+" if number == MOST_TRIES else f"{number}", bins.get(number, 0))
            for number in numbers
        ]
    )


def time_bars(bins: Mapping[int, int]) -> Bars:
    """Learners by the time to their first try; each bar is twice as long as the one before."""
    doubled: dict[int, int] = {}
    for bucket, count in bins.items():
        doubled[bucket // BUCKETS_PER_DOUBLING] = (
            doubled.get(bucket // BUCKETS_PER_DOUBLING, 0) + count
        )
    if not doubled:
        return bars([])
    first, last = min(doubled), max(doubled)
    powers = range(first, last + 1)
    every = math.ceil(len(powers) / 4)
    return bars([(short_time(2**power), doubled.get(power, 0)) for power in powers], every=every)


def short_time(seconds: float) -> str:
    """A time in one unit: 40 s, 3 min, 2 h."""
    if seconds < 100:
        return _("%(number)s s") % {"number": round(seconds)}
    if seconds < 100 * 60:
        return _("%(number)s min") % {"number": round(seconds / 60)}
    return _("%(number)s h") % {"number": round(seconds / 3600)}


def curve(item: Mapping[str, Any]) -> Curve:
    """The curve of an item of the response model, and the learners in groups beside it."""
    width, height, left, right, top, bottom = 720, 280, 48, 704, 16, 240

    def x(ability: float) -> float:
        inside = max(-EDGE, min(EDGE, ability))
        return round(left + (right - left) * (inside + EDGE) / (2 * EDGE), 1)

    def y(share: float) -> float:
        return round(bottom - (bottom - top) * share, 1)

    def share(ability: float) -> float:
        return 1 / (1 + math.exp(-item["slope"] * (ability - item["difficulty"])))

    steps = [-EDGE + EDGE * number / 40 for number in range(81)]
    path = "M" + "L".join(f"{x(ability)} {y(share(ability))}" for ability in steps)
    dots = [
        Dot(
            x(ability),
            y(right_share),
            _("%(learners)s learners: %(percent)s %% right")
            % {"learners": learners, "percent": f"{100 * right_share:.0f}"},
        )
        for ability, right_share, learners in item["points"]
    ]
    inside = abs(item["difficulty"]) < EDGE
    return Curve(
        *(width, height, left, right, top, bottom),
        path=path,
        dots=dots,
        abilities=[(x(tick), f"{tick:+d}" if tick else "0") for tick in (-4, -2, 0, 2, 4)],
        half_y=y(0.5),
        middle_x=x(item["difficulty"]) if inside else None,
    )
