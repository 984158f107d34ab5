"""Counting what was graded since the last look. The work of `manage.py analyst`.

Ids are given before a transaction commits, so a lower one may appear after a higher one. New rows
are counted at once; a watermark moves past a row only when it is older than `LATE_SECONDS`, after
a second look at everything below. What is looked at twice is counted once: a learner's tallies
move by the difference to what was counted of them before (`Counted`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from analysis.counts import Counts
from analysis.deriving import Versions, derive
from analysis.models import Awaited, Clustered, Counted, Watermark
from analysis.tallying import move
from courses.models import Enrolment
from grading.models import GradingRun, Progress, Submission

BATCH = 1000
LATE_SECONDS = 60.0
"""Longer than any transaction that hands in, grades or regrades."""

State = Submission.State


@dataclass(slots=True)
class Tail:
    """The end of a table that grows, as one process has read it."""

    moment: str
    """The column that says when a row was written."""
    columns: tuple[str, ...]
    reached: int = 0
    seen: set[int] = field(default_factory=set)
    """What was counted above the watermark."""

    def read(self, rows: QuerySet[Any], mark: int) -> tuple[list[Any], list[Any], int]:
        """What is new; what is seen for the last time and not counted yet; the new watermark.

        2 queries.
        """
        late = timezone.now() - datetime.timedelta(seconds=LATE_SECONDS)
        self.reached = max(self.reached, mark)
        each = rows.order_by("pk").values("pk", self.moment, *self.columns)
        last = []
        for row in each.filter(pk__gt=mark, pk__lte=self.reached)[:BATCH]:
            if row[self.moment] >= late:
                break
            mark = row["pk"]
            if mark not in self.seen:
                last.append(row)
        self.seen = {pk for pk in self.seen if pk > mark}
        new = list(each.filter(pk__gt=self.reached)[:BATCH])
        if new:
            self.reached = new[-1]["pk"]
        return new, last, mark


class Analyst:
    """Counts, round after round."""

    def __init__(self) -> None:
        self.versions = Versions()
        self.moved: set[int] = set()
        """Versions whose tallies have moved since somebody last took them from here."""
        self._submissions = Tail("created_at", ("progress_id", "state", "purpose"))
        self._runs = Tail("finished_at", ("submission_id", "reason"))

    @transaction.atomic
    def round(self) -> int:
        """Count what is new, at most `BATCH` submissions and regrades; returns how many learners
        were looked at, 0 when nothing was new.

        Effects: tallies, what is counted of each learner, clusters, the watermark.
        """
        Watermark.objects.get_or_create(pk=1)
        mark = Watermark.objects.select_for_update().get(pk=1)
        progress = self._settled(mark) | self._regraded(mark)
        mark.save()
        stale = list(Counted.objects.filter(is_stale=True).values_list("pk", flat=True)[:BATCH])
        if stale:
            again = Progress.objects.filter(enrolment__in=stale)
            progress |= set(again.values_list("pk", flat=True))
        if progress:
            self.moved |= count(progress, self.versions)
        Counted.objects.filter(pk__in=stale).update(is_stale=False)
        return len(progress)

    def _settled(self, mark: Watermark) -> set[int]:
        """Progress ids with a try that was graded and is not counted yet."""
        new, last, mark.submission = self._submissions.read(
            Submission.objects.all(), mark.submission
        )
        waits = [row["pk"] for row in last if row["state"] in Submission.IN_FLIGHT]
        Awaited.objects.bulk_create([Awaited(submission=pk) for pk in waits], ignore_conflicts=True)
        graded = [row for row in (*new, *last) if row["state"] not in Submission.IN_FLIGHT]
        self._submissions.seen |= {row["pk"] for row in graded if row["pk"] > mark.submission}
        awaited = list(Awaited.objects.values_list("submission", flat=True)[: 10 * BATCH])
        ended = Submission.objects.filter(pk__in=awaited).exclude(state__in=Submission.IN_FLIGHT)
        late = list(ended.values("pk", "progress_id", "state", "purpose")[:BATCH])
        Awaited.objects.filter(pk__in=[row["pk"] for row in late]).delete()
        return {
            row["progress_id"]
            for row in (*graded, *late)
            if row["state"] == State.DONE and row["purpose"] == Submission.Purpose.TRY
        }

    def _regraded(self, mark: Watermark) -> set[int]:
        new, last, mark.run = self._runs.read(GradingRun.objects.all(), mark.run)
        rows = [row for row in (*new, *last) if row["reason"] == GradingRun.Reason.REGRADE]
        self._runs.seen |= {row["pk"] for row in (*new, *last) if row["pk"] > mark.run}
        if not rows:
            return set()
        submissions = Submission.objects.filter(pk__in=[row["submission_id"] for row in rows])
        return set(submissions.values_list("progress_id", flat=True))


def count(progress: Collection[int], versions: Versions) -> set[int]:
    """Count the learners of these progress rows by the difference. Returns the versions whose
    tallies moved.

    Effects: tallies, `Counted`, clusters of their submissions. In the caller's transaction.
    """
    rows = list(Progress.objects.filter(pk__in=progress).values("pk", "enrolment", "exercise"))
    own = {row["pk"]: row["enrolment"] for row in rows}
    learners = _learners(set(own.values()))
    erased = {pk for pk, (_counted, is_erased) in learners.items() if is_erased}
    derived = derive(own, erased, versions)
    changed: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        changed[row["enrolment"]][str(row["exercise"])] = derived.responses.get(row["pk"], [])
    counts = Counts()
    kept = []
    for enrolment, exercises in changed.items():
        counted, _is_erased = learners[enrolment]
        after = {
            exercise: each for exercise, each in {**counted.responses, **exercises}.items() if each
        }
        counts.add(counted.responses, counted.language, counted.organisation_id, -1)
        counts.add(after, counted.language, counted.organisation_id, 1)
        counted.responses = after
        kept.append(counted)
    keep(kept)
    Clustered.objects.filter(submission__progress__in=list(own)).delete()
    Clustered.objects.bulk_create(derived.clustered, batch_size=BATCH)
    return move(counts)


def keep(counted: Iterable[Counted]) -> None:
    """Write what has been counted of learners."""
    Counted.objects.bulk_create(
        counted,
        update_conflicts=True,
        unique_fields=["enrolment"],
        update_fields=["responses"],
        batch_size=BATCH,
    )


def _learners(enrolments: Collection[int]) -> dict[int, tuple[Counted, bool]]:
    """What has been counted of each learner so far, and whether their person was erased.

    2 queries.
    """
    known = Counted.objects.in_bulk(list(enrolments))
    rows = Enrolment.objects.filter(pk__in=enrolments).annotate(
        organisation=F("cohort__organisation"), language=F("user__language")
    )
    found = {}
    for pk, organisation, language, erased_at in rows.values_list(
        "pk", "organisation", "language", "user__erased_at"
    ):
        new = Counted(enrolment_id=pk, organisation_id=organisation, language=language)
        found[pk] = (known.get(pk, new), erased_at is not None)
    return found
