"""What is remembered of a learner's tries at one version of an exercise. Pure.

Scores are in thousandths, so that every sum stays exact; a score is rounded to the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Response:
    """The graded tries of one learner at one version of an exercise."""

    version: int
    points: int
    """Of the exercise."""
    is_first: bool
    """Whether the learner's first try at the exercise was made at this version."""
    score: int
    """Of their first try at this version."""
    best: int
    tries: int
    seconds: int | None
    """From the learner's last hand-in elsewhere in the course to the first try here; None where
    there is none within `analysis.deriving.LONGEST_SECONDS`."""
    groups: Sequence[tuple[str, str]]
    """(dimension, value) besides language and organisation."""
    given: Sequence[tuple[str, str, str, str, int, int]]
    """Facet, part, key, mark of each thing that was said; in how many tries; 1 if in the first."""

    def to_json(self) -> list[Any]:
        """Its fields in order, without their names: a learner has one for every exercise. Equal
        responses have equal JSON."""
        return [getattr(self, name) for name in _NAMES]


_NAMES = tuple(field.name for field in fields(Response))


def from_json(stored: Sequence[Any]) -> Response:
    """What `to_json` gave, before or after the database had it."""
    values = dict(zip(_NAMES, stored, strict=True))
    values["groups"] = [tuple(group) for group in values["groups"]]
    values["given"] = [tuple(part) for part in values["given"]]
    return Response(**values)


Responses = Mapping[str, Sequence[Sequence[Any]]]
"""Exercise id → the responses to each of its versions, as JSON."""


def thousandths(score: float) -> int:
    return round(score * THOUSAND)
