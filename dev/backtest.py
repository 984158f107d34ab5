"""How often the forecast of the count is right, on histories that are made up.

`python -m dev.backtest [histories of each regime and length]` prints how many of the sums that came
lay inside the 80 % interval. No database; the same seed gives the same table.
"""

from __future__ import annotations

import argparse
import datetime
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from reports.forecast import forecast

LENGTHS = (40, 60, 104, 156)
"""Weeks that the forecast sees."""
HORIZONS = (4, 13, 26, 52)
"""Weeks ahead."""
SMALLEST, LARGEST = 30.0, 3000.0
"""About how many people come in a usual week."""
YEAR = 52
Bare = Callable[[random.Random, datetime.date, int, int], list[float]]
"""(chance, the day of the first week, weeks in all, weeks that are seen) → people to expect."""


def histories(seed: str, of_each: int) -> Iterator[tuple[str, int, datetime.date, list[int]]]:
    """Regime, weeks that are seen, the day of the forecast, and people of each week.

    The weeks go on to the longest of `HORIZONS` after that day, which is any of a year.
    """
    for regime, make in REGIMES.items():
        for length in LENGTHS:
            for number in range(of_each):
                chance = random.Random(f"{seed} {regime} {length} {number}")  # noqa: S311
                today = datetime.date(2026, 1, 1) + datetime.timedelta(days=chance.randrange(365))
                start = today - datetime.timedelta(weeks=length)
                total = length + HORIZONS[-1]
                yield regime, length, today, _counts(chance, make(chance, start, total, length))


def _counts(chance: random.Random, expected: list[float]) -> list[int]:
    """People who come not quite independently: a cohort finishes together."""
    evenness = math.exp(chance.uniform(math.log(4), math.log(60)))
    return [
        _poisson(chance, mean * chance.gammavariate(evenness, 1 / evenness)) for mean in expected
    ]


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _size(chance: random.Random) -> float:
    return math.exp(chance.uniform(math.log(SMALLEST), math.log(LARGEST)))


def _terms(chance: random.Random, start: datetime.date, weeks: int) -> list[float]:
    """The year of universities: few in summer and at Spring Festival, many at the end of terms.

    The festival lies on another day every year; how deep the year cuts differs between histories.
    """
    depth = chance.uniform(0.3, 1.0)
    festivals = {year: 45 + chance.uniform(-12, 12) for year in range(start.year, start.year + 6)}
    factors = []
    for week in range(weeks):
        day = start + datetime.timedelta(weeks=week, days=3)
        at = day.timetuple().tm_yday
        factor = 1.0
        bumps = ((-0.75, festivals[day.year], 16), (-0.8, 213, 28), (0.6, 175, 12), (0.6, 8, 10))
        for height, middle, width in bumps:
            factor += height * depth * math.exp(-(((at - middle) / width) ** 2))
        factors.append(max(0.05, factor))
    return factors


def _drift(chance: random.Random, weeks: int) -> list[float]:
    """What nobody knows the cause of: a slow wandering around 1."""
    step, at, factors = chance.uniform(0.0, 0.05), 0.0, []
    for _ in range(weeks):
        at = 0.98 * at + chance.gauss(0, step)
        factors.append(math.exp(at))
    return factors


def _along(
    chance: random.Random, start: datetime.date, weeks: int, level: Callable[[int], float]
) -> list[float]:
    """A level with terms and drift."""
    size, terms, drift = _size(chance), _terms(chance, start, weeks), _drift(chance, weeks)
    return [size * level(week) * terms[week] * drift[week] for week in range(weeks)]


def flat(chance: random.Random, start: datetime.date, weeks: int, seen: int) -> list[float]:
    """As many every year."""
    return _along(chance, start, weeks, lambda _: 1.0)


def growing(chance: random.Random, start: datetime.date, weeks: int, seen: int) -> list[float]:
    """Between a sixth and more than twice as many again every year, to the end."""
    rate = chance.uniform(0.15, 0.8)
    return _along(chance, start, weeks, lambda week: math.exp(rate * week / YEAR))


def saturating(chance: random.Random, start: datetime.date, weeks: int, seen: int) -> list[float]:
    """Few, then a rise to a level that stays; the rise is over or not when it is foreseen."""
    middle, width = chance.uniform(0.2, 0.9) * seen, chance.uniform(10, 30)
    return _along(
        chance, start, weeks, lambda week: 0.05 + 1 / (1 + math.exp((middle - week) / width))
    )


def cohorts(chance: random.Random, start: datetime.date, weeks: int, seen: int) -> list[float]:
    """A few large cohorts that begin in March and September and finish within weeks."""
    size, growth = _size(chance), chance.uniform(0.0, 0.5) / YEAR
    expected = [0.1 * size * math.exp(growth * week) for week in range(weeks)]
    for begun in range(-30, weeks):
        month = (start + datetime.timedelta(weeks=begun)).month
        for _ in range(_poisson(chance, 2.5 if month in {3, 9} else 0.25)):
            people = size * chance.lognormvariate(0, 0.8) * math.exp(growth * begun)
            end, width = begun + chance.gauss(17, 2), chance.uniform(1.0, 3.0)
            for week in range(max(0, int(end - 4 * width)), min(weeks, int(end + 4 * width) + 1)):
                share = math.exp(-(((week - end) / width) ** 2) / 2) / (width * math.tau**0.5)
                expected[week] += people * share
    return expected


def nation(chance: random.Random, start: datetime.date, weeks: int, seen: int) -> list[float]:
    """The starts of study of courses/simulation/nation.py, then months of study for each person.

    More begin every week than the week before; two fifths of them at universities, nearly all of
    these in March and September.
    """
    lag, size = chance.uniform(8, 16), _size(chance)
    begun = [0.0] * (weeks + YEAR)
    for week in range(weeks + YEAR):
        month = (start + datetime.timedelta(weeks=week - YEAR)).month
        semester = 3.0 if month in {3, 9} else 0.36
        begun[week] = size * (week + 1) / weeks * (0.6 + 0.4 * semester)
    after = [week**2 * math.exp(-3 * week / lag) for week in range(YEAR)]
    whole = sum(after)
    return [
        sum(begun[week + YEAR - late] * share for late, share in enumerate(after)) / whole
        for week in range(weeks)
    ]


REGIMES: Mapping[str, Bare] = {
    "flat": flat,
    "growing": growing,
    "saturating": saturating,
    "cohorts": cohorts,
    "nation": nation,
}


def inside(seed: str, of_each: int) -> dict[tuple[str, int, int], tuple[int, int]]:
    """(regime, weeks seen, weeks ahead) → how many sums lay inside, and of how many."""
    hits: Counter[tuple[str, int, int]] = Counter()
    for regime, length, today, people in histories(seed, of_each):
        seen = people[:length]
        reached = sum(seen)
        foreseen = forecast(
            seen, reached, reached=reached, today=today, goal_day=today, weeks_ahead=HORIZONS[-1]
        )
        for horizon in HORIZONS:
            ahead = foreseen.ahead[horizon]
            came = reached + sum(people[length : length + horizon])
            hits[regime, length, horizon] += ahead.low <= came <= ahead.high
    keys = [(r, length, h) for r in REGIMES for length in LENGTHS for h in HORIZONS]
    return {key: (hits[key], of_each) for key in keys}


def share(found: Mapping[tuple[str, int, int], tuple[int, int]], *of: str | int) -> float:
    """Of those whose key has all of `of`, the share inside; each belongs to one part of a key."""
    chosen = [counts for key, counts in found.items() if set(of) <= set(key)]
    return sum(hits for hits, _ in chosen) / sum(total for _, total in chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("of_each", nargs="?", type=int, default=50)
    parser.add_argument("--seed", default="count")
    options = parser.parse_args()
    began = time.perf_counter()
    found = inside(options.seed, options.of_each)
    print("| regime |" + "".join(f" {h} weeks |" for h in HORIZONS) + " all |")
    print("|---|" + "---:|" * (len(HORIZONS) + 1))
    for regime in REGIMES:
        cells = [share(found, regime, h) for h in HORIZONS] + [share(found, regime)]
        print(f"| {regime} |" + "".join(f" {100 * cell:.1f} % |" for cell in cells))
    cells = [share(found, h) for h in HORIZONS] + [share(found)]
    print("| **all** |" + "".join(f" {100 * cell:.1f} % |" for cell in cells))
    print()
    for length in LENGTHS:
        only = {key: counts for key, counts in found.items() if key[1] == length}
        print(f"{length} weeks seen: {100 * share(only):.1f} %")
    number = len(REGIMES) * len(LENGTHS) * options.of_each
    print(f"{number} histories, {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
