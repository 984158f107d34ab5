"""Writing down what the tallies of a version say, once they have moved."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from analysis.flags import MOST_ANSWERS, raised
from analysis.models import AnswerTally, ExerciseTally, Remarks
from courses.models import ExerciseVersion

MOST_ROWS = 500
"""Answers of a version that the rules look at, the most frequent first."""


def remark(versions: Collection[int]) -> None:
    """Write the flags of these versions. Effects: their `Remarks`. 4 queries for each."""
    for version in ExerciseVersion.objects.filter(pk__in=versions):
        tally = ExerciseTally.objects.filter(version=version, dimension="", value="").first()
        own = AnswerTally.objects.filter(version=version, language="").order_by("-learners", "pk")
        near = own.filter(mark=AnswerTally.Mark.NEAR)[:MOST_ANSWERS]
        rows = {row.pk: row for row in (*own[:MOST_ROWS], *near)}
        flags = raised(version.kind, version.spec, tally.sums if tally else {}, [*rows.values()])
        Remarks.objects.update_or_create(
            version=version,
            defaults={
                "flags": [{"flag": one.flag.value, "facts": one.facts} for one in flags],
                "updated_at": timezone.now(),
            },
        )
