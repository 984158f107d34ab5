"""A count up to today, the goal, and the fan of what may come."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.lines import Tick, round_up
from reports.forecast import Ahead

MOST_POINTS = 160
"""Of a line: more than a screen can show apart."""


@dataclass(frozen=True, slots=True)
class FanChart:
    """History, goal, the way that is required and the fan, in a view box of `width` × `height`.

    The plot stands between `left` and `right` and between `top` and `bottom`.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    history: str
    """An SVG path: the count to today."""
    area: str
    """The surface beneath it."""
    fan: str
    """The surface between the ends of the interval."""
    middle: str
    """A path: the middle of the fan."""
    required: str
    """A path: from today to the goal on its day."""
    goal_y: float
    today_x: float
    today_y: float
    goal_x: float
    """Of the day of the goal."""
    value_ticks: Sequence[Tick]
    day_ticks: Sequence[Tick]


def fan_chart(
    points: Sequence[tuple[datetime.date, int]],
    ahead: Sequence[Ahead],
    *,
    today: datetime.date,
    goal: int,
    goal_day: datetime.date,
    width: int = 960,
    height: int = 400,
) -> FanChart:
    """The chart of a count that moved on the days of `points`, and of the weeks `ahead` of today.

    The fan is cut where it leaves the plot, which ends a little above the goal.
    """
    left, right, top, bottom = 72, width - 24, 20, height - 40
    start = min([day for day, _ in points[:1]] or [today]) - datetime.timedelta(days=1)
    end = max(goal_day, today + datetime.timedelta(weeks=ahead[-1].weeks if ahead else 1))
    span = max(1, (end - start).days)
    reached = points[-1][1] if points else 0
    ceiling = round_up(max(goal, reached)) if reached > goal else goal * 1.04

    def x(day: datetime.date) -> float:
        return round(left + (right - left) * (day - start).days / span, 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * min(value, ceiling) / ceiling, 1)

    line = f"M{left} {bottom}" + "".join(f"L{x(day)} {y(n)}" for day, n in thinned(points))
    line += f"L{x(today)} {y(reached)}"
    days = [today + datetime.timedelta(weeks=step.weeks) for step in ahead]
    upper = [f"{x(day)} {y(step.high)}" for day, step in zip(days, ahead, strict=True)]
    lower = [f"{x(day)} {y(step.low)}" for day, step in zip(days, ahead, strict=True)]
    middle = [f"{x(day)} {y(step.middle)}" for day, step in zip(days, ahead, strict=True)]
    return FanChart(
        *(width, height, left, right, top, bottom),
        history=line,
        area=f"{line}V{bottom}H{left}Z",
        fan=f"M{'L'.join(upper + lower[::-1])}Z" if ahead else "",
        middle=f"M{'L'.join(middle)}" if ahead else "",
        required=f"M{x(today)} {y(reached)}L{x(goal_day)} {y(goal)}" if goal_day > today else "",
        goal_y=y(goal),
        today_x=x(today),
        today_y=y(reached),
        goal_x=x(goal_day),
        value_ticks=[Tick(y(goal * part / 5), f"{goal * part // 5:,}") for part in range(6)],
        day_ticks=[Tick(x(day), str(day.year)) for day in _new_years(start, end)],
    )


def thinned(points: Sequence[tuple[datetime.date, int]]) -> list[tuple[datetime.date, int]]:
    """At most about `MOST_POINTS` of them, at even distances, the last one among them."""
    step = max(1, len(points) // MOST_POINTS)
    return [*points[::-1][::step][::-1]]


def _new_years(start: datetime.date, end: datetime.date) -> list[datetime.date]:
    return [datetime.date(year, 1, 1) for year in range(start.year + 1, end.year + 1)]
