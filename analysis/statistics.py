"""Figures of an exercise out of its stored sums. Pure; docs/statistics.md has every formula.

Scores are shares of one here. A figure that cannot be computed is None, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.counts import MOST_TRIES, bucket_start
from analysis.responses import THOUSAND

Sums = Mapping[str, int]
LEAST_PAIRS = 3
"""Fewer make no correlation, and no interval."""
NORMAL_95 = 1.959963984540054
CELL_K = 5
"""Groups of fewer people are not shown (docs/decisions/0017)."""


@dataclass(frozen=True, slots=True)
class Discrimination:
    """Pearson's correlation of the first-try score with the rest score, with its 95 % interval."""

    value: float
    low: float
    high: float
    learners: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of an exercise, or of one group of its learners."""

    learners: int
    """Whose first try at the exercise it was."""
    tries: int
    """Of everybody."""
    facility: float | None
    """Mean score of the first tries."""
    error: float | None
    """Standard error of the facility."""
    spread: float | None
    """Standard deviation of the scores of first tries."""
    first_passed: float | None
    """Share of the learners who passed at the first try."""
    passed: float | None
    tries_each: float | None
    seconds: float | None
    """Median time to answer."""
    timed: int
    """Learners whose time is known."""
    discrimination: Discrimination | None


def figures(sums: Sums) -> Figures:
    """All figures of one tally."""
    learners = sums.get("learners", 0)
    variance = _variance(learners, sums.get("score", 0), sums.get("score2", 0))
    spread = None if variance is None else math.sqrt(variance) / THOUSAND
    tried = {number: sums.get(f"tried:{number}", 0) for number in range(1, MOST_TRIES + 1)}
    times = histogram(sums, "time")
    return Figures(
        learners=learners,
        tries=sums.get("tries", 0),
        facility=_share(sums.get("score", 0) / THOUSAND, learners),
        error=None if spread is None else spread / math.sqrt(learners),
        spread=spread,
        first_passed=_share(sums.get("first_passed", 0), learners),
        passed=_share(sums.get("passed", 0), learners),
        tries_each=_share(sum(number * count for number, count in tried.items()), learners),
        seconds=median_time(times),
        timed=sum(times.values()),
        discrimination=discrimination(sums),
    )


def discrimination(sums: Sums) -> Discrimination | None:
    """The corrected item-total correlation: item against rest score (`analysis.counts`).

    None where fewer than `LEAST_PAIRS` learners answered something else too, or where all scores
    or all rest scores are equal.
    """
    value = correlation(
        sums.get("pairs", 0),
        *(sums.get(name, 0) for name in ("pair_score", "pair_score2", "rest", "rest2", "product")),
    )
    pairs = sums.get("pairs", 0)
    if value is None:
        return None
    low, high = interval(value, pairs)
    return Discrimination(value, low, high, pairs)


def correlation(n: int, x: int, x2: int, y: int, y2: int, xy: int) -> float | None:
    """Pearson's correlation out of exact sums; None with fewer than `LEAST_PAIRS` or no spread."""
    spread_x, spread_y = n * x2 - x * x, n * y2 - y * y
    if n < LEAST_PAIRS or spread_x <= 0 or spread_y <= 0:
        return None
    return max(-1.0, min(1.0, (n * xy - x * y) / math.sqrt(spread_x) / math.sqrt(spread_y)))


def interval(value: float, pairs: int) -> tuple[float, float]:
    """The 95 % interval of a correlation by Fisher's transformation."""
    if pairs <= LEAST_PAIRS or abs(value) >= 1:
        return value if abs(value) >= 1 else -1.0, value if abs(value) >= 1 else 1.0
    middle, half = math.atanh(value), NORMAL_95 / math.sqrt(pairs - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def chooser_correlation(sums: Sums, rest_count: int, rest_sum: int) -> float | None:
    """Correlation of *gave this answer first* (1 or 0) with the rest score: below 0 where the weak
    give it, above where the strong do."""
    return correlation(
        sums.get("pairs", 0),
        rest_count,
        rest_count,
        sums.get("rest", 0),
        sums.get("rest2", 0),
        rest_sum,
    )


def histogram(sums: Sums, name: str) -> dict[int, int]:
    """The bins of a histogram that have somebody in them, in order."""
    prefix = f"{name}:"
    bins = {int(key[len(prefix) :]): count for key, count in sums.items() if key.startswith(prefix)}
    return dict(sorted(bins.items()))


def median_time(times: Mapping[int, int]) -> float | None:
    """The median of a histogram of times, in seconds, interpolated within its bucket on the
    logarithmic scale: at most a fifth away from the median of the times themselves."""
    half, below = sum(times.values()) / 2, 0
    for bucket, count in sorted(times.items()):
        if count and below + count >= half:
            share = (half - below) / count
            low, high = bucket_start(bucket), bucket_start(bucket + 1)
            return float(low * (high / low) ** share)
        below += count
    return None


def shown_cells(learners: Mapping[str, int], k: int = CELL_K) -> set[str]:
    """The groups of a breakdown that may be shown beside their total.

    Groups of fewer than `k` are not; where what is left out would be fewer than `k` people in
    all, or a single group, which the total would give away, the smallest of the others goes too.
    """
    shown = {group for group, count in learners.items() if count >= k}
    hidden = [count for group, count in learners.items() if group not in shown and count]
    while shown and hidden and (len(hidden) == 1 or sum(hidden) < k):
        smallest = min(shown, key=lambda group: (learners[group], group))
        shown.remove(smallest)
        hidden.append(learners[smallest])
    return shown


def alpha(variances: Sequence[float], total: float) -> float | None:
    """Cronbach's alpha out of the variances of the items and of their sum (KR-20 where scores are
    0 or 1); None with fewer than two items or no spread."""
    count = len(variances)
    if count < 2 or total <= 0:
        return None
    return count / (count - 1) * (1 - sum(variances) / total)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _variance(n: int, total: int, squares: int) -> float | None:
    """Of a sample (n - 1); None with fewer than two."""
    return (n * squares - total * total) / (n * (n - 1)) if n > 1 else None
