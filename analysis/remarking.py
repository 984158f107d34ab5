"""Writing down what the tallies of a version say, once they have moved."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from analysis.flags import FACETS, raised
from analysis.models import AnswerTally, ExerciseTally, Remarks
from courses.models import ExerciseVersion

MOST_ROWS = 200
"""Answers of each facet that the rules look at, the most frequent first."""


def remark(versions: Collection[int]) -> None:
    """Write the flags of these versions. Effects: their `Remarks`."""
    for version in ExerciseVersion.objects.filter(pk__in=versions):
        tally = ExerciseTally.objects.filter(version=version, dimension="", value="").first()
        answers = _answers(version)
        flags = raised(version.kind, version.spec, tally.sums if tally else {}, answers)
        Remarks.objects.update_or_create(
            version=version,
            defaults={
                "flags": [{"flag": one.flag.value, "facts": one.facts} for one in flags],
                "updated_at": timezone.now(),
            },
        )


def _answers(version: ExerciseVersion) -> list[AnswerTally]:
    """The most frequent of each facet, and those that look right. 6 queries."""
    own = AnswerTally.objects.filter(version=version, language="")
    # Uses index: answer_tally_most, answer_tally_near.
    near = own.filter(mark=AnswerTally.Mark.NEAR).order_by("-learners")[:MOST_ROWS]
    found = {row.pk: row for row in near}
    for facet in FACETS:
        most = own.filter(facet=facet).order_by("-learners")[:MOST_ROWS]
        found |= {row.pk: row for row in most}
    return list(found.values())
