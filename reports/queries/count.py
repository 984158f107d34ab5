"""The count: how many qualified professionals there are, from tallies alone.

No query here touches a row of a person, so the cost does not grow with the number of learners.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from courses.models import Programme, Tally
from courses.queries import qualified_history
from reports.months import month_after, month_of


@dataclass(frozen=True, slots=True)
class Point:
    """The count at the end of one day."""

    day: datetime.date
    people: int


@dataclass(frozen=True, slots=True)
class ProgrammeCount:
    """Qualifications of one programme. `title` is a text: language → words."""

    key: str
    title: dict[str, str]
    qualifications: int


@dataclass(frozen=True, slots=True)
class Count:
    """The national count against the goal, with how it came about."""

    qualified: int
    goal: int
    history: Sequence[Point]
    """One point for each day on which it moved, oldest first."""
    programmes: Sequence[ProgrammeCount]
    counted_at: datetime.datetime

    @property
    def remaining(self) -> int:
        return max(0, self.goal - self.qualified)

    @property
    def percent(self) -> float:
        return 100 * self.qualified / self.goal

    @property
    def last_thirty_days(self) -> int:
        """How many became qualified in the thirty days up to today."""
        since = timezone.localdate(self.counted_at) - datetime.timedelta(days=30)
        before = [point.people for point in self.history if point.day <= since]
        return self.qualified - (before[-1] if before else 0)


def national_count() -> Count:
    """The count as of now: 3 queries over tallies and programmes."""
    history = [Point(day, people) for day, people in qualified_history()]
    return Count(
        qualified=history[-1].people if history else 0,
        goal=settings.NATIONAL_GOAL,
        history=history,
        programmes=_programme_counts(),
        counted_at=timezone.now(),
    )


def by_month(
    history: Sequence[tuple[datetime.date, int]], until: datetime.datetime, months: int
) -> list[tuple[int, int]]:
    """(month, people who became qualified in it), the latest first: the last `months`. No query.

    `history` is the count at the end of each day on which it moved.
    """
    moved: Counter[int] = Counter()
    before = 0
    for day, people in history:
        moved[100 * day.year + day.month] += people - before
        before = people
    last = month_of(until)
    return [(month, moved[month]) for month in (month_after(last, -n) for n in range(months))]


def _programme_counts() -> list[ProgrammeCount]:
    tallied = dict(
        Tally.objects.filter(metric=Tally.Metric.QUALIFICATIONS)
        .values("subject")
        .annotate(total=Sum("value"))
        .values_list("subject", "total")
    )
    programmes = Programme.objects.exclude(current=None).select_related("current").order_by("key")
    counts = [
        ProgrammeCount(
            key=programme.key,
            title=programme.current.about["title"],
            qualifications=tallied.get(programme.key, 0),
        )
        for programme in programmes
        if programme.current is not None
    ]
    return sorted(counts, key=lambda count: -count.qualifications)
