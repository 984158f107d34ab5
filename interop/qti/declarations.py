"""What an item declares: its responses, their right answers and what each answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from interop.xml_trees import Node


@dataclass(frozen=True, slots=True)
class Response:
    """A response declaration."""

    identifier: str
    cardinality: str
    base_type: str
    correct: Sequence[str]
    mapping: dict[str, float] = field(default_factory=dict)
    """Answer → what it adds to the score. Empty where there is none."""
    default: float = 0.0
    lower: float | None = None
    case_sensitive: bool = True
    """False where every answer of the mapping says so."""

    def worth(self, answer: str) -> float:
        """What an answer adds to the score."""
        return self.mapping.get(answer, self.default)


def responses_of(item: Node) -> dict[str, Response]:
    """The declarations of an item, by identifier."""
    found = {}
    for node in item.elements("response-declaration"):
        response = _response(node)
        found[response.identifier] = response
    return found


def points_of(item: Node) -> float:
    """The best score that an item says it gives; 1 where it does not say."""
    for node in item.elements("outcome-declaration"):
        if node.get("identifier") == "MAXSCORE" and (default := node.first("default-value")):
            return number_in(default.words()) or 1.0
    for node in item.elements("outcome-declaration"):
        if node.get("identifier") == "SCORE":
            return number_in(node.get("normal-maximum")) or 1.0
    return 1.0


def number_in(words: str) -> float | None:
    """A number, or None."""
    try:
        value = float(words)
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None


def _response(node: Node) -> Response:
    correct = node.first("correct-response")
    values = [value.words() for value in correct.elements("value")] if correct else []
    mapping = node.first("mapping")
    entries = mapping.elements("map-entry") if mapping else []
    table = {entry.get("map-key"): number_in(entry.get("mapped-value")) or 0.0 for entry in entries}
    return Response(
        identifier=node.get("identifier"),
        cardinality=node.get("cardinality", "single"),
        base_type=node.get("base-type"),
        correct=values,
        mapping=table,
        default=number_in(mapping.get("default-value")) or 0.0 if mapping else 0.0,
        lower=number_in(mapping.get("lower-bound")) if mapping else None,
        case_sensitive=not entries
        or any(entry.get("case-sensitive", "true") != "false" for entry in entries),
    )
