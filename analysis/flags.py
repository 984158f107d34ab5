"""What may be wrong with an exercise, by rules with thresholds that anybody can read. Pure.

A rule speaks only where enough learners have answered that chance alone would seldom raise it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.answers import CODE_KINDS
from analysis.models import AnswerTally
from analysis.statistics import Figures, Sums, chooser_correlation, figures
from analysis.types import Flag, Raised

FEW = 20
"""Learners before anything is said."""
MANY = 50
EASY, HARD = 0.95, 0.25
FLAT = 0.1
IDLE_SHARE = 0.02
STRONG_LEAST = 10
SURE = 2.0
"""Standard errors that a correlation must lie above 0."""
WIDESPREAD = 0.2
TRIES = 4.0
SLOW_SECONDS = 15 * 60
SLOW_CODE_SECONDS = 60 * 60
MOST_ANSWERS = 6
"""That a flag names."""

Facet = AnswerTally.Facet
Mark = AnswerTally.Mark
FACETS = (Facet.OPTION, Facet.ANSWER, Facet.PAIR, Facet.MISCONCEPTION)
"""That some rule looks at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the rules look at."""

    kind: str
    spec: Mapping[str, Any]
    sums: Sums
    figures: Figures
    answers: Sequence[AnswerTally]
    """Of all languages together."""


def raised(
    kind: str, spec: Mapping[str, Any], sums: Sums, answers: Sequence[AnswerTally]
) -> list[Raised]:
    """Every flag that the tallies of a version raise, the most urgent first."""
    seen = Seen(kind, spec, sums, figures(sums), answers)
    found = [Raised(flag, facts) for flag, rule in RULES.items() for facts in rule(seen)]
    order = list(Flag)
    return sorted(found, key=lambda one: order.index(one.flag))


def _near(seen: Seen) -> Iterator[dict[str, Any]]:
    near = [row for row in seen.answers if row.mark == Mark.NEAR]
    if near:
        # How often, and how able those are who answered so.
        near.sort(key=lambda row: (-row.learners, -(_mean_rest(row) or 0), row.key))
        yield {"answers": [_fact(row) for row in near[:MOST_ANSWERS]]}


def _negative(seen: Seen) -> Iterator[dict[str, Any]]:
    found = seen.figures.discrimination
    if found is not None and found.learners >= FEW and found.high < 0:
        yield {"value": round(found.value, 3), "learners": found.learners}


def _flat(seen: Seen) -> Iterator[dict[str, Any]]:
    found = seen.figures.discrimination
    if found is not None and found.learners >= MANY and found.value < FLAT and found.high >= 0:
        yield {"value": round(found.value, 3), "learners": found.learners}


def _strong_wrong(seen: Seen) -> Iterator[dict[str, Any]]:
    pairs, strong = seen.sums.get("pairs", 0), []
    for row in seen.answers:
        if row.mark == Mark.RIGHT or row.facet not in (Facet.OPTION, Facet.ANSWER):
            continue
        value = chooser_correlation(seen.sums, row.rest_count, row.rest_sum)
        if row.rest_count >= STRONG_LEAST and value and value * math.sqrt(pairs) > SURE:
            strong.append((value, row))
    strong.sort(key=lambda one: (-one[0], one[1].key))
    if strong and pairs >= FEW:
        yield {"answers": [_fact(row) for _value, row in strong[:MOST_ANSWERS]]}


def _hard(seen: Seen) -> Iterator[dict[str, Any]]:
    value, error = seen.figures.facility, seen.figures.error or 0.0
    if seen.figures.learners >= FEW and value is not None and value + error < HARD:
        yield {"value": round(value, 3), "learners": seen.figures.learners}


def _easy(seen: Seen) -> Iterator[dict[str, Any]]:
    value, error = seen.figures.facility, seen.figures.error or 0.0
    if seen.figures.learners >= FEW and value is not None and value - error > EASY:
        yield {"value": round(value, 3), "learners": seen.figures.learners}


def _misconception(seen: Seen) -> Iterator[dict[str, Any]]:
    visitors = seen.sums.get("visitors", 0)
    wide = [
        row
        for row in seen.answers
        if row.facet == Facet.MISCONCEPTION and row.learners >= WIDESPREAD * visitors
    ]
    if wide and visitors >= FEW:
        wide.sort(key=lambda row: (-row.learners, row.key))
        share = round(wide[0].learners / visitors, 3)
        yield {"value": share, "answers": [_fact(row) for row in wide[:MOST_ANSWERS]]}


def _many_tries(seen: Seen) -> Iterator[dict[str, Any]]:
    value = seen.figures.tries_each
    if seen.figures.learners >= FEW and value is not None and value >= TRIES:
        yield {"value": round(value, 1), "learners": seen.figures.learners}


def _slow(seen: Seen) -> Iterator[dict[str, Any]]:
    value = seen.figures.seconds
    limit = SLOW_CODE_SECONDS if seen.kind in CODE_KINDS else SLOW_SECONDS
    if seen.figures.timed >= FEW and value is not None and value > limit:
        yield {"value": round(value), "learners": seen.figures.timed}


def _idle(seen: Seen) -> Iterator[dict[str, Any]]:
    learners = seen.figures.learners
    if learners < MANY:
        return
    firsts = {(row.part, row.key): row.firsts for row in seen.answers if row.facet == Facet.OPTION}
    idle = [
        {"facet": Facet.OPTION.value, "part": part, "key": str(index)}
        for part, options in _option_lists(seen)
        for index, option in enumerate(options)
        if not option.get("correct") and firsts.get((part, str(index)), 0) < IDLE_SHARE * learners
    ]
    if idle:
        yield {"answers": idle}


def _option_lists(seen: Seen) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    if seen.kind in ("choice", "choices"):
        yield "", seen.spec["options"]
    elif seen.kind == "cloze":
        for gap in seen.spec["gaps"]:
            if gap["kind"] == "choice":
                yield gap["key"], gap["options"]


RULES: Mapping[Flag, Callable[[Seen], Iterator[dict[str, Any]]]] = {
    Flag.NEAR: _near,
    Flag.NEGATIVE: _negative,
    Flag.STRONG_WRONG: _strong_wrong,
    Flag.TOO_HARD: _hard,
    Flag.FLAT: _flat,
    Flag.MISCONCEPTION: _misconception,
    Flag.MANY_TRIES: _many_tries,
    Flag.SLOW: _slow,
    Flag.IDLE: _idle,
    Flag.TOO_EASY: _easy,
}


def _fact(row: AnswerTally) -> dict[str, Any]:
    return {
        "facet": row.facet,
        "part": row.part,
        "key": row.key,
        "learners": row.learners,
        "rest": _mean_rest(row),
    }


def _mean_rest(row: AnswerTally) -> float | None:
    """Of those whose first try said so, as a share of one."""
    return round(row.rest_sum / row.rest_count / 1000, 3) if row.rest_count else None
