"""How long a lesson takes."""

from __future__ import annotations

import pytest

from courses.publishing.minutes import EXERCISE_MINUTES, lesson_minutes
from exercises.registry import KINDS


def body(html: str) -> list[dict[str, str]]:
    return [{"html": html}, {"exercise": "x"}]


@pytest.mark.parametrize(
    ("bodies", "kinds", "minutes"),
    [
        ({}, [], 1),
        ({"en": body("word " * 200)}, [], 1),
        ({"en": body("word " * 201)}, [], 2),
        ({"zh-hans": body("字" * 800)}, [], 2),
        ({"en": body("word " * 200), "zh-hans": body("字" * 1200)}, [], 3),
        ({"en": body('<p class="a b c d">' + "<svg><text>x</text></svg>" * 999)}, [], 1),
        ({"en": body("word")}, ["choice", "program"], 17),
        ({"en": body("word")}, ["something-new"], 4),
    ],
)
def test_minutes(bodies: dict[str, list[dict[str, str]]], kinds: list[str], minutes: int) -> None:
    assert lesson_minutes(bodies, kinds) == minutes


def test_every_kind_has_its_minutes() -> None:
    assert set(EXERCISE_MINUTES) == set(KINDS)
