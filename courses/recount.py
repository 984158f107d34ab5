"""Whether the tallies of this room equal the rows that they count, and making them so."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Min, Model, QuerySet, Sum
from django.db.models.functions import TruncDate

from courses import standing_sql, standings, tallies
from courses.models import (
    DelayTally,
    Enrolment,
    Qualification,
    RetentionTally,
    StageTally,
    Standing,
    Tally,
)
from courses.standings import Counts, DelayKey, RetentionKey, StageKey
from courses.types import CHINA, CountDifference, TallyDifference, TallyMove, china_day

Counted = Mapping[tuple[datetime.date, str], int]
"""(day in China, subject) → how many rows there are."""


def differences() -> list[TallyDifference | CountDifference]:
    """Every tally of this room that is not what the rows say. Reads all rows: not for pages."""
    return [*day_differences(), *standing_differences()]


def day_differences() -> list[TallyDifference]:
    """Those that are kept by day."""
    counted = _counted()
    return [wrong for metric in counted for wrong in compare(metric, counted[metric])]


def standing_differences() -> list[CountDifference]:
    """Those that count standings: 500,000 in seconds on PostgreSQL."""
    if connection.vendor == "postgresql":
        return list(standing_sql.differences())
    counted = standings.counts(Standing.objects.order_by("pk").iterator(chunk_size=2000))
    pairs: tuple[tuple[type[Model], type[Any], Counter[Any]], ...] = (
        (StageTally, StageKey, counted.stages),
        (DelayTally, DelayKey, counted.delays),
        (RetentionTally, RetentionKey, counted.retention),
    )
    return [wrong for model, key, rows in pairs for wrong in _compare_counts(model, key, rows)]


def _compare_counts(
    model: type[Model], key: type[Any], counted: Counter[Any]
) -> Iterator[CountDifference]:
    rows = model._default_manager.values_list(*key._fields).annotate(Sum("value"))  # noqa: SLF001
    tallied = {key(*row[:-1]): row[-1] for row in rows.order_by()}
    for one in sorted({*tallied, *counted}):
        if tallied.get(one, 0) != counted.get(one, 0):
            yield CountDifference(
                model._meta.model_name or "",  # noqa: SLF001
                one,
                tallied.get(one, 0),
                counted.get(one, 0),
            )


def compare(metric: str, counted: Counted) -> list[TallyDifference]:
    """How the tallies of one metric differ from a full count, by day and subject."""
    rows = Tally.objects.filter(metric=metric).values_list("day", "subject").annotate(Sum("value"))
    tallied = {(day, subject): value for day, subject, value in rows}
    return [
        TallyDifference(metric, *key, tallied.get(key, 0), counted.get(key, 0))
        for key in sorted({*tallied, *counted})
        if tallied.get(key, 0) != counted.get(key, 0)
    ]


@transaction.atomic
def repair() -> list[TallyDifference | CountDifference]:
    """Move every wrong tally by its difference; return what was wrong."""
    by_day, of_standings = day_differences(), standing_differences()
    tallies.add(
        [TallyMove(one.metric, one.day, one.subject, one.counted - one.tallied) for one in by_day]
    )
    tallies.add_counts(_to_add(of_standings))
    return [*by_day, *of_standings]


def _to_add(differences: Iterable[CountDifference]) -> Counts:
    counts = Counts()
    for one in differences:
        by = one.counted - one.tallied
        if isinstance(one.key, StageKey):
            counts.stages[one.key] = by
        elif isinstance(one.key, DelayKey):
            counts.delays[one.key] = by
        elif isinstance(one.key, RetentionKey):
            counts.retention[one.key] = by
    return counts


def _counted() -> dict[str, Counted]:
    metric = Tally.Metric
    completed = Enrolment.objects.exclude(completed_at=None)
    qualifications = Qualification.objects.all()
    firsts = (
        Qualification.objects.values("user_id").annotate(first=Min("qualified_at"))
    ).values_list("first", flat=True)
    return {
        metric.ENROLMENTS: _by_day(Enrolment.objects.all(), "created_at", "course__key"),
        metric.COMPLETIONS: _by_day(completed, "completed_at", "course__key"),
        metric.QUALIFICATIONS: _by_day(qualifications, "qualified_at", "programme__key"),
        metric.QUALIFIED_PEOPLE: Counter((china_day(first), "") for first in firsts.iterator()),
    }


def _by_day(rows: QuerySet[Enrolment] | QuerySet[Qualification], moment: str, key: str) -> Counted:
    days = rows.annotate(day=TruncDate(moment, tzinfo=CHINA)).values_list("day", key)
    return {(day, subject): count for day, subject, count in days.annotate(Count("pk"))}
