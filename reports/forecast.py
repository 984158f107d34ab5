"""When the goal is reached if things go on as they do, and how sure that is.

The model, on purpose a plain one: people become qualified at a weekly rate, which the last
`BASIS` whole weeks estimate. What is added in `h` weeks is then `h` times that rate, with the
variance `s² (h + h² / n)`: of the weeks to come, and of the rate, which `n` weeks show only
roughly. `s²` is the variance of those weeks, and at least their mean, which is that of people who
come one by one. The interval is the middle 80 % of a normal distribution.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

BASIS = 12
LONGEST = 52 * 50
"""Weeks that are looked ahead: what takes longer is not foreseen."""
SHARE = 0.8
_REACH = NormalDist().inv_cdf((1 + SHARE) / 2)
WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many there are so many weeks from now: the middle 80 % of what may be, and its middle."""

    weeks: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes of the last weeks. Dates are None where it takes more than fifty years."""

    per_week: float
    """The weekly rate of the last `BASIS` whole weeks."""
    required_per_week: float
    """What it takes from now on to reach the goal on its day; 0 when it is reached."""
    reached_on: datetime.date | None
    earliest: datetime.date | None
    """The goal is reached between these two with a chance of 80 %."""
    latest: datetime.date | None
    ahead: Sequence[Ahead]
    """From now (0 weeks) to `weeks_ahead`."""
    on_goal_day: Ahead
    """How many there are on the day of the goal."""

    @property
    def missing_per_week(self) -> float:
        """How many more a week than now it takes; 0 when the rate of now is enough."""
        return max(0.0, self.required_per_week - self.per_week)


def forecast(
    weeks: Sequence[int],
    goal: int,
    *,
    reached: int,
    today: datetime.date,
    goal_day: datetime.date,
    weeks_ahead: int,
) -> Forecast:
    """Foresee the count. `weeks`: how many came in each whole week, the last one last."""
    basis = weeks[-BASIS:]
    n = max(1, len(basis))
    rate = sum(basis) / n
    spread = max(rate, sum((week - rate) ** 2 for week in basis) / max(1, n - 1))

    def at(h: int) -> Ahead:
        middle = reached + rate * h
        reach = _REACH * math.sqrt(spread * (h + h * h / n))
        return Ahead(h, max(float(reached), middle - reach), middle, middle + reach)

    def first(line: str) -> datetime.date | None:
        if rate <= 0 or getattr(at(LONGEST), line) < goal:
            return today if reached >= goal else None
        low, high = 0, LONGEST
        while low < high:
            half = (low + high) // 2
            low, high = (low, half) if getattr(at(half), line) >= goal else (half + 1, high)
        return today + low * WEEK

    weeks_left = max(0, (goal_day - today).days) / 7
    missing = max(0, goal - reached)
    return Forecast(
        per_week=rate,
        required_per_week=missing / max(1.0, weeks_left),
        reached_on=first("middle"),
        earliest=first("high"),
        latest=first("low"),
        ahead=[at(h) for h in range(weeks_ahead + 1)],
        on_goal_day=at(round(weeks_left)),
    )
