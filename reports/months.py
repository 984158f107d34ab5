"""Months in China as tallies write them: 202611."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from courses.types import china_day


def month_of(moment: datetime.datetime) -> int:
    """The month in China on which a moment falls."""
    day = china_day(moment)
    return 100 * day.year + day.month


def month_after(month: int, months: int) -> int:
    """The month so many months after one; before it, for a negative number."""
    years, rest = divmod(month % 100 - 1 + months, 12)
    return 100 * (month // 100 + years) + rest + 1


def months_from(first: int, last: int) -> Iterator[int]:
    """All months from one to another, which is among them."""
    while first <= last:
        yield first
        first = month_after(first, 1)


def month_name(month: int) -> str:
    """A month for people: 2026-11."""
    return f"{month // 100}-{month % 100:02}"
