"""Every kind of exercise, by the name that exercise.toml calls it."""

from __future__ import annotations

from exercises.choice import Choice
from exercises.choices import Choices
from exercises.cloze import Cloze
from exercises.match import Match
from exercises.numeric import Numeric
from exercises.order import Order
from exercises.program.kind import Program
from exercises.text import Text
from exercises.types import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (Choice(), Choices(), Numeric(), Text(), Order(), Match(), Cloze(), Program())
}


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises KeyError where there is none."""
    return KINDS[name]
