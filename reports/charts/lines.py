"""A count that grows over days."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, in the units of the view box."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A stepped line of a growing count over days, in a view box of `width` × `height`.

    The plot stands between `left` and `right` and between `top` and `bottom`.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    line: str
    """An SVG path: the count."""
    area: str
    """An SVG path: the surface beneath it."""
    value_ticks: Sequence[Tick]
    day_ticks: Sequence[Tick]
    last_x: float
    last_y: float


def round_up(value: float) -> int:
    """The least 1, 2 or 5 times a power of ten that is not below `value`, and at least 5."""
    if value <= 5:
        return 5
    power = 10 ** math.floor(math.log10(value))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= value))


def step_chart(
    points: Sequence[tuple[datetime.date, int]],
    until: datetime.date,
    *,
    width: int = 720,
    height: int = 260,
) -> LineChart | None:
    """The chart of a count that moved on the days of `points`, drawn up to `until`.

    None when there is nothing to draw.
    """
    if not points:
        return None
    left, right, top, bottom = 64, width - 16, 16, height - 36
    first = points[0][0] - datetime.timedelta(days=1)
    span = max(1, (until - first).days)
    ceiling = round_up(points[-1][1])

    def x(day: datetime.date) -> float:
        return round(left + (right - left) * (day - first).days / span, 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / ceiling, 1)

    steps = "".join(f"H{x(day)}V{y(value)}" for day, value in points)
    line = f"M{left} {bottom}{steps}H{right}"
    middle = first + datetime.timedelta(days=span // 2)
    days = [first, middle, until] if span >= 4 else [first, until]
    return LineChart(
        *(width, height, left, right, top, bottom),
        line=line,
        area=f"{line}V{bottom}Z",
        value_ticks=[Tick(y(share), f"{share:,}") for share in _ticks(ceiling)],
        day_ticks=[Tick(x(day), day.isoformat()) for day in days],
        last_x=float(right),
        last_y=y(points[-1][1]),
    )


def _ticks(ceiling: int) -> list[int]:
    parts = 5 if ceiling % 5 == 0 and ceiling >= 5 else 2
    return [ceiling * part // parts for part in range(parts + 1)]
