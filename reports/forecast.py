"""When the goal is reached if things go on as they do, and how sure that is.

The model (docs/forecast.md has its back-test, which `python -m dev.backtest` repeats):

1. *Seasons.* From two years on, every place in the year (of 52) has a factor: what came there in
   all years, over what the year around it would give, with its neighbours, and drawn towards 1.
   Terms, summer and Spring Festival are found in the history; no calendar is written down here.
2. *Level and growth.* The level is the mean of the latest weeks without their season, where a week
   counts half of one ten weeks later. Growth compares the last year with the one before it, or
   halves of what there is, is believed in part only, and dies away: after a year two thirds of it.
3. *The interval* is of the errors that this model would have made on the same history: it is put
   back to every fourth week, foresees, and is compared with what came, 1 to 104 weeks later. The
   logarithms of the ratios are taken together per distance, late ones weighing more, as windows
   that do not overlap, with one more window of a typical error on top of that of the distance
   before; and there is the variance of people who come one by one. The interval is the middle
   80 % of a log-normal distribution.
"""

from __future__ import annotations

import datetime
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist

BASIS = 12
"""Weeks of which the weekly rate is the mean."""
LONGEST = 52 * 50
"""Weeks that are looked ahead: what takes longer is not foreseen."""
SHARE = 0.8
_REACH = NormalDist().inv_cdf((1 + SHARE) / 2)
WEEK = datetime.timedelta(weeks=1)

YEAR = 52
DAYS_OF_YEAR = 365.2425
SEASON_BELIEVED = 0.7
LEAST_SEASON, MOST_SEASON = 0.1, 6.0
FADE = 0.5 ** (1 / 10)
"""What a week weighs in the level, of the one after it."""
GROWTH_BELIEVED, GROWTH_BELIEVED_WITHOUT_SEASONS = 0.8, 0.4
MOST_GROWTH = 0.02
"""A week, in either direction."""
GROWTH_LEFT = 0.98
"""Of the growth, from one week to the next."""

DISTANCES = (1, 2, 4, 8, 13, 20, 26, 39, 52, 78, 104)
FIRST_ORIGIN = 26
ORIGINS_APART = 4
HALF_LIFE_OF_ERRORS = 30
SEEN_BEFORE = 1.07
"""The seasons know the weeks that the errors are measured on: real errors are greater."""
TYPICAL, TYPICAL_WITHOUT_SEASONS = 0.08, 0.16
"""Logarithmic errors where the history shows none."""
CARRIED = 0.7
"""Of the variance at one distance, what the next longer one begins with."""
MOST_WIDENING = 3.0
"""Of the error beyond the longest distance, which grows like the root of the distance."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many there are so many weeks from now: the middle 80 % of what may be, and its middle."""

    weeks: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes of the history. Dates are None where it takes more than fifty years."""

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
    """Foresee the count. `weeks`: how many came in each whole week up to yesterday, the last last.

    For 160 weeks it takes a few milliseconds.
    """
    basis = weeks[-BASIS:]
    days_left = max(0, (goal_day - today).days)
    goal_week = round(days_left / 7)
    ahead: list[Ahead] = []
    for step in _foreseen(weeks, reached, today):
        ahead.append(step)
        if step.weeks >= max(weeks_ahead, goal_week) and step.low >= goal:
            break

    def first(line: Sequence[float]) -> datetime.date | None:
        week = bisect_left(line, goal)
        return today + week * WEEK if week < len(line) else None

    lows = list(accumulate((step.low for step in ahead), max))
    return Forecast(
        per_week=sum(basis) / max(1, len(basis)),
        required_per_week=max(0, goal - reached) / max(1.0, days_left / 7),
        reached_on=first([step.middle for step in ahead]),
        earliest=first([step.high for step in ahead]),
        latest=first(lows),
        ahead=ahead[: weeks_ahead + 1],
        on_goal_day=ahead[goal_week],
    )


def _foreseen(weeks: Sequence[int], reached: int, today: datetime.date) -> Iterator[Ahead]:
    """From now to `LONGEST` weeks ahead."""
    yield Ahead(0, reached, reached, reached)
    if not any(weeks):
        yield from (Ahead(h, reached, reached, reached) for h in range(1, LONGEST + 1))
        return
    model = _Model(weeks, today)
    errors = model.errors()
    for h, added in enumerate(model.added(len(weeks), LONGEST), start=1):
        error = math.sqrt(_error_at(h, errors) ** 2 + 1 / max(1.0, added))
        factor = math.exp(_REACH * error)
        yield Ahead(h, reached + added / factor, reached + added, reached + added * factor)


class _Model:
    """Seasons of the whole history, and level and growth as they were after each week of it."""

    def __init__(self, weeks: Sequence[int], today: datetime.date) -> None:
        self.length = len(weeks)
        self.start = today.timetuple().tm_yday - 4 - 7 * (self.length - 1)
        """The day in the year on which the first week has its middle; far below 1."""
        self.has_seasons = self.length >= 2 * YEAR
        self.came = [0, *accumulate(weeks)]
        self.factors = self._factors(weeks) if self.has_seasons else [1.0] * YEAR
        seasons = [self.factors[self.place(week)] for week in range(self.length)]
        self.seasons = [0.0, *accumulate(seasons)]
        self.levels = _levels(weeks, seasons)

    def place(self, week: int) -> int:
        """Where in the year a week lies, from 0 to 51; weeks to come too."""
        return int((self.start + 7 * week) % DAYS_OF_YEAR * YEAR / DAYS_OF_YEAR) % YEAR

    def _factors(self, weeks: Sequence[int]) -> list[float]:
        came, usual = [0.0] * YEAR, [0.0] * YEAR
        for week, people in enumerate(weeks):
            first = min(max(0, week - YEAR // 2), self.length - YEAR)
            came[self.place(week)] += people
            usual[self.place(week)] += (self.came[first + YEAR] - self.came[first]) / YEAR
        whole = sum(came) / sum(usual)
        factors = []
        for place in range(YEAR):
            around = [(place + step) % YEAR for step in (-1, 0, 1)]
            # One more in both, so that a place without anybody has a factor.
            expected = whole * sum(usual[near] for near in around) + 1
            ratio = (sum(came[near] for near in around) + 1) / expected
            factors.append(min(MOST_SEASON, max(LEAST_SEASON, ratio)) ** SEASON_BELIEVED)
        return factors

    def growth(self, after: int) -> float:
        """The logarithm of the weekly growth after so many weeks."""
        span = min(YEAR, after // 2)
        if span == 0:
            return 0.0
        late, early = (
            (self.came[end] - self.came[end - span] + 1)
            / (self.seasons[end] - self.seasons[end - span] + 1)
            for end in (after, after - span)
        )
        believed = GROWTH_BELIEVED if self.has_seasons else GROWTH_BELIEVED_WITHOUT_SEASONS
        return min(MOST_GROWTH, max(-MOST_GROWTH, believed * math.log(late / early) / span))

    def added(self, after: int, weeks: int) -> Iterator[float]:
        """What is expected to have come 1, 2, … weeks later, foreseen after so many weeks."""
        level, age = self.levels[after - 1]
        growth = self.growth(after)
        rate, total = level * math.exp(growth * age), 0.0
        for week in range(after, after + weeks):
            rate *= math.exp(growth)
            growth *= GROWTH_LEFT
            total += rate * self.factors[self.place(week)]
            yield total

    def errors(self) -> list[float]:
        """The standard deviation of the logarithm of what came over what was foreseen.

        One for each of `DISTANCES`.
        """
        squares, weights = [0.0] * len(DISTANCES), [0.0] * len(DISTANCES)
        for after in range(self.length - 1, FIRST_ORIGIN - 1, -ORIGINS_APART):
            added = list(self.added(after, min(self.length - after, DISTANCES[-1])))
            for number, distance in enumerate(DISTANCES):
                if distance > len(added):
                    break
                came = self.came[after + distance] - self.came[after]
                age = self.length - after - distance
                weight = 0.5 ** (age / HALF_LIFE_OF_ERRORS)
                error = SEEN_BEFORE * math.log((came + 1) / (added[distance - 1] + 1))
                squares[number] += weight * error**2
                weights[number] += weight
        typical = TYPICAL if self.has_seasons else TYPICAL_WITHOUT_SEASONS
        found: list[float] = []
        for distance, square, weight in zip(DISTANCES, squares, weights, strict=True):
            # Windows overlap when they are longer than their origins lie apart.
            windows = weight * min(1.0, ORIGINS_APART / distance)
            mean = square / weight if weight else 0.0
            carried = CARRIED * found[-1] ** 2 if found else 0.0
            found.append(math.sqrt((windows * mean + typical**2 + carried) / (windows + 1)))
        return found


def _levels(weeks: Sequence[int], seasons: Sequence[float]) -> list[tuple[float, float]]:
    """People a week without the season, and how many weeks old that is, after each week."""
    levels = []
    people = season = weight = weighted_age = 0.0
    for came, factor in zip(weeks, seasons, strict=True):
        weighted_age = FADE * (weighted_age + weight)
        people, season, weight = FADE * people + came, FADE * season + factor, FADE * weight + 1
        levels.append((people / season, weighted_age / weight))
    return levels


def _error_at(distance: int, errors: Sequence[float]) -> float:
    """Between the distances that were measured, along the logarithm; beyond them like a root."""
    last = DISTANCES[-1]
    if distance >= last:
        return errors[-1] * min(MOST_WIDENING, math.sqrt(distance / last))
    above = bisect_left(DISTANCES, distance)
    if DISTANCES[above] == distance:
        return errors[above]
    low, high = DISTANCES[above - 1], DISTANCES[above]
    part = math.log(distance / low) / math.log(high / low)
    return errors[above - 1] + part * (errors[above] - errors[above - 1])
