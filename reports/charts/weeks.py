"""Bars of a count by week."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.lines import Tick, round_up


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: its place in the view box, and what it says."""

    x: float
    y: float
    width: float
    height: float
    start: datetime.date
    value: int


@dataclass(frozen=True, slots=True)
class WeekChart:
    """Bars in a view box of `width` × `height`, upright on `bottom`."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    bars: Sequence[Bar]
    value_ticks: Sequence[Tick]
    week_ticks: Sequence[Tick]


def week_chart(
    weeks: Sequence[tuple[datetime.date, int]], *, width: int = 720, height: int = 180
) -> WeekChart:
    """Weeks (the day each begins on, its count), the oldest first; at least one of them."""
    left, right, top, bottom = 40, width - 8, 12, height - 28
    ceiling = round_up(max(count for _start, count in weeks))
    step = (right - left) / len(weeks)
    bars = []
    for number, (start, count) in enumerate(weeks):
        tall = round((bottom - top) * count / ceiling, 1)
        x = round(left + step * (number + 0.15), 1)
        bars.append(Bar(x, bottom - tall, round(step * 0.7, 1), tall, start, count))
    ticks = [Tick(bottom, "0"), Tick(top, f"{ceiling:,}")]
    every = max(1, len(weeks) // 4)
    shown = [Tick(round(bar.x + bar.width / 2, 1), f"{bar.start:%m-%d}") for bar in bars[::every]]
    return WeekChart(width, height, left, right, bottom, bars, ticks, shown)
