"""From rows of submissions to what is counted of their learners. Reads; writes nothing."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.answers import (
    CODE_KINDS,
    cluster_id,
    cluster_of,
    groupable_values,
    groups_of,
    parts_of,
    short_key,
)
from analysis.models import Clustered
from analysis.responses import Response, thousandths
from courses.models import ExerciseVersion
from exercises.types import Outcome
from grading.models import Submission

LONGEST_SECONDS = 2 * 3600
"""Who hands in nothing for longer has done something else in between."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed of a version of an exercise."""

    kind: str
    spec: Mapping[str, Any]
    points: int
    groupable: frozenset[str]


class Versions:
    """Versions that this process has read; they never change."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}

    def read(self, pks: Collection[int]) -> None:
        """Have those that are not known yet. At most 1 query."""
        missing = set(pks) - self._known.keys()
        if not missing:
            return
        rows = ExerciseVersion.objects.filter(pk__in=missing)
        for pk, kind, spec, points in rows.values_list("pk", "kind", "spec", "points"):
            self._known[pk] = Known(kind, spec, points, groupable_values(kind, spec))

    def __getitem__(self, pk: int) -> Known:
        return self._known[pk]


@dataclass(slots=True)
class Derived:
    """What the tries at some exercises come to."""

    responses: dict[int, list[list[Any]]] = field(default_factory=dict)
    """Progress id → the responses to each version, as JSON; none without a graded try."""
    clustered: list[Clustered] = field(default_factory=list)
    """Not saved."""


def derive(progress: Mapping[int, int], erased: Collection[int], versions: Versions) -> Derived:
    """What the graded tries of these progress rows (id → enrolment id) come to. 3 queries.

    Of the people of the `erased` enrolments no answer is counted, whatever is still stored.
    """
    tries = Submission.objects.filter(
        progress__in=list(progress),
        purpose=Submission.Purpose.TRY,
        state=Submission.State.DONE,
    ).order_by("pk")
    columns = ("pk", "progress_id", "version_id", "seed", "score", "created_at", "outcome")
    rows = list(tries.values(*columns, "body__answer", "body__verdict"))
    versions.read({row["version_id"] for row in rows})
    moments = _moments(set(progress.values()))
    by_progress: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if progress[row["progress_id"]] in erased:
            row["body__answer"] = row["body__verdict"] = None
        by_progress[row["progress_id"]].append(row)
    derived = Derived()
    for pk, own in by_progress.items():
        before = moments[progress[pk]]
        derived.responses[pk] = [
            _response(version, each, before, versions[version], is_first=number == 0).to_json()
            for number, (version, each) in enumerate(_by_version(own).items())
        ]
        derived.clustered += _clustered(own, versions)
    return derived


Moments = Sequence[tuple[datetime.datetime, int]]


def _moments(enrolments: Collection[int]) -> Mapping[int, Moments]:
    """Of each learner when and to which progress they handed something in, the oldest first."""
    found: defaultdict[int, list[tuple[datetime.datetime, int]]] = defaultdict(list)
    rows = Submission.objects.filter(progress__enrolment__in=list(enrolments))
    for enrolment, moment, progress in rows.values_list(
        "progress__enrolment_id", "created_at", "progress_id"
    ):
        found[enrolment].append((moment, progress))
    for each in found.values():
        each.sort()
    return found


def _by_version(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["version_id"], []).append(row)
    return found


def _response(
    version: int,
    rows: Sequence[Mapping[str, Any]],
    moments: Moments,
    known: Known,
    *,
    is_first: bool,
) -> Response:
    first = rows[0]
    scores = [thousandths(row["score"] or 0.0) for row in rows]
    answer = first["body__answer"] or {}
    return Response(
        version=version,
        points=known.points,
        is_first=is_first,
        score=scores[0],
        best=max(scores),
        tries=len(rows),
        seconds=_seconds(first, moments) if is_first else None,
        groups=groups_of(known.kind, known.spec, first["seed"], answer, known.groupable),
        given=_given(rows, known),
    )


def _seconds(first: Mapping[str, Any], moments: Moments) -> int | None:
    place = bisect_left(moments, (first["created_at"], 0))
    for moment, progress in reversed(moments[:place]):
        if progress != first["progress_id"]:
            seconds = round((first["created_at"] - moment).total_seconds())
            return seconds if seconds <= LONGEST_SECONDS else None
    return None


def _given(
    rows: Sequence[Mapping[str, Any]], known: Known
) -> list[tuple[str, str, str, str, int, int]]:
    found: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for number, row in enumerate(rows):
        answer, verdict = row["body__answer"], row["body__verdict"]
        if not answer or not verdict:
            continue
        for part in parts_of(known.kind, known.spec, row["seed"], answer, verdict):
            tries, is_first = found.get(part, (0, 0))
            found[part] = (tries + 1, is_first or int(number == 0))
    return [(*part, *counted) for part, counted in found.items()]


def _clustered(rows: Iterable[Mapping[str, Any]], versions: Versions) -> list[Clustered]:
    return [
        Clustered(
            submission_id=row["pk"],
            version_id=row["version_id"],
            cluster=cluster_id(short_key(cluster_of(row["body__verdict"]))),
        )
        for row in rows
        if versions[row["version_id"]].kind in CODE_KINDS
        and row["body__verdict"]
        and row["outcome"] != Outcome.PASSED
    ]
