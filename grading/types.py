"""The words of this room that other rooms use."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.types import Text, Verdict
from grading.policy import HUNDREDTHS, Denial

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from grading.models import Submission

DENIALS: Mapping[Denial, _StrPromise] = {
    Denial.ENDED: _("This course has ended for you: its last day has passed."),
    Denial.LATE: _("This was due earlier, and nothing is taken after that day."),
    Denial.NO_TRIES: _("You have used all your tries at this exercise."),
    Denial.IN_FLIGHT: _("Your last submission is still being graded. Please wait for its verdict."),
}


class Refused(Exception):
    """The rules say no. Nothing was written and nothing charged."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message
        """A sentence for the learner, translated when it is shown."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a learner is told beside the verdict of a try that was judged again or decided upon."""

    before: int
    after: int
    """Hundredths of a point that the try earned, at first and now."""
    reason: str
    by_hand: bool
    """Whether a person gave the points, and not a verdict."""
    asked: int | None = None
    """Id of the version that the learner saw, where another one has judged."""

    @property
    def is_news(self) -> bool:
        """Whether it made a difference."""
        return self.before != self.after

    @property
    def after_points(self) -> int:
        """Whole points now, for the word that follows them: 1 for exactly one point."""
        return 1 if self.after == HUNDREDTHS else 2


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """Whether grading moves, and if not, why."""

    queued: int
    oldest_seconds: float | None
    """How long the oldest has waited for a worker; None when nothing waits."""
    workers_alive: int
    reason_paused: str
    """Why no living worker grades, for operators and pages; '' while one does."""
    engines_missing: Mapping[str, str] = field(default_factory=dict)
    """Ledger engines that no living worker has, and why."""


@dataclass(frozen=True, slots=True)
class ExerciseState:
    """One exercise as one learner sees it now: all that its template needs."""

    key: str
    title: Text
    kind: str
    is_code: bool
    """Written in a workspace and graded by a worker, not answered in the lesson."""
    template: str
    statement: Text
    """HTML in each language, with the variant's values in it."""
    shown: dict[str, object]
    """`Kind.show` of the learner's latest answer to this variant, or of none."""
    variant: int
    seed: int
    points: int
    penalty_percent: int
    tries_used: int
    tries_left: int | None
    """None: as many as one likes."""
    credit: int
    """Hundredths of a point: the best of all tries."""
    passed: bool
    hints: Sequence[Text]
    """The hints shown so far, HTML."""
    next_hint_cost: int | None
    """Percent of the points; None when there is no further hint."""
    may_vary: bool
    """Whether the learner may ask for other values."""
    allowed: bool
    why_not: str | Promise
    due_on: datetime.date | None
    """The day by which the learner is to have done it; None where there is none."""
    is_due_soon: bool
    """Whether that is within a week."""
    days_late: int
    """How many days after it this is."""
    most_percent: int
    """Percent of the points that a try of today can still earn, lateness alone considered."""
    latest: Submission | None
    """The latest try, with its body, whatever its state."""
    verdict: Verdict | None
    """Of the latest try, once it is graded."""
    repaired: Repaired | None
    """When that is not the first that was said of it."""
    solution: dict[str, object] | None
    """`Kind.show` of the right answer when it may be seen."""
    solution_template: str
    idempotency_key: uuid.UUID
    """For the form: a resent form is the same submission."""
