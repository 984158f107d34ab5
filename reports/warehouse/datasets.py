"""What is exported: each dataset with its columns, the query of its rows, and their order in time.

No name, no e-mail address and no id of a person leaves: `Pseudonyms` makes of a person what only
the holder of the key could make again. Moments are days in China. Who had themselves erased has no
pseudonym any more, like who was invited and has not signed up.
"""

from __future__ import annotations

import datetime
import hmac
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from courses.models import Enrolment, StageTally, Standing, Tally
from courses.types import CHINA, china_day

PSEUDONYM_SIGNS = 32
"""128 bits: no two of a billion people are alike."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for people who must not be named, the same in every export with the same key."""

    key: bytes

    def of(self, person: uuid.UUID | None) -> str | None:
        """HMAC-SHA256 of the person's uuid, cut to 128 bits, in hexadecimal."""
        if person is None:
            return None
        return hmac.digest(self.key, person.bytes, "sha256").hex()[:PSEUDONYM_SIGNS]

    @property
    def check(self) -> str:
        """Tells one key from another, and nothing about it."""
        return hmac.digest(self.key, b"chainwright warehouse", "sha256").hex()[:16]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of the warehouse, a folder with a file for each month."""

    name: str
    words: str
    fields: Mapping[str, tuple[pa.DataType, str]]
    """Column → its type and what it means."""
    rows: Callable[[], QuerySet[Any, tuple[Any, ...]]]
    """All rows as tuples, ordered by time; the first of a tuple says when."""
    since: Callable[[QuerySet[Any, tuple[Any, ...]], datetime.date], Any]
    """The rows from the first day of a month on: where a restart goes on."""
    row: Callable[[tuple[Any, ...], Pseudonyms], Sequence[Any]]
    """The values of the columns."""

    @property
    def schema(self) -> pa.Schema:
        fields = [
            pa.field(name, kind, metadata={"definition": words})
            for name, (kind, words) in self.fields.items()
        ]
        return pa.schema(fields, metadata={"dataset": self.name, "definition": self.words})


def month_of(moment: datetime.datetime | datetime.date | int) -> datetime.date:
    """The first day of the month in China of a moment, of a day, or of a number such as 202611."""
    if isinstance(moment, int):
        return datetime.date(moment // 100, moment % 100, 1)
    day = china_day(moment) if isinstance(moment, datetime.datetime) else moment
    return day.replace(day=1)


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return china_day(moment) if moment is not None else None


def _since_moment(
    rows: QuerySet[Any, tuple[Any, ...]], month: datetime.date
) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.filter(moment__gte=_midnight(month))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), CHINA)


def _text(value: Any) -> str | None:
    return str(value) if value is not None else None


MOMENTS = (
    "invited_at",
    "registered_at",
    "enrolled_at",
    "active_at",
    "halfway_at",
    "completed_at",
    "qualified_at",
)
"""Of `Standing`, in the order of its stages."""


def _standings() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Standing.objects.annotate(moment=Coalesce(*MOMENTS)).order_by("moment", "pk")
    return rows.values_list(
        "moment",
        "user__uuid",
        "user__erased_at",
        "programme__key",
        "organisation__key",
        "cohort__uuid",
        "counts_nationally",
        "province",
        "kind",
        "stage",
        "active_months",
        *MOMENTS,
    )


def _standing(row: tuple[Any, ...], people: Pseudonyms) -> list[Any]:
    person = people.of(None if row[2] else row[1])
    return [person, *row[3:5], _text(row[5]), *row[6:11], *(_day(each) for each in row[11:])]


def _enrolments() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Enrolment.objects.annotate(moment=F("created_at")).order_by("moment", "pk")
    return rows.values_list(
        "moment",
        "user__uuid",
        "user__erased_at",
        "course__key",
        "release__number",
        "cohort__uuid",
        "credit",
        "exercises_passed",
        "created_at",
        "last_active_at",
        "halfway_at",
        "completed_at",
    )


def _enrolment(row: tuple[Any, ...], people: Pseudonyms) -> list[Any]:
    person = people.of(None if row[2] else row[1])
    return [person, *row[3:5], _text(row[5]), *row[6:8], *(_day(each) for each in row[8:])]


def _as_it_is(row: tuple[Any, ...], people: Pseudonyms) -> Sequence[Any]:
    """Of a dataset without people."""
    return row


def _tallies() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Tally.objects.values_list("day", "metric", "subject")
    return rows.annotate(total=Sum("value")).order_by("day", "metric", "subject")


def _stage_tallies() -> QuerySet[Any, tuple[Any, ...]]:
    organisation = Organisation.objects.filter(pk=OuterRef("organisation")).values("key")
    rows = StageTally.objects.filter(cohort=0, period__gt=0)
    columns = ("stage", "programme__key", "province", "kind", "organisation_key")
    named = rows.annotate(organisation_key=Subquery(organisation)).values_list("period", *columns)
    return named.annotate(total=Sum("value")).order_by("period", *columns)


TEXT, NUMBER, DAY = pa.string(), pa.int64(), pa.date32()
PERSON = (TEXT, "A pseudonym; null for who was only invited or had themselves erased.")
COHORT = (TEXT, "The uuid of the cohort; null for none.")

DATASETS: Sequence[Dataset] = (
    Dataset(
        "standings",
        "How far one person has come on one programme, as one organisation counts it.",
        {
            "person": PERSON,
            "programme": (TEXT, "Key of the programme."),
            "organisation": (TEXT, "Key of the organisation; null for who learns alone."),
            "cohort": COHORT,
            "counts_nationally": (pa.bool_(), "Exactly one standing of a person and programme."),
            "province": (TEXT, "GB/T 2260, two digits; empty where unknown."),
            "kind": (TEXT, "Kind of the organisation; empty for who learns alone."),
            "stage": (pa.int8(), "1 invited, 2 registered, 3 enrolled … 7 qualified."),
            "active_months": (NUMBER, "Bit n: active in the n-th month after that of enrolment."),
            **{each.replace("_at", "_on"): (DAY, "Day of that stage.") for each in MOMENTS},
        },
        _standings,
        _since_moment,
        _standing,
    ),
    Dataset(
        "enrolments",
        "A person in a course.",
        {
            "person": PERSON,
            "course": (TEXT, "Key of the course."),
            "release": (pa.int32(), "Number of the release that they study."),
            "cohort": COHORT,
            "credit": (NUMBER, "Hundredths of a point."),
            "exercises_passed": (pa.int32(), "Exercises passed."),
            "enrolled_on": (DAY, "Day of the enrolment."),
            "last_active_on": (DAY, "Day of the last activity."),
            "halfway_on": (DAY, "Day on which half of the credit was reached."),
            "completed_on": (DAY, "Day of completion."),
        },
        _enrolments,
        _since_moment,
        _enrolment,
    ),
    Dataset(
        "tallies",
        "What reports count by days: one row for each metric, day and subject.",
        {
            "day": (DAY, "The day in China."),
            "metric": (TEXT, "What is counted: courses.models.Tally.Metric."),
            "subject": (TEXT, "Key of the course, programme or competency."),
            "value": (NUMBER, "How many on that day."),
        },
        _tallies,
        lambda rows, month: rows.filter(day__gte=month),
        _as_it_is,
    ),
    Dataset(
        "stage_tallies",
        "How many reached a stage in a month, in the nation or in one organisation.",
        {
            "period": (pa.int32(), "The month in China: 202611."),
            "stage": (pa.int8(), "As in standings."),
            "programme": (TEXT, "Key of the programme."),
            "province": (TEXT, "As in standings."),
            "kind": (TEXT, "As in standings."),
            "organisation": (TEXT, "Key of the organisation; null for the nation."),
            "value": (NUMBER, "How many."),
        },
        _stage_tallies,
        lambda rows, month: rows.filter(period__gte=month.year * 100 + month.month),
        _as_it_is,
    ),
)
