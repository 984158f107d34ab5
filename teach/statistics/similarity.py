"""Programs that share long stretches: for a person's eyes, and nothing follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from analysis.models import Comparison
from analysis.queries import latest_comparison, listed_pairs, side_by_side
from courses.models import Course, Exercise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a program."""

    number: int
    text: str
    fragment: int
    """The number of the shared stretch that it belongs to, from 1; 0 for none."""
    is_start: bool
    """Whether the stretch begins here."""


def similarity_page(course: Course, exercise: Exercise, user: User) -> dict[str, Any]:
    """The latest comparison with its pairs. At most 3 queries."""
    comparison = latest_comparison(exercise)
    is_done = comparison is not None and comparison.state == Comparison.State.DONE
    return {
        "title": title_of(course, exercise),
        "comparison": comparison,
        "is_done": is_done,
        "pairs": listed_pairs(comparison, user) if comparison is not None and is_done else [],
    }


def pair_page(
    course: Course,
    exercise: Exercise,
    comparison: Comparison,
    of: tuple[int, int],
    user: User,
) -> dict[str, Any] | None:
    """Two programs with their lines; None where they are no pair of the comparison. 3 queries."""
    found = side_by_side(comparison, *of, user)
    if found is None:
        return None
    fragments = found.pair.pair.fragments
    left = [(one.left_start, one.left_end) for one in fragments]
    right = [(one.right_start, one.right_end) for one in fragments]
    return {
        "title": title_of(course, exercise),
        "pair": found.pair,
        "fragments": list(enumerate(fragments, start=1)),
        "sides": [
            {"of": found.pair.left, "side": "left", "lines": _lines(found.left, left)},
            {"of": found.pair.right, "side": "right", "lines": _lines(found.right, right)},
        ],
    }


def title_of(course: Course, exercise: Exercise) -> dict[str, str]:
    """The title of an exercise in the current release, else its key. No query."""
    assert course.current is not None, "a course that was published"
    titles: dict[str, dict[str, str]] = {
        one["key"]: one["title"]
        for module in course.current.outline
        for lesson in module["lessons"]
        for one in lesson["exercises"]
    }
    return titles.get(exercise.key, {"en": exercise.key})


def _lines(text: str, stretches: Sequence[tuple[int, int]]) -> list[Line]:
    fragment_of: dict[int, int] = {}
    starts: set[int] = set()
    for number, (start, end) in enumerate(stretches, start=1):
        starts.add(start)
        for line in range(start, end + 1):
            fragment_of.setdefault(line, number)
    return [
        Line(number, words, fragment_of.get(number, 0), number in starts)
        for number, words in enumerate(text.splitlines(), start=1)
    ]
