"""Every kind of exercise, by the name that exercise.toml calls it."""

from __future__ import annotations

from exercises.choice import Choice
from exercises.choices import Choices
from exercises.cloze import Cloze
from exercises.contract.kind import Contract
from exercises.match import Match
from exercises.numeric import Numeric
from exercises.order import Order
from exercises.program.kind import Program
from exercises.text import Text
from exercises.types import Answer, Kind, Multilingual, Spec, Variant

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Choice(),
        Choices(),
        Numeric(),
        Text(),
        Order(),
        Match(),
        Cloze(),
        Program(),
        Contract(),
    )
}


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises KeyError where there is none."""
    return KINDS[name]


def solutions_of(kind: Kind, spec: Spec, variant: Variant) -> dict[str, Answer]:
    """Every right answer that the author stored, by a name such as `solution` or `solution.go`."""
    if isinstance(kind, Multilingual):
        return kind.solutions(spec)
    solution = kind.solution(spec, variant)
    return {} if solution is None else {"solution": solution}
