"""Who may not make it, and why: rules that say their numbers. Pure.

A person is at risk while at least one rule holds. Each rule looks at facts that the person and
their instructor can both see, and gives a sentence with the numbers that made it hold; nothing is
learned from other people, and nothing is weighed that is not said. docs/at-risk.md lists the
rules for administrators; `Rule` below is the same list in the code.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.words import in_language

WAIT = 14
"""Days in which a person need not have begun, or may be away."""
HORIZON = 28
"""Days ahead in which a deadline makes being away a reason."""
SETTLED = 7
"""Days after which a pace can be told."""
MARGIN = 0.25
"""How much of a course somebody may lie behind an even pace."""
MANY_TRIES = 5
"""Failed tries at one exercise that are many."""


OVERDUE = _("The deadline of {course} passed {days} ago; {percent} % of what completes it is done.")
INACTIVE = _("Away from {course} for {away}, with {left} left until its deadline.")
BEHIND = _(
    "Has done {percent} % of what completes {course}; "
    "an even pace up to its deadline, {due}, would have done {expected} % by today."
)
NOT_ENROLLED = _("In the cohort for {days} and enrolled in none of its courses.")
NO_TRY = _("Enrolled in {course} {days} ago and has handed in nothing there.")
STUCK = _("Has tried “{exercise}” {tries} times without passing it, the last time on {day}.")


class Rule(StrEnum):
    """The rules, the most urgent first: who is listed before whom follows this order."""

    OVERDUE = "overdue"
    """A deadline has passed and the course is not completed."""
    INACTIVE = "inactive"
    """Away for `WAIT` days while a deadline is at most `HORIZON` days ahead."""
    BEHIND = "behind"
    """More than `MARGIN` behind an even pace from the start to the deadline."""
    NOT_ENROLLED = "not-enrolled"
    """In the cohort for `WAIT` days, and enrolled in none of its courses."""
    NO_TRY = "no-try"
    """Enrolled for `WAIT` days without one graded try."""
    STUCK = "stuck"
    """`MANY_TRIES` or more at one exercise without passing it, the last within `WAIT` days."""


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """Where somebody is in one course of the cohort."""

    title: str | Mapping[str, str]
    share: float = 0.0
    """Of what completes the course, 0 to 1."""
    is_completed: bool = False
    has_tried: bool = False
    enrolled_on: datetime.date | None = None
    active_on: datetime.date | None = None
    """The last day on which they did anything there."""
    due_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class StuckFacts:
    """An exercise that somebody tried and has not passed."""

    title: str | Mapping[str, str]
    tries: int
    last_on: datetime.date


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at of one person in one cohort."""

    started_on: datetime.date
    """The later of the day on which the cohort starts and that on which they joined it."""
    courses: Sequence[CourseFacts]
    stuck: Sequence[StuckFacts] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """A length of time in a sentence."""

    number: int

    def __str__(self) -> str:
        return ngettext("%d day", "%d days", self.number) % self.number


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that holds, and what its sentence is made of."""

    rule: Rule
    sentence: Promise
    said: Mapping[str, object]

    @property
    def words(self) -> str:
        """The sentence with its numbers, in the reader's language."""
        said = {
            name: in_language(value) if isinstance(value, Mapping) else value
            for name, value in self.said.items()
        }
        return str(self.sentence).format(**said)


def reasons(facts: Facts, today: datetime.date) -> list[Reason]:
    """Every rule that holds for a person on a day, the most urgent first; none: not at risk."""
    found: list[Reason] = []
    open_courses = [course for course in facts.courses if not course.is_completed]
    for course in open_courses:
        found += _of_course(course, facts, today)
    begun = [course for course in facts.courses if course.enrolled_on is not None]
    here = (today - facts.started_on).days
    said: dict[str, object]
    if facts.courses and not begun and here >= WAIT:
        found.append(Reason(Rule.NOT_ENROLLED, NOT_ENROLLED, {"days": Days(here)}))
    for exercise in facts.stuck:
        if exercise.tries >= MANY_TRIES and (today - exercise.last_on).days <= WAIT:
            said = {"exercise": exercise.title, "tries": exercise.tries, "day": exercise.last_on}
            found.append(Reason(Rule.STUCK, STUCK, said))
    order = list(Rule)
    return sorted(found, key=lambda reason: order.index(reason.rule))


def _of_course(course: CourseFacts, facts: Facts, today: datetime.date) -> list[Reason]:
    found: list[Reason] = []
    said: dict[str, object]
    left = None if course.due_on is None else (course.due_on - today).days
    if left is not None and left < 0:
        said = {"course": course.title, "days": Days(-left), "percent": _percent(course.share)}
        return [Reason(Rule.OVERDUE, OVERDUE, said)]
    if course.enrolled_on is not None and not course.has_tried:
        waiting = (today - course.enrolled_on).days
        if waiting >= WAIT:
            said = {"course": course.title, "days": Days(waiting)}
            found.append(Reason(Rule.NO_TRY, NO_TRY, said))
    if left is None:
        return found
    away = 0 if course.active_on is None else (today - course.active_on).days
    if away >= WAIT and left <= HORIZON:
        said = {"course": course.title, "away": Days(away), "left": Days(left)}
        found.append(Reason(Rule.INACTIVE, INACTIVE, said))
    expected = _expected(course, facts, today)
    if course.share < expected - MARGIN:
        said = {
            "course": course.title,
            "percent": _percent(course.share),
            "due": course.due_on,
            "expected": _percent(expected),
        }
        found.append(Reason(Rule.BEHIND, BEHIND, said))
    return found


def _expected(course: CourseFacts, facts: Facts, today: datetime.date) -> float:
    """How much of a course an even pace would have done: 0 before a pace can be told.

    From the start, or from the day of the enrolment where that was earlier. Courses of a cohort
    that follow one another have deadlines that do: the pace of a later one begins at the start
    too, so that a margin of a quarter is wide on purpose.
    """
    assert course.due_on is not None
    start = min(facts.started_on, course.enrolled_on or facts.started_on)
    passed, span = (today - start).days, (course.due_on - start).days
    return passed / span if passed >= SETTLED and span > 0 else 0.0


def _percent(share: float) -> int:
    return int(100 * share)
