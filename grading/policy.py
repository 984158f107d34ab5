"""What the rules of an exercise allow and what a try earns. Pure: numbers in, a decision out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

HUNDREDTHS = 100
SOON = datetime.timedelta(days=7)
SCORE_STEPS = 1_000_000
"""A score counts to the nearest millionth: the noise of binary fractions decides nothing."""


class Late(StrEnum):
    """What becomes of a try that comes after the day on which it was due."""

    NONE = "none"
    REFUSE = "refuse"
    PERCENT = "percent"
    """Each day costs some percent of what it earns, down to a floor."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when a learner may work at a course, and what later work costs them."""

    last_day: datetime.date | None = None
    """After it nothing is taken; None where there is no end."""
    due_on: datetime.date | None = None
    """The day by which the course is to be done; None where there is none."""
    late: str = Late.NONE
    """A value of `Late`."""
    percent_per_day: int = 0
    floor_percent: int = 0
    """So much of what a try earns is never lost."""

    @property
    def closes_on(self) -> datetime.date | None:
        """The last day on which a try is taken at all."""
        days = [self.last_day, self.due_on if self.late == Late.REFUSE else None]
        return min((day for day in days if day is not None), default=None)


ENDLESS = Terms()
"""Who learns in no cohort has no day to keep."""


class Denial(StrEnum):
    """Why something is not allowed."""

    ENDED = "ended"
    LATE = "late"
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
    terms: Terms = ENDLESS,
    today: datetime.date,
) -> Denial | None:
    """None when a submission may be made now, else why not.

    A *Run* (`is_try` false) charges no try and so needs none to be left.
    """
    if terms.last_day is not None and today > terms.last_day:
        return Denial.ENDED
    if terms.closes_on is not None and today > terms.closes_on:
        return Denial.LATE
    if in_flight:
        return Denial.IN_FLIGHT
    if is_try and tries_left(tries=tries, tries_used=tries_used) == 0:
        return Denial.NO_TRIES
    return None


def terms_of(
    *,
    last_day: datetime.date | None,
    deadline: datetime.date | None,
    extended_to: datetime.date | None,
    late: str = Late.NONE,
    percent_per_day: int = 0,
    floor_percent: int = 0,
) -> Terms:
    """What holds for a learner: a later day moves the deadline and the end, an earlier neither."""

    def moved(day: datetime.date | None) -> datetime.date | None:
        return day if day is None or extended_to is None else max(day, extended_to)

    return Terms(moved(last_day), moved(deadline), late, percent_per_day, floor_percent)


def days_late(terms: Terms, today: datetime.date) -> int:
    """How many days after the day on which it was due; 0 in time or where there is no such day."""
    return 0 if terms.due_on is None else max(0, (today - terms.due_on).days)


def is_due_soon(terms: Terms, today: datetime.date) -> bool:
    """Whether the day on which it is due has not passed and is at most `SOON` away."""
    return terms.due_on is not None and today <= terms.due_on <= today + SOON


def late_percent(terms: Terms, today: datetime.date) -> int:
    """Percent of what a try of today earns that are lost because it comes late, 0 to 100."""
    if terms.late != Late.PERCENT:
        return 0
    most = 100 - min(100, terms.floor_percent)
    return min(most, terms.percent_per_day * days_late(terms, today))


def credit(
    *,
    points: int,
    score: float,
    earlier_tries: int,
    penalty_percent: int,
    hint_costs: Sequence[int] = (),
    late_percent: int = 0,
) -> int:
    """What a try earns, in hundredths of a point.

    points × score × (1 - penalty × earlier tries) - the cost of the hints shown before it, and
    never below 0; of this `late_percent` are lost. `penalty_percent` and `hint_costs` are percent
    of the points. Computed in fractions and rounded once, at the end, halves up.
    """
    share = Fraction(round(score * SCORE_STEPS), SCORE_STEPS)
    kept = max(0, 100 - penalty_percent * earlier_tries)
    earned = points * HUNDREDTHS * (share * kept - sum(hint_costs)) / 100
    in_time = Fraction(100 - late_percent, 100)
    return max(0, (earned * in_time + Fraction(1, 2)).__floor__())


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
