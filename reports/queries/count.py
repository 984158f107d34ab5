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
from reports.months import month_after, month_of, months_from
from reports.suppression import NATION_K


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
    """Days on which it had grown by at least ten since the last one, the oldest first; and the
    latest day on which it moved."""
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

    last_thirty_days: int | None
    """How many became qualified in the thirty days up to today; None where they are few."""


def national_count() -> Count:
    """The count as of now: 3 queries over tallies, programmes and a snapshot."""
    history = qualified_history()
    now = timezone.now()
    since = timezone.localdate(now) - datetime.timedelta(days=30)
    qualified = history[-1][1] if history else 0
    lately = qualified - max((people for day, people in history if day <= since), default=0)
    return Count(
        qualified=qualified,
        goal=settings.NATIONAL_GOAL,
        history=[Point(day, people) for day, people in in_steps(history)],
        parts=public_parts(),
        counted_at=now,
        last_thirty_days=lately if lately >= NATION_K else None,
    )


History = Sequence[tuple[datetime.date, int]]
"""The count at the end of each day on which it moved, the oldest first."""


def by_period(
    history: History, until: datetime.datetime, months: int
) -> list[tuple[tuple[int, int], int]]:
    """((first month, last month), people who became qualified in these), the latest first.

    No query. The periods are months, of which those with fewer than `NATION_K` people are counted
    with the next ones; the latest with the one before. They cover at least the last `months`.
    """
    moved = _by_month(history)
    last = month_of(until)
    first = min([month_after(last, 1 - months), *moved])
    periods: list[tuple[tuple[int, int], int]] = []
    start, people = first, 0
    for month in months_from(first, last):
        people += moved[month]
        if people == 0 or people >= NATION_K:
            periods.append(((start, month), people))
            start, people = month_after(month, 1), 0
    if people:
        periods = _with_the_rest(periods, last, people)
    shown_from = month_after(last, 1 - months)
    return [period for period in reversed(periods) if period[0][1] >= shown_from]


def _with_the_rest(
    periods: list[tuple[tuple[int, int], int]], last: int, people: int
) -> list[tuple[tuple[int, int], int]]:
    """The last few people belong to the latest period of somebody; nobody's go with them."""
    while periods:
        (start, _end), before = periods.pop()
        if before:
            return [*periods, ((start, last), before + people)]
    return []


def _by_month(history: History) -> Counter[int]:
    moved: Counter[int] = Counter()
    before = 0
    for day, people in history:
        moved[100 * day.year + day.month] += people - before
        before = people
    return moved


def in_steps(history: History) -> list[tuple[datetime.date, int]]:
    """The days at whose end at least `NATION_K` more were qualified than at the last one named,
    and the count at the end of the last day. No query."""
    steps: list[tuple[datetime.date, int]] = []
    for day, people in history:
        if people - (steps[-1][1] if steps else 0) >= NATION_K:
            steps.append((day, people))
    if history and (not steps or steps[-1] != history[-1]):
        steps.append(history[-1])
    return steps


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
