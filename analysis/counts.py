"""What one learner adds to the tallies: a function of their responses alone. Pure.

**Rest score.** Of an exercise: the points that the learner's *first tries* earned at the other
exercises of the course that they have answered, as a share (in thousandths) of the points of
those. It leaves out the exercise itself, so that nothing is correlated with itself, and what was
not answered, so that who is in the middle of the course is not counted as weak.

The sums of a tally (`ExerciseTally.sums`), over learners whose first try at the exercise was at
this version, but for `tries` and `visitors`, which count everybody:

    visitors, tries           learners and their tries
    learners                  whose first try it was
    score, score2             sum and sum of squares of the scores of first tries
    first_passed, passed      of 1 at the first try; at any try
    pairs                     learners who have answered another exercise too; of these:
    pair_score, pair_score2, rest, rest2, product
    scores:N                  first tries whose score is N tenths, rounded down
    tried:N                   learners who made N tries; MOST_TRIES is that many or more
    time:N                    whose time to answer lies in bucket N (`bucket_of`)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from analysis.responses import THOUSAND, Response, Responses, from_json

MOST_TRIES = 10
BUCKETS_PER_DOUBLING = 4


class ExerciseKey(NamedTuple):
    version: int
    dimension: str
    value: str


class AnswerKey(NamedTuple):
    version: int
    language: str
    facet: str
    part: str
    key: str
    mark: str


@dataclass(slots=True)
class Counts:
    """Tallies, or by how much they move."""

    exercises: dict[ExerciseKey, Counter[str]] = field(default_factory=dict)
    answers: dict[AnswerKey, Counter[str]] = field(default_factory=dict)

    def add(self, responses: Responses, language: str, organisation: int | None, by: int) -> None:
        """Add what one learner adds, `by` times."""
        read = {name: [from_json(one) for one in each] for name, each in responses.items()}
        rests = rest_scores(read)
        for exercise, each in read.items():
            for response in each:
                self._add(response, rests[exercise], language, organisation, by)

    def _add(
        self, response: Response, rest: int | None, language: str, organisation: int | None, by: int
    ) -> None:
        sums = _sums(response, rest)
        groups = [
            ("", ""),
            ("language", language),
            ("organisation", "" if organisation is None else str(organisation)),
            *response.groups,
        ]
        for dimension, value in groups:
            key = ExerciseKey(response.version, dimension, value)
            _move(self.exercises.setdefault(key, Counter()), sums, by)
        for facet, part, said, mark, tries, is_first in response.given:
            sums = {"tries": tries, "learners": 1}
            if is_first and response.is_first:
                sums["firsts"] = 1
                if rest is not None:
                    sums |= {"rest_count": 1, "rest_sum": rest}
            for group in ("", language):
                answer = AnswerKey(response.version, group, facet, part, said, mark)
                _move(self.answers.setdefault(answer, Counter()), sums, by)


def rest_scores(responses: Mapping[str, list[Response]]) -> dict[str, int | None]:
    """The rest score of each exercise; None where no other exercise was answered."""
    firsts = {
        exercise: response
        for exercise, each in responses.items()
        for response in each
        if response.is_first
    }
    points = sum(one.points for one in firsts.values())
    earned = sum(one.points * one.score for one in firsts.values())
    rests: dict[str, int | None] = {}
    for exercise in responses:
        own = firsts.get(exercise)
        others = points - (own.points if own else 0)
        credit = earned - (own.points * own.score if own else 0)
        rests[exercise] = round(credit / others) if others else None
    return rests


def bucket_of(seconds: int) -> int:
    """The bucket of a time: four to each doubling, from one second on."""
    return math.floor(BUCKETS_PER_DOUBLING * math.log2(max(1, seconds)))


def bucket_start(bucket: int) -> float:
    """The least time of a bucket, in seconds."""
    return float(2 ** (bucket / BUCKETS_PER_DOUBLING))


def _sums(response: Response, rest: int | None) -> dict[str, int]:
    sums = {"visitors": 1, "tries": response.tries}
    if not response.is_first:
        return sums
    score = response.score
    sums |= {
        "learners": 1,
        "score": score,
        "score2": score * score,
        f"scores:{score * 10 // THOUSAND}": 1,
        f"tried:{min(response.tries, MOST_TRIES)}": 1,
        "first_passed": int(score == THOUSAND),
        "passed": int(response.best == THOUSAND),
    }
    if response.seconds is not None:
        sums[f"time:{bucket_of(response.seconds)}"] = 1
    if rest is not None:
        sums |= {
            "pairs": 1,
            "pair_score": score,
            "pair_score2": score * score,
            "rest": rest,
            "rest2": rest * rest,
            "product": score * rest,
        }
    return sums


def _move(cell: Counter[Any], sums: Mapping[str, int], by: int) -> None:
    for name, value in sums.items():
        cell[name] += value * by
