"""The words of this room that other rooms use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Flag(models.TextChoices):
    """What may be wrong with an exercise, the most urgent first."""

    NEAR = "near", _("Right answers may be marked wrong")
    NEGATIVE = "negative", _("The strong do worse than the weak")
    STRONG_WRONG = "strong_wrong", _("The strong choose a wrong answer")
    TOO_HARD = "too_hard", _("Very hard")
    FLAT = "flat", _("It hardly tells strong from weak")
    MISCONCEPTION = "misconception", _("A misconception is widespread")
    MANY_TRIES = "many_tries", _("It takes many tries")
    SLOW = "slow", _("It takes very long")
    IDLE = "idle", _("Options that nobody takes")
    TOO_EASY = "too_easy", _("Very easy")


ADVICE: Mapping[Flag, _StrPromise] = {
    Flag.NEAR: _(
        "These answers differ from an accepted one in case, width, spaces, punctuation or rounding "
        "alone. Accept them, allow a tolerance, or say in the statement which form is wanted; then "
        "regrade."
    ),
    Flag.NEGATIVE: _(
        "Who does well elsewhere does badly here. Look at the key first: is the right answer "
        "marked right? Then at the wording: what could somebody read into it who knows much?"
    ),
    Flag.STRONG_WRONG: _(
        "Who gives this answer does better at the other exercises than who does not. Either it is "
        "right too, or the statement can be read in a second way."
    ),
    Flag.TOO_HARD: _(
        "Few get it at the first try. Is everything that it needs taught before it? A hint, an "
        "example or a step in between may help more than another reading of the lesson."
    ),
    Flag.FLAT: _(
        "First tries go well or badly whatever the learner knows. Guessing, or a detail beside the "
        "point, decides. Ask for the one thing that the lesson is about."
    ),
    Flag.MISCONCEPTION: _(
        "Many answers show the same wrong idea. Take it up in the lesson, before the exercise."
    ),
    Flag.MANY_TRIES: _(
        "Learners try again and again. Do the messages of the checks say what is missing?"
    ),
    Flag.SLOW: _("Half of the learners take this long or longer. Is it one exercise, or three?"),
    Flag.IDLE: _(
        "An option that nobody takes makes the choice among the others easier. Write one that "
        "somebody would believe: the wrong answers that learners typed elsewhere are a good source."
    ),
    Flag.TOO_EASY: _(
        "Nearly everybody gets it at once. That is well at the beginning of a lesson; elsewhere it "
        "tells nothing, and a harder variant would."
    ),
}


class Raised(NamedTuple):
    """A flag, with the figures that raised it."""

    flag: Flag
    facts: Mapping[str, Any]
    """`value` and `learners` where there is one figure; `answers` where it is about answers: each
    facet, part, key, firsts or learners, and the mean rest score of who gave it."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch that two programs share: from line to line in each, both included."""

    left_start: int
    left_end: int
    right_start: int
    right_end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programs, and what they share."""

    left: int
    right: int
    """Ids of their submissions."""
    shared: int
    """Fingerprints in both."""
    left_total: int
    right_total: int
    fragments: Sequence[Fragment] = field(default_factory=tuple)
