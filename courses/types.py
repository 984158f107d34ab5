"""The words of this room that other rooms use."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
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
class CountDifference:
    """A tally of standings that does not equal the standings that it counts."""

    table: str
    key: tuple[Any, ...]
    """The columns of the tally but for its slot, as courses/standings.py names them."""
    tallied: int
    counted: int

    def __str__(self) -> str:
        key = " ".join(str(part) for part in self.key)
        return f"{self.table} {key}: tallied {self.tallied}, counted {self.counted}"


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """What somebody looks for in the catalogue; '' and None look for everything."""

    q: str = ""
    topic: str = ""
    level: str = ""
    language: str = ""
    max_hours: int | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to keep for a person: what one row of a roster or of an e-mail list asks for."""

    email: str
    """In lower case."""
    name: str = ""
    external_id: str = ""
    cohort_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What a place that is kept already is to be like."""

    invitation_id: int
    name: str = ""
    external_id: str = ""
    cohort_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of inviting."""

    added: int
    """Places that are new."""
    known: int
    """Addresses for which a place was kept before; nothing of them changed."""
    joined: int
    """Of the new ones: people who had signed up already and joined at once."""


class NoSeats(Exception):
    """There are fewer seats than people who want one; nobody took one."""

    def __init__(self, limit: int, wanted: int) -> None:
        super().__init__(f"{wanted} people for {limit} seats")
        self.limit = limit
        self.wanted = wanted


class LinkEnded(Exception):
    """An invitation link that has ended, is used up or was revoked."""
