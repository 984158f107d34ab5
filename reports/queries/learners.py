"""What the page of one learner reads besides where they are in their courses."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from courses.types import china_day
from grading.models import Submission

WEEKS = 12
LATEST = 10


@dataclass(frozen=True, slots=True)
class Week:
    """The tries of one week, which begins on a Monday."""

    start: datetime.date
    tries: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A try, without what was handed in. `title` is a text: language → words."""

    title: Mapping[str, str]
    number: int
    outcome: str
    """`exercises.types.Outcome`; '' until graded."""
    state: str
    """The words of `Submission.State`."""
    credit: int
    created_at: datetime.datetime


def weeks_of(enrolments: Collection[int], today: datetime.date) -> list[Week]:
    """How much somebody handed in in each of the last `WEEKS` weeks, the oldest first. 1 query."""
    monday = today - datetime.timedelta(days=today.weekday())
    starts = [monday - datetime.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    since = starts[0] - datetime.timedelta(days=1)
    # Uses index: progress_unique, then submission_history.
    rows = _tries(enrolments).filter(created_at__date__gte=since)
    days = [china_day(moment) for moment in rows.values_list("created_at", flat=True)]
    tries = Counter(day - datetime.timedelta(days=day.weekday()) for day in days)
    return [Week(start, tries[start]) for start in starts]


def latest_of(enrolments: Collection[int]) -> list[Handed]:
    """The last `LATEST` tries of somebody, the latest first. 1 query."""
    shown = ("version__title", "number", "outcome", "state", "credit", "created_at")
    rows = _tries(enrolments).select_related("version").only(*shown).order_by("-id")[:LATEST]
    return [
        Handed(
            row.version.title,
            row.number,
            row.outcome,
            row.get_state_display(),
            row.credit,
            row.created_at,
        )
        for row in rows
    ]


def _tries(enrolments: Collection[int]) -> QuerySet[Submission]:
    return Submission.objects.filter(
        progress__enrolment__in=enrolments, purpose=Submission.Purpose.TRY
    )
