"""An exercise → an item of QTI 3."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exercises.cloze import GAP
from exercises.numbers import exact
from interop.neutral_reading import SEED, Outgoing
from interop.qti.export_pieces import (
    add_to_score,
    branch,
    declaration,
    default_value,
    identifier_value,
    is_right,
    mapping_of,
    real,
    response_declaration,
    score_of_map,
    set_outcome,
    when_right,
)
from interop.reasons import because
from interop.types import Reason
from interop.xhtml import element, text, words_of, xhtml
from interop.xhtml import inline as inline_xml
from interop.xml_trees import Node

ASI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd"
UNKNOWN = frozenset({"s", "del", "section", "aside", "figure", "strike"})
"""Elements that QTI does not have; their words stay."""


class NoForm(Exception):
    """An exercise that QTI cannot say; the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(slots=True)
class Parts:
    """The XML of an item, by where it stands."""

    responses: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    """Response processing of an answer; it sets SCORE."""
    modal: list[str] = field(default_factory=list)
    feedback: str = ""
    """Cardinality of FEEDBACK, where there is any."""


def item_xml(exercise: Outgoing, language: str) -> str:
    """The document of an item. Raises `NoForm`; notes losses in the exercise."""
    makers: Mapping[str, Callable[[Outgoing, Parts], None]] = {
        "choice": _choice,
        "choices": _choice,
        "order": _order,
        "match": _match,
        "text": _field,
        "numeric": _field,
        "cloze": _cloze,
    }
    if exercise.kind not in makers:
        raise NoForm(because("no_form_outside", kind=exercise.kind))
    parts = Parts()
    statement = exercise.statement
    if statement.all("s", "del"):
        exercise.say("struck_left_out")
    parts.body.append(xhtml(_moved(statement).children, UNKNOWN))
    makers[exercise.kind](exercise, parts)
    _hints(exercise, parts)
    outcomes = [
        element(
            "qti-outcome-declaration",
            default_value("0"),
            {
                "identifier": "SCORE",
                "cardinality": "single",
                "base-type": "float",
                "normal-maximum": exercise.points,
                "normal-minimum": 0,
            },
        )
    ]
    if parts.feedback:
        outcomes.append(declaration("outcome", "FEEDBACK", parts.feedback, "identifier"))
    content = [
        *parts.responses,
        *outcomes,
        element("qti-item-body", "".join(parts.body)),
        element("qti-response-processing", "".join(parts.rules)),
        *parts.modal,
    ]
    attributes = {
        "xmlns": ASI,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{ASI} {SCHEMA}",
        "identifier": exercise.key,
        "title": exercise.title,
        "adaptive": "false",
        "time-dependent": "false",
        "xml:lang": {"zh-hans": "zh-Hans"}.get(language, language),
    }
    body = element("qti-assessment-item", "\n".join(content), attributes)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


# Kinds


def _choice(exercise: Outgoing, parts: Parts) -> None:
    options = exercise.spec["options"]
    names = [f"C{number}" for number in range(1, len(options) + 1)]
    rights = [name for name, option in zip(names, options, strict=True) if option.get("correct")]
    several = exercise.kind == "choices"
    cardinality = "multiple" if several else "single"
    told = any(option.get("feedback") for option in options)
    parts.feedback = cardinality if told else ""
    mapping = ""
    if several:
        share = exercise.points / len(rights)
        worth = {name: share if name in rights else -share for name in names}
        mapping = mapping_of(worth, lower=True)
    parts.responses.append(
        response_declaration("RESPONSE", cardinality, "identifier", rights, mapping)
    )
    choices = []
    for name, option in zip(names, options, strict=True):
        inside = inline_xml(option["text"], UNKNOWN)
        if option.get("feedback"):
            inside += element(
                "qti-feedback-inline",
                inline_xml(option["feedback"], UNKNOWN),
                {"outcome-identifier": "FEEDBACK", "identifier": name, "show-hide": "show"},
            )
        choices.append(element("qti-simple-choice", inside, {"identifier": name}))
    parts.body.append(
        element(
            "qti-choice-interaction",
            "".join(choices),
            {
                "response-identifier": "RESPONSE",
                "shuffle": str(exercise.spec.get("shuffle", True)).lower(),
                "max-choices": 0 if several else 1,
            },
        )
    )
    parts.rules.append(score_of_map() if several else when_right(exercise.points))
    if told:
        parts.rules.append(
            set_outcome("FEEDBACK", element("qti-variable", "", {"identifier": "RESPONSE"}))
        )


def _order(exercise: Outgoing, parts: Parts) -> None:
    items = exercise.spec["items"]
    names = [f"I{number}" for number in range(1, len(items) + 1)]
    if exercise.spec.get("credit", "pairs") == "pairs" and len(items) > 2:
        exercise.say("pairs_credit")
    parts.responses.append(response_declaration("RESPONSE", "ordered", "identifier", names))
    choices = [
        element("qti-simple-choice", inline_xml(one, UNKNOWN), {"identifier": name})
        for name, one in zip(names, items, strict=True)
    ]
    random.Random(SEED).shuffle(choices)  # noqa: S311  # where they stand first is no secret
    parts.body.append(
        element(
            "qti-order-interaction",
            "".join(choices),
            {"response-identifier": "RESPONSE", "shuffle": "true"},
        )
    )
    wrong = ""
    if told := exercise.spec.get("feedback"):
        parts.feedback = "single"
        wrong = set_outcome("FEEDBACK", identifier_value("wrong"))
        parts.modal.append(
            element(
                "qti-modal-feedback",
                element("qti-content-body", element("p", inline_xml(told, UNKNOWN))),
                {"outcome-identifier": "FEEDBACK", "identifier": "wrong", "show-hide": "show"},
            )
        )
    parts.rules.append(when_right(exercise.points, wrong))


def _match(exercise: Outgoing, parts: Parts) -> None:
    pairs = exercise.spec["pairs"]
    rights: list[str] = []
    for row in (*pairs, *exercise.spec.get("extra", ())):
        if row["right"] not in rights:
            rights.append(row["right"])
    if any(pair.get("feedback") for pair in pairs):
        exercise.say("row_feedback_left_out")
    answers = [
        f"L{number} R{rights.index(pair['right']) + 1}"
        for number, pair in enumerate(pairs, start=1)
    ]
    mapping = mapping_of(dict.fromkeys(answers, exercise.points / len(pairs)))
    parts.responses.append(
        response_declaration("RESPONSE", "multiple", "directedPair", answers, mapping)
    )
    lefts = "".join(
        _associable(f"L{number}", pair["left"], 1) for number, pair in enumerate(pairs, start=1)
    )
    others = "".join(
        _associable(f"R{number}", right, len(pairs)) for number, right in enumerate(rights, start=1)
    )
    sets = element("qti-simple-match-set", lefts) + element("qti-simple-match-set", others)
    parts.body.append(
        element(
            "qti-match-interaction",
            sets,
            {
                "response-identifier": "RESPONSE",
                "shuffle": "true",
                "max-associations": len(pairs),
            },
        )
    )
    parts.rules.append(score_of_map())


def _field(exercise: Outgoing, parts: Parts) -> None:
    """A text or a number alone."""
    interaction, rule = _entry(exercise, exercise.spec, exercise.kind, "RESPONSE", parts)
    parts.body.append(element("p", interaction))
    parts.rules.append(branch(rule, set_outcome("SCORE", real(exercise.points))))


def _cloze(exercise: Outgoing, parts: Parts) -> None:
    gaps = {gap["key"]: gap for gap in exercise.spec["gaps"]}
    share = exercise.points / len(gaps)
    drawn: dict[str, str] = {}
    for number, (key, gap) in enumerate(gaps.items(), start=1):
        name = f"GAP{number}"
        if gap["kind"] == "choice":
            drawn[key], rule = _inline_choice(exercise, gap, name, parts)
        else:
            drawn[key], rule = _entry(exercise, gap, gap["kind"], name, parts)
        parts.rules.append(branch(rule, add_to_score(share)))
    pieces = []
    for place, piece in enumerate(GAP.split(inline_xml(exercise.spec["text"], UNKNOWN))):
        pieces.append(drawn[piece] if place % 2 else piece)
    parts.body.append(element("p", "".join(pieces)))


def _inline_choice(
    exercise: Outgoing, gap: Mapping[str, Any], name: str, parts: Parts
) -> tuple[str, str]:
    options = gap["options"]
    if any("<" in option["text"] for option in options):
        exercise.say("marks_in_choice")
    if any(option.get("feedback") for option in options):
        exercise.say("row_feedback_left_out")
    choices, rights = [], []
    for number, option in enumerate(options, start=1):
        identifier = f"{name}C{number}"
        rights += [identifier] if option.get("correct") else []
        words = text(words_of(option["text"]))
        choices.append(element("qti-inline-choice", words, {"identifier": identifier}))
    parts.responses.append(response_declaration(name, "single", "identifier", rights))
    shuffle = str(gap.get("shuffle", True)).lower()
    attributes = {"response-identifier": name, "shuffle": shuffle}
    return element("qti-inline-choice-interaction", "".join(choices), attributes), is_right(name)


def _entry(
    exercise: Outgoing, spec: Mapping[str, Any], kind: str, name: str, parts: Parts
) -> tuple[str, str]:
    """A field, and the test that its answer is right."""
    if spec.get("wrong"):
        exercise.say("mistakes_left_out")
    if kind == "text":
        rule = _text_entry(exercise, spec, name, parts)
    else:
        rule = _number_entry(exercise, spec, name, parts)
    field_xml = element("qti-text-entry-interaction", "", {"response-identifier": name})
    return field_xml, rule


def _text_entry(exercise: Outgoing, spec: Mapping[str, Any], name: str, parts: Parts) -> str:
    forms = list(dict.fromkeys(spec["accept"]))
    normalise = set(spec.get("normalise", ("case", "space", "width", "punctuation")))
    if spec.get("patterns"):
        exercise.say("patterns_left_out")
    if normalise - {"case"}:
        exercise.say("normalise_left_out")
    sensitive = "case" not in normalise
    mapping = mapping_of(dict.fromkeys(forms, 1.0), sensitive=sensitive)
    parts.responses.append(response_declaration(name, "single", "string", forms[:1], mapping))
    mapped = element("qti-map-response", "", {"identifier": name})
    return element("qti-gt", mapped + real(0))


def _number_entry(exercise: Outgoing, spec: Mapping[str, Any], name: str, parts: Parts) -> str:
    form = spec.get("input", "decimal")
    if form == "hexadecimal":
        raise NoForm(because("hexadecimal"))
    if spec.get("units"):
        exercise.say("units_left_out")
    answer, written = spec["answer"], _decimal(spec["answer"])
    if exact(float(written)) != exact(answer):
        exercise.say("bounds_left_out")
    base_type = "integer" if form == "integer" else "float"
    parts.responses.append(response_declaration(name, "single", base_type, [written]))
    operands = "".join(
        element(one, "", {"identifier": name}) for one in ("qti-variable", "qti-correct")
    )
    tolerance = spec.get("tolerance", {})
    if room := tolerance.get("relative"):
        if tolerance.get("absolute"):
            exercise.say("bounds_left_out")
        percent = f"{round(room * 100, 10):g}"
        return element(
            "qti-equal",
            operands,
            {"tolerance-mode": "relative", "tolerance": f"{percent} {percent}"},
        )
    if room := tolerance.get("absolute"):
        return element(
            "qti-equal", operands, {"tolerance-mode": "absolute", "tolerance": f"{room} {room}"}
        )
    return element("qti-equal", operands, {"tolerance-mode": "exact"})


def _decimal(answer: object) -> str:
    """A number as QTI writes it."""
    number = exact(answer)  # type: ignore[arg-type]  # an answer of a checked spec is a number
    if number is None or abs(number) > 10**300:
        raise NoForm(because("bounds_left_out"))
    return str(number.numerator) if number.denominator == 1 else repr(float(number))


# Hints


def _hints(exercise: Outgoing, parts: Parts) -> None:
    """A button for each hint; pressing one is an attempt that scores nothing."""
    if not exercise.hints:
        return
    if not parts.feedback:
        parts.feedback = "single"
    blocks, rules = [], []
    for number, (words, cost) in enumerate(exercise.hints, start=1):
        stem = "SOLUTION" if cost == 100 else "HINT"
        name, shown = f"{stem}REQUEST{number}", f"{stem}{number}"
        parts.responses.append(declaration("response", name, "single", "boolean"))
        title = f"{number}. {'Solution' if cost == 100 else 'Hint'}"
        button = {"response-identifier": name, "title": title}
        blocks += [
            element("p", element("qti-end-attempt-interaction", "", button)),
            element(
                "qti-feedback-block",
                element("qti-content-body", element("p", inline_xml(words, UNKNOWN))),
                {"outcome-identifier": "FEEDBACK", "identifier": shown, "show-hide": "show"},
            ),
        ]
        asked = element("qti-variable", "", {"identifier": name})
        value = identifier_value(shown)
        if parts.feedback == "multiple":
            value = element("qti-multiple", value)
        rules.append((asked, set_outcome("FEEDBACK", value)))
    parts.body += blocks
    first, *others = rules
    branches = [element("qti-response-if", "".join(first))]
    branches += [element("qti-response-else-if", "".join(rule)) for rule in others]
    branches.append(element("qti-response-else", "".join(parts.rules)))
    parts.rules = [element("qti-response-condition", "".join(branches))]


# Pieces


def _moved(node: Node) -> Node:
    """A statement whose pictures are sought from the folder of the items."""
    for one in node.walk():
        if one.name == "img" and one.get("src").startswith("figures/"):
            one.attributes["src"] = f"../{one.get('src')}"
    return node


def _associable(identifier: str, html: str, most: int) -> str:
    attributes = {"identifier": identifier, "match-max": most}
    return element("qti-simple-associable-choice", inline_xml(html, UNKNOWN), attributes)
