"""What the rules of an exercise allow and what a try earns. Pure: numbers in, a decision out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

HUNDREDTHS = 100
SCORE_STEPS = 1_000_000
"""A score counts to the nearest millionth: the noise of binary fractions decides nothing."""


class Denial(StrEnum):
    """Why something is not allowed."""

    ENDED = "ended"
    NO_TRIES = "no_tries"
    IN_FLIGHT = "in_flight"


def tries_left(*, tries: int, tries_used: int) -> int | None:
    """How many tries remain; None where there are as many as one likes (`tries` is 0)."""
    return max(0, tries - tries_used) if tries else None


def allows(
    *,
    tries: int,
    tries_used: int,
    in_flight: bool,
    is_try: bool = True,
    last_day: datetime.date | None = None,
    today: datetime.date,
) -> Denial | None:
    """None when a submission may be made now, else why not.

    `last_day` is the last day of the learner's cohort, None where there is no end. A *Run*
    (`is_try` false) charges no try and so needs none to be left.
    """
    if last_day is not None and today > last_day:
        return Denial.ENDED
    if in_flight:
        return Denial.IN_FLIGHT
    if is_try and tries_left(tries=tries, tries_used=tries_used) == 0:
        return Denial.NO_TRIES
    return None


def credit(
    *,
    points: int,
    score: float,
    earlier_tries: int,
    penalty_percent: int,
    hint_costs: Sequence[int] = (),
) -> int:
    """What a try earns, in hundredths of a point.

    points × score × (1 - penalty × earlier tries) - the cost of the hints shown before it, and
    never below 0. `penalty_percent` and `hint_costs` are percent of the points. Computed in
    fractions and rounded once, at the end, halves up.
    """
    share = Fraction(round(score * SCORE_STEPS), SCORE_STEPS)
    kept = max(0, 100 - penalty_percent * earlier_tries)
    earned = points * HUNDREDTHS * (share * kept - sum(hint_costs)) / 100
    return max(0, (earned + Fraction(1, 2)).__floor__())


def reveals(*, reveal: str, passed: bool, tries: int, tries_used: int, in_flight: bool) -> bool:
    """Whether the solution may be shown now. `reveal` is a value of `ExerciseVersion.Reveal`.

    Never while a submission is being graded: its try may yet be given back.
    """
    if reveal == "never" or in_flight:
        return False
    if passed:
        return True
    return reveal == "after_last_try" and tries_left(tries=tries, tries_used=tries_used) == 0


def may_vary(*, has_values: bool, tries_used: int) -> bool:
    """Whether a learner may ask for other values: not before the first try, or one could leaf
    through them for the easiest."""
    return has_values and tries_used > 0
