"""The count: how many qualified professionals there are, from tallies alone.

No query here touches a row of a person, so the cost does not grow with the number of learners.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from courses.models import Programme
from courses.queries import qualified_history
from reports.models import PublicSnapshot
from reports.months import month_after, month_of


@dataclass(frozen=True, slots=True)
class Point:
    """The count at the end of one day."""

    day: datetime.date
    people: int


@dataclass(frozen=True, slots=True)
class Part:
    """People of one province or programme. `title` of a programme is a text: language → words."""

    key: str
    title: Mapping[str, str]
    people: int


@dataclass(frozen=True, slots=True)
class PublicParts:
    """The figures of one day by province and programme, as they were frozen then."""

    day: datetime.date
    provinces: Mapping[str, int]
    programmes: Sequence[Part]
    other_provinces: int
    """Who stands in no figure of a province."""
    other_programmes: int


@dataclass(frozen=True, slots=True)
class Count:
    """The national count against the goal, with how it came about."""

    qualified: int
    goal: int
    history: Sequence[Point]
    """One point for each day on which it moved, oldest first."""
    parts: PublicParts | None
    """None before the first day."""
    counted_at: datetime.datetime

    @property
    def remaining(self) -> int:
        return max(0, self.goal - self.qualified)

    @property
    def percent(self) -> float:
        return 100 * self.qualified / self.goal

    @property
    def months(self) -> list[Point]:
        """The last point of each month, the oldest first."""
        return list({(point.day.year, point.day.month): point for point in self.history}.values())

    @property
    def last_thirty_days(self) -> int:
        """How many became qualified in the thirty days up to today."""
        since = timezone.localdate(self.counted_at) - datetime.timedelta(days=30)
        before = [point.people for point in self.history if point.day <= since]
        return self.qualified - (before[-1] if before else 0)


def national_count() -> Count:
    """The count as of now: 3 queries over tallies, programmes and a snapshot."""
    history = [Point(day, people) for day, people in qualified_history()]
    return Count(
        qualified=history[-1].people if history else 0,
        goal=settings.NATIONAL_GOAL,
        history=history,
        parts=public_parts(),
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


def public_parts() -> PublicParts | None:
    """The latest frozen figures, the largest first. 2 queries; 1 when there are none."""
    snapshot = PublicSnapshot.objects.order_by("-day").first()
    if snapshot is None:
        return None
    data = snapshot.data
    titles = {
        programme.key: programme.current.about["title"] if programme.current else {}
        for programme in Programme.objects.select_related("current")
    }
    programmes = [Part(key, titles.get(key, {}), n) for key, n in data["programmes"].items()]
    provinces = dict(sorted(data["provinces"].items(), key=lambda item: -item[1]))
    return PublicParts(
        snapshot.day,
        provinces,
        sorted(programmes, key=lambda part: -part.people),
        max(0, data["total"] - sum(provinces.values())),
        max(0, data["total"] - sum(part.people for part in programmes)),
    )
