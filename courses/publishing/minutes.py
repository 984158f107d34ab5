"""How long a lesson takes: reading at a learner's pace, and time for each exercise.

200 English words or 400 Chinese letters a minute; exercises by their kind. A lesson has one figure
for all languages, the longest. docs/course-format.md says so to authors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

WORDS_PER_MINUTE = 200
LETTERS_PER_MINUTE = 400
EXERCISE_MINUTES = {
    "choice": 1,
    "choices": 2,
    "text": 2,
    "order": 2,
    "match": 2,
    "numeric": 3,
    "cloze": 3,
    "program": 15,
    "contract": 25,
}
OTHER_MINUTES = 3

_TAG = re.compile(r"<[^>]*>")
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_LETTER = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9_'-]+")


def lesson_minutes(body: Mapping[str, Sequence[Mapping[str, str]]], kinds: Sequence[str]) -> int:
    """Whole minutes, at least 1, for a body (language → blocks) with exercises of these kinds."""
    reading = max(
        (sum(_reading(block.get("html", "")) for block in blocks) for blocks in body.values()),
        default=0.0,
    )
    working = sum(EXERCISE_MINUTES.get(kind, OTHER_MINUTES) for kind in kinds)
    return max(1, math.ceil(reading) + working)


def _reading(html: str) -> float:
    text = _TAG.sub(" ", _DRAWING.sub(" ", html))
    letters = len(_LETTER.findall(text))
    return letters / LETTERS_PER_MINUTE + len(_WORD.findall(text)) / WORDS_PER_MINUTE
