"""The words of this room that other rooms use."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def china_day(moment: datetime.datetime) -> datetime.date:
    """The day in China on which an aware moment falls: what tallies are kept by."""
    return moment.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class TallyMove:
    """A count that moves. `metric` is a value of `Tally.Metric`, which says what `subject` is."""

    metric: str
    day: datetime.date
    subject: str = ""
    by: int = 1


@dataclass(frozen=True, slots=True)
class TallyDifference:
    """A tally that does not equal the rows that it counts."""

    metric: str
    day: datetime.date
    subject: str
    tallied: int
    counted: int

    def __str__(self) -> str:
        subject = f" {self.subject}" if self.subject else ""
        return f"{self.metric} {self.day}{subject}: tallied {self.tallied}, counted {self.counted}"


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """What somebody looks for in the catalogue; '' and None look for everything."""

    q: str = ""
    topic: str = ""
    level: str = ""
    language: str = ""
    max_hours: int | None = None
    provider: str = ""
