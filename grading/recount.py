"""Whether what moves by difference equals a full count, row by row, and making it so."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from courses.actions import repair_tallies, tally
from courses.models import Enrolment, Tally
from courses.queries import compare_tallies, tally_differences
from courses.types import CHINA, CountDifference, TallyDifference, TallyMove
from exercises.types import Outcome
from grading import audit
from grading.audit import AuditFault
from grading.models import Override, Progress, Submission

State = Submission.State
CHARGED = (State.QUEUED, State.RUNNING, State.DONE)
"""States in which a try counts; a broken or quarantined one was given back."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one row that is not what the rows beneath it say."""

    table: str
    row: int
    column: str
    kept: object
    counted: object

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.column} is {self.kept}, counted {self.counted}"


Wrong = Difference | TallyDifference | CountDifference | AuditFault


def progress_differences() -> Iterator[Difference]:
    """Progress against its submissions: tries, best credit, and the moment of the first pass."""
    tried = Q(submissions__purpose=Submission.Purpose.TRY)
    done = tried & Q(submissions__state=State.DONE)
    passed = done & Q(submissions__outcome=Outcome.PASSED)
    rows = Progress.objects.annotate(
        counted_tries=Count("submissions", filter=tried & Q(submissions__state__in=CHARGED)),
        counted_credit=Coalesce(Max("submissions__credit", filter=done), 0),
        counted_passed_at=Min("submissions__settled_at", filter=passed),
    )
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        for column in ("tries", "credit", "passed_at"):
            kept, counted = getattr(row, column), getattr(row, f"counted_{column}")
            if kept != counted:
                yield Difference("progress", row.pk, column, kept, counted)


def override_differences() -> Iterator[Difference]:
    """Tries against the override that is in force for them."""
    rows = Override.objects.filter(withdrawn_at=None).exclude(credit=F("submission__credit"))
    for row in rows.select_related("submission").order_by("pk").iterator(chunk_size=2000):
        kept = row.submission.credit
        yield Difference("submission", row.submission_id, "credit", kept, row.credit)


def enrolment_differences() -> Iterator[Difference]:
    """Enrolments against their progress: credit and exercises passed."""
    rows = Enrolment.objects.annotate(
        counted_credit=Coalesce(Sum("progress__credit"), 0),
        counted_exercises_passed=Count("progress", filter=Q(progress__passed_at__isnull=False)),
    )
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        for column in ("credit", "exercises_passed"):
            kept, counted = getattr(row, column), getattr(row, f"counted_{column}")
            if kept != counted:
                yield Difference("enrolment", row.pk, column, kept, counted)


def own_tally_differences() -> list[TallyDifference]:
    """The tallies that this room moves, against its rows, which the database counts by day."""
    graded = Submission.objects.filter(purpose=Submission.Purpose.TRY, state=State.DONE)
    passes = Progress.objects.exclude(passed_at=None)
    first_passes = graded.filter(outcome=Outcome.PASSED, settled_at=F("progress__passed_at"))
    competencies: Counter[tuple[datetime.date, str]] = Counter()
    for (day, keys), count in _by_day(first_passes, "settled_at", "version__competencies"):
        for key in keys:
            competencies[day, key] += count
    counted: dict[str, Mapping[tuple[datetime.date, str], int]] = {
        Tally.Metric.SUBMISSIONS: dict(
            _by_day(graded, "settled_at", "progress__enrolment__course__key")
        ),
        Tally.Metric.PASSES: dict(_by_day(passes, "passed_at", "enrolment__course__key")),
        Tally.Metric.COMPETENCY_PASSES: competencies,
    }
    return [wrong for metric in counted for wrong in compare_tallies(metric, counted[metric])]


def _by_day(
    rows: QuerySet[Submission] | QuerySet[Progress], moment: str, key: str
) -> Iterator[tuple[tuple[datetime.date, Any], int]]:
    """(day in China, what `key` says) and how many rows there are of it."""
    days = rows.annotate(day=TruncDate(moment, tzinfo=CHINA)).values_list("day", key)
    for day, subject, count in days.annotate(Count("pk")):
        yield (day, subject), count


def people_differences() -> list[Wrong]:
    """What counts people and not their tries: right at any size in seconds, and all that a
    simulated nation has rows for.
    """
    return [*tally_differences()]


def differences() -> list[Wrong]:
    """Everything that is not what a full count says. Reads all rows: not for pages."""
    return [
        *override_differences(),
        *progress_differences(),
        *enrolment_differences(),
        *audit.faults(),
        *tally_differences(),
        *own_tally_differences(),
    ]


@transaction.atomic
def repair() -> list[Wrong]:
    """Set every wrong column and tally to what is counted; return what was wrong.

    From the bottom up, for enrolments count progress. What a try earned is no count, and a broken
    chain of audit entries is not mended: `differences` goes on to name both. Completions and
    qualifications stay: they were granted, and a repair takes nothing from a person.
    """
    wrong: list[Wrong] = []
    for model, find in (
        (Progress, progress_differences),
        (Enrolment, enrolment_differences),
    ):
        found = list(find())
        for one in found:
            model.objects.filter(pk=one.row).update(**{one.column: one.counted})
        wrong += found
    own = own_tally_differences()
    tally([TallyMove(one.metric, one.day, one.subject, one.counted - one.tallied) for one in own])
    return [*wrong, *repair_tallies(), *own]
