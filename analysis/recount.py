"""Whether the tallies are what a full count of all submissions says, and making them so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

from analysis.analyst import count
from analysis.counts import AnswerKey, Counts, ExerciseKey
from analysis.deriving import Versions, derive
from analysis.models import AnswerTally, Counted, ExerciseTally, Watermark
from analysis.tallying import answer_key, exercise_key, move
from courses.models import Enrolment
from grading.models import Progress

LEARNERS_AT_ONCE = 500
Key = TypeVar("Key", bound=ExerciseKey | AnswerKey)


@dataclass(frozen=True, slots=True)
class Difference:
    """One sum that is not what a full count says."""

    key: ExerciseKey | AnswerKey
    name: str
    tallied: int
    counted: int

    def __str__(self) -> str:
        key = " ".join(str(part) for part in self.key if part != "")
        return f"{key}: {self.name} is {self.tallied}, counted {self.counted}"


def differences() -> list[Difference]:
    """Every tally that a full count of the submissions contradicts. Reads all rows.

    What was graded a moment ago and is not counted yet is among them.
    """
    tallied, counted = stored(), full_count()
    return [
        *_compare(tallied.exercises, counted.exercises),
        *_compare(tallied.answers, counted.answers),
    ]


@transaction.atomic
def repair() -> list[Difference]:
    """Count every learner anew and set every tally to the sum; returns what was wrong."""
    Watermark.objects.get_or_create(pk=1)
    Watermark.objects.select_for_update().get(pk=1)
    wrong = differences()
    versions = Versions()
    for progress in _progress():
        count(progress, versions)
    tallied, counted = stored(), Counts()
    for row in Counted.objects.iterator(chunk_size=LEARNERS_AT_ONCE):
        counted.add(row.responses, row.language, row.organisation_id, 1)
    for exercise, cell in tallied.exercises.items():
        counted.exercises.setdefault(exercise, Counter()).subtract(cell)
    for answer, cell in tallied.answers.items():
        counted.answers.setdefault(answer, Counter()).subtract(cell)
    move(counted)
    return wrong


def stored() -> Counts:
    """The tallies as they stand."""
    counts = Counts()
    for row in ExerciseTally.objects.iterator():
        counts.exercises[exercise_key(row)] = Counter(row.sums)
    for answer in AnswerTally.objects.iterator():
        cell = Counter({name: getattr(answer, name) for name in AnswerTally.COUNTS})
        counts.answers[answer_key(answer)] = cell
    return counts


def full_count() -> Counts:
    """What all submissions come to. Organisation and language are those that a learner had when
    they were first counted."""
    versions, counts = Versions(), Counts()
    for progress in _progress():
        rows = list(Progress.objects.filter(pk__in=progress).values("pk", "enrolment", "exercise"))
        own = {row["pk"]: row["enrolment"] for row in rows}
        learners: dict[int, tuple[int | None, str, object]] = {
            pk: (organisation, language, erased_at)
            for pk, organisation, language, erased_at in Enrolment.objects.filter(
                pk__in=set(own.values())
            ).values_list("pk", "cohort__organisation", "user__language", "user__erased_at")
        }
        first = Counted.objects.in_bulk(list(learners))
        erased = {pk for pk, (_at, _in, erased_at) in learners.items() if erased_at}
        derived = derive(own, erased, versions)
        responses: dict[int, dict[str, list[list[Any]]]] = {}
        for row in rows:
            each = derived.responses.get(row["pk"], [])
            if each:
                responses.setdefault(row["enrolment"], {})[str(row["exercise"])] = each
        for pk, answered in responses.items():
            organisation, language, _erased_at = learners[pk]
            if pk in first:
                organisation, language = first[pk].organisation_id, first[pk].language
            counts.add(answered, language, organisation, 1)
    return counts


def _progress() -> Iterator[list[int]]:
    """The progress rows of all learners, those of one learner always together."""
    enrolments = Progress.objects.order_by("enrolment").values_list("enrolment", flat=True)
    last = 0
    while own := list(enrolments.filter(enrolment__gt=last).distinct()[:LEARNERS_AT_ONCE]):
        last = own[-1]
        yield list(Progress.objects.filter(enrolment__in=own).values_list("pk", flat=True))


def _compare(
    tallied: Mapping[Key, Counter[str]], counted: Mapping[Key, Counter[str]]
) -> Iterator[Difference]:
    for key in sorted({*tallied, *counted}):
        before, after = Counter(tallied.get(key)), Counter(counted.get(key))
        for name in sorted({*before, *after}):
            if before[name] != after[name]:
                yield Difference(key, name, before[name], after[name])
