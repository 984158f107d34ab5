"""Comparisons of programs, for the editors of a course alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.access import cohorts_for
from accounts.models import User
from analysis.comparing import language_of, whole
from analysis.models import Comparison
from analysis.queries.submissions import Listed, listed
from analysis.types import Fragment, Pair
from courses.models import Exercise
from grading.models import Body, Submission


@dataclass(frozen=True, slots=True)
class ListedPair:
    """Two programs that share something."""

    pair: Pair
    left: Listed
    right: Listed

    @property
    def share(self) -> float:
        """What they share, as a share of the smaller one."""
        return self.pair.shared / max(1, min(self.pair.left_total, self.pair.right_total))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two programs to be read beside each other."""

    pair: ListedPair
    left: str
    right: str
    language: str


def latest_comparison(exercise: Exercise) -> Comparison | None:
    """The last comparison that somebody asked for. 1 query."""
    return Comparison.objects.filter(exercise=exercise).order_by("-pk").first()


def listed_pairs(comparison: Comparison, user: User) -> list[ListedPair]:
    """Its pairs, the most alike first; without those of which a program is gone. 2 queries."""
    return _listed([_pair(stored) for stored in comparison.pairs], user)


def side_by_side(comparison: Comparison, left: int, right: int, user: User) -> SideBySide | None:
    """One of its pairs with both programs; None where there is none, or one is gone.

    At most 3 queries.
    """
    stored = [one for one in comparison.pairs if (one["left"], one["right"]) == (left, right)]
    if not stored:
        return None
    pairs = _listed([_pair(one) for one in stored], user)
    answers = dict(Body.objects.filter(pk__in=[left, right]).values_list("pk", "answer"))
    if not pairs or not all(answers.get(pk, {}).get("files") for pk in (left, right)):
        return None
    return SideBySide(
        pairs[0],
        whole(answers[left]["files"]),
        whole(answers[right]["files"]),
        language_of(answers[left]),
    )


def _listed(pairs: Sequence[Pair], user: User) -> list[ListedPair]:
    rows = _submissions({pk for pair in pairs for pk in (pair.left, pair.right)}, user)
    return [
        ListedPair(pair, rows[pair.left], rows[pair.right])
        for pair in pairs
        if pair.left in rows and pair.right in rows
    ]


def _submissions(pks: Collection[int], user: User) -> dict[int, Listed]:
    rows = list(
        Submission.objects.filter(pk__in=pks)
        .select_related("version__exercise", "progress__enrolment__user")
        .defer("version__spec", "version__statement")
    )
    cohorts = {row.progress.enrolment.cohort_id for row in rows}
    named = dict(
        cohorts_for(user)
        .filter(pk__in=[pk for pk in cohorts if pk is not None])
        .values_list("pk", "name")
    )
    return {row.pk: listed(row, named) for row in rows}


def _pair(stored: dict[str, Any]) -> Pair:
    fragments = [Fragment(**one) for one in stored["fragments"]]
    return Pair(**{**stored, "fragments": fragments})
