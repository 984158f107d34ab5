"""Template processing: a new variant for every learner where `[vary]` can say it, else one
variant for all."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exercises.budget import ExpressionError
from exercises.expressions import check_name
from interop.qti.operators import OPERATORS, Untranslatable, typed, value_of
from interop.xml_trees import Node

TRIES = 100
"""How often a variant is drawn anew until the item's constraints hold."""
MOST_NODES = 2_000
_BRANCHES = ("template-if", "template-else-if", "template-else")


@dataclass(slots=True)
class Varied:
    """`[vary]`, and the expression of each response's right answer."""

    expressions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Template variable → the name that holds its last value."""
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fixed:
    """One variant: the values of the template variables, and the right answers."""

    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


def varied(item: Node) -> Varied:
    """The item's templates as expressions. Raises `Untranslatable`."""
    out = Varied()
    for node in item.elements("template-declaration"):
        if default := node.first("default-value"):
            value = typed(default.words(), node.get("base-type"))
            _name(out, node.get("identifier"), _literal(value))
    processing = item.first("template-processing")
    for rule in processing.elements() if processing else ():
        try:
            _translate(rule, out)
        except IndexError as error:  # an operand is not there
            raise Untranslatable(rule.name) from error
    return out


def fixed(item: Node) -> Fixed:
    """One variant of the item, the same each time. Raises `Untranslatable`."""
    processing = item.first("template-processing")
    rules = processing.elements() if processing else []
    if processing and sum(1 for _ in processing.walk()) > MOST_NODES:
        raise Untranslatable("template-processing")
    draw = random.Random(20261124)  # noqa: S311  # no secret: every import draws the same
    for _ in range(TRIES):
        out = Fixed()
        for node in item.elements("template-declaration"):
            if default := node.first("default-value"):
                value = typed(default.words(), node.get("base-type"))
                out.values[node.get("identifier")] = value
        try:
            if all(_perform(rule, out, draw) for rule in rules):
                return out
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Untranslatable(type(error).__name__) from error
    raise Untranslatable("template-constraint")


# One variant


def _perform(rule: Node, out: Fixed, draw: random.Random) -> bool:
    """Do one rule; False when a constraint asks for another draw."""
    parts = rule.elements()
    match rule.name:
        case "set-template-value":
            out.values[rule.get("identifier")] = value_of(parts[0], out.values, draw)
        case "set-correct-response":
            out.answers[rule.get("identifier")] = value_of(parts[0], out.values, draw)
        case "template-constraint":
            return bool(value_of(parts[0], out.values, draw))
        case "template-condition":
            for branch in parts:
                rules = branch.elements()
                if branch.name != "template-else" and not value_of(rules[0], out.values, draw):
                    continue
                start = 0 if branch.name == "template-else" else 1
                return all(_perform(one, out, draw) for one in rules[start:])
        case "exit-template":
            pass
        case _:
            raise Untranslatable(rule.name)
    return True


# Expressions


def _translate(rule: Node, out: Varied) -> None:
    parts = rule.elements()
    if not parts:
        raise Untranslatable(rule.name)
    if rule.name == "set-template-value":
        _name(out, rule.get("identifier"), _expression(parts[0], out))
    elif rule.name == "set-correct-response":
        out.answers[rule.get("identifier")] = _expression(parts[0], out)
    elif rule.name == "template-condition":
        _condition(rule, out)
    else:
        raise Untranslatable(rule.name)


def _condition(rule: Node, out: Varied) -> None:
    """Each thing that a branch sets, as one conditional expression."""
    before = Varied(out.expressions, dict(out.names), dict(out.answers))
    branches: list[tuple[str, dict[tuple[str, str], str]]] = []
    for branch in rule.elements(*_BRANCHES):
        rules = branch.elements()
        condition = "True"
        if branch.name != "template-else":
            condition, rules = _expression(rules[0], before), rules[1:]
        sets = {}
        for one in rules:
            if one.name not in {"set-template-value", "set-correct-response"}:
                raise Untranslatable(one.name)
            sets[one.name, one.get("identifier")] = _expression(one.elements()[0], before)
        branches.append((condition, sets))
    for kind, identifier in dict.fromkeys(key for _, sets in branches for key in sets):
        known = before.names if kind == "set-template-value" else before.answers
        text = known.get(identifier, '""')
        for condition, sets in reversed(branches):
            mine = sets.get((kind, identifier), known.get(identifier, '""'))
            text = mine if condition == "True" else f"({mine} if {condition} else {text})"
        if kind == "set-template-value":
            _name(out, identifier, text)
        else:
            out.answers[identifier] = text


def _name(out: Varied, identifier: str, expression: str) -> None:
    """Give the value of a template variable a name. What changes gets another name each time."""
    stem = re.sub(r"\W", "_", identifier, flags=re.ASCII) or "v"
    if not stem[0].isalpha():
        stem = f"v{stem}"
    name, number = stem, 1
    while name in out.expressions or not _free(name):
        number += 1
        name = f"{stem}_{number}"
    out.expressions[name] = expression
    out.names[identifier] = name


def _free(name: str) -> bool:
    try:
        check_name(name)
    except ExpressionError:
        return False
    return True


def _expression(node: Node, out: Varied) -> str:
    special: Mapping[str, Callable[[Node, Varied], str]] = {
        "base-value": lambda one, _: _literal(typed(one.words(), one.get("base-type"))),
        "variable": _variable,
        "random-integer": _random_integer,
        "random": lambda one, names: f"choice({_expression(one.elements()[0], names)})",
        "repeat": _repeat,
        "index": lambda one, names: (
            f"{_expression(one.elements()[0], names)}[{_number(one, 'n', names)} - 1]"
        ),
        "round-to": _round_to,
    }
    if node.name in special:
        return special[node.name](node, out)
    operator = OPERATORS.get(node.name)
    if operator is None or operator.text is None:
        raise Untranslatable(f"{node.name} {node.get('name')}".strip())
    if node.get("tolerance-mode", "exact") != "exact" or not node.elements():
        raise Untranslatable(node.name)
    return operator.text([_expression(part, out) for part in node.elements()])


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _variable(node: Node, out: Varied) -> str:
    if node.get("identifier") not in out.names:
        raise Untranslatable(f"variable {node.get('identifier')}")
    return out.names[node.get("identifier")]


def _number(node: Node, attribute: str, out: Varied, default: str = "0") -> str:
    words = node.get(attribute, default).strip("{}")
    if words in out.names:
        return out.names[words]
    return repr(int(typed(words, "float")))


def _random_integer(node: Node, out: Varied) -> str:
    low, high = _number(node, "min", out), _number(node, "max", out)
    step = _number(node, "step", out, "1")
    if step == "1":
        return f"randint({low}, {high})"
    return f"({low} + {step} * randint(0, ({high} - {low}) // {step}))"


def _repeat(node: Node, out: Varied) -> str:
    count = _number(node, "number-repeats", out)
    return f"[{_expression(node.elements()[0], out)} for _ in range({count})]"


def _round_to(node: Node, out: Varied) -> str:
    if node.get("rounding-mode") != "decimalPlaces":
        raise Untranslatable(f"{node.name} {node.get('rounding-mode')}")
    return f"round({_expression(node.elements()[0], out)}, {_number(node, 'figures', out)})"
