"""The pieces of XML that items of QTI 3 are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.xhtml import element, text


def declaration(noun: str, identifier: str, cardinality: str, base_type: str) -> str:
    attributes = {"identifier": identifier, "cardinality": cardinality, "base-type": base_type}
    return element(f"qti-{noun}-declaration", "", attributes)


def response_declaration(
    identifier: str, cardinality: str, base_type: str, correct: Sequence[str], mapping: str = ""
) -> str:
    values = "".join(element("qti-value", text(one)) for one in correct)
    attributes = {"identifier": identifier, "cardinality": cardinality, "base-type": base_type}
    inside = element("qti-correct-response", values) + mapping
    return element("qti-response-declaration", inside, attributes)


def mapping_of(worth: Mapping[str, float], *, lower: bool = False, sensitive: bool = True) -> str:
    entries = ""
    for key, value in worth.items():
        attributes: dict[str, object] = {"map-key": key, "mapped-value": repr(float(value))}
        if not sensitive:
            attributes["case-sensitive"] = "false"
        entries += element("qti-map-entry", "", attributes)
    bounds: dict[str, object] = {"default-value": 0}
    return element("qti-mapping", entries, bounds | ({"lower-bound": 0} if lower else {}))


def default_value(value: str) -> str:
    return element("qti-default-value", element("qti-value", value))


def identifier_value(identifier: str) -> str:
    return element("qti-base-value", identifier, {"base-type": "identifier"})


def real(value: float) -> str:
    return element("qti-base-value", repr(float(value)), {"base-type": "float"})


def set_outcome(identifier: str, value: str) -> str:
    return element("qti-set-outcome-value", value, {"identifier": identifier})


def is_right(name: str) -> str:
    operands = "".join(
        element(one, "", {"identifier": name}) for one in ("qti-variable", "qti-correct")
    )
    return element("qti-match", operands)


def branch(test: str, then: str, otherwise: str = "") -> str:
    inside = element("qti-response-if", test + then)
    if otherwise:
        inside += element("qti-response-else", otherwise)
    return element("qti-response-condition", inside)


def when_right(points: float, wrong: str = "") -> str:
    return branch(is_right("RESPONSE"), set_outcome("SCORE", real(points)), wrong)


def score_of_map() -> str:
    return set_outcome("SCORE", element("qti-map-response", "", {"identifier": "RESPONSE"}))


def add_to_score(share: float) -> str:
    total = element("qti-variable", "", {"identifier": "SCORE"}) + real(share)
    return set_outcome("SCORE", element("qti-sum", total))
