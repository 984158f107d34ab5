"""Whether the tallies of this room equal the rows that they count, and making them so."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import TruncDate

from courses import tallies
from courses.models import Enrolment, Qualification, Tally
from courses.types import CHINA, TallyDifference, TallyMove, china_day

Counted = Mapping[tuple[datetime.date, str], int]
"""(day in China, subject) → how many rows there are."""


def differences() -> list[TallyDifference]:
    """Every tally of this room that is not what the rows say. Reads all rows: not for pages."""
    counted = _counted()
    return [wrong for metric in counted for wrong in compare(metric, counted[metric])]


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
def repair() -> list[TallyDifference]:
    """Move every wrong tally by its difference; return what was wrong."""
    wrong = differences()
    tallies.add(
        [TallyMove(one.metric, one.day, one.subject, one.counted - one.tallied) for one in wrong]
    )
    return wrong


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
