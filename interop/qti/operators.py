"""QTI's expressions: each as an expression of `[vary]` where there is one, and as a value."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interop.qti.declarations import number_in
from interop.xml_trees import Node

MOST_REPEATS = 100
MOST_ITEMS = 10_000
MOST_BITS = 10_000


class Untranslatable(Exception):
    """An operator that has no expression here, or no value; its name."""


@dataclass(frozen=True, slots=True)
class Operator:
    """`text`: the expression made of the operands' expressions, or None where there is none."""

    text: Callable[[Sequence[str]], str] | None
    value: Callable[[Sequence[Any]], Any]


def _between(sign: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: "(" + f" {sign} ".join(parts) + ")"


def _call(name: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: f"{name}({', '.join(parts)})"


def _flat(values: Sequence[Any]) -> list[Any]:
    """Operands that are lists themselves count with their items."""
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


OPERATORS: Mapping[str, Operator] = {
    "sum": Operator(_between("+"), lambda v: sum(_flat(v))),
    "subtract": Operator(_between("-"), lambda v: v[0] - v[1]),
    "product": Operator(_between("*"), lambda v: math.prod(_flat(v))),
    "divide": Operator(_between("/"), lambda v: v[0] / v[1]),
    "integer-divide": Operator(_between("//"), lambda v: v[0] // v[1]),
    "integer-modulus": Operator(_between("%"), lambda v: v[0] % v[1]),
    "power": Operator(_between("**"), lambda v: float(v[0]) ** float(v[1])),
    "and": Operator(_between("and"), all),
    "or": Operator(_between("or"), any),
    "not": Operator(lambda p: f"(not {p[0]})", lambda v: not v[0]),
    "lt": Operator(_between("<"), lambda v: v[0] < v[1]),
    "lte": Operator(_between("<="), lambda v: v[0] <= v[1]),
    "gt": Operator(_between(">"), lambda v: v[0] > v[1]),
    "gte": Operator(_between(">="), lambda v: v[0] >= v[1]),
    "match": Operator(_between("=="), lambda v: v[0] == v[1]),
    "equal": Operator(_between("=="), lambda v: v[0] == v[1]),
    "member": Operator(lambda p: f"({p[0]} in {p[1]})", lambda v: v[0] in v[1]),
    "multiple": Operator(lambda p: f"[{', '.join(p)}]", _flat),
    "ordered": Operator(lambda p: f"[{', '.join(p)}]", _flat),
    "min": Operator(_call("min"), lambda v: min(_flat(v))),
    "max": Operator(_call("max"), lambda v: max(_flat(v))),
    "round": Operator(_call("round"), lambda v: math.floor(v[0] + 0.5)),
    "truncate": Operator(_call("int"), lambda v: int(v[0])),
    "integer-to-float": Operator(lambda p: p[0], lambda v: v[0]),
    "gcd": Operator(None, lambda v: math.gcd(*_flat(v))),
    "lcm": Operator(None, lambda v: math.lcm(*_flat(v))),
    "delete": Operator(None, lambda v: [one for one in v[1] if one != v[0]]),
    "container-size": Operator(_call("len"), lambda v: len(v[0])),
    "is-null": Operator(None, lambda v: v[0] is None),
    "null": Operator(None, lambda _: None),
}

_STATISTICS: Mapping[str, Callable[[list[float]], float]] = {
    "mean": statistics.fmean,
    "sampleVariance": statistics.variance,
    "sampleSD": statistics.stdev,
    "popVariance": statistics.pvariance,
    "popSD": statistics.pstdev,
}
_MATHEMATICS: Mapping[str, Callable[..., float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log10,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "toRadians": math.radians,
    "toDegrees": math.degrees,
}


def typed(words: str, base_type: str) -> Any:
    """A literal of a base type. Raises Untranslatable."""
    if base_type in {"integer", "float"}:
        number = number_in(words)
        if number is None:
            raise Untranslatable(words or base_type)
        return int(number) if base_type == "integer" else number
    if base_type == "boolean":
        return words == "true"
    return words


def reference(node: Node, attribute: str, values: Mapping[str, Any]) -> Any:
    """A number attribute, which may be the name of a variable (`{N}` in QTI 2)."""
    words = node.get(attribute, "0").strip("{}")
    return values[words] if words in values else typed(words, "float")


def value_of(node: Node, values: Mapping[str, Any], draw: random.Random) -> Any:
    """The value of an expression for one variant. Raises Untranslatable, ArithmeticError …"""
    value = _drawn(node, values, draw) if node.name in _DRAWING else _computed(node, values, draw)
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise Untranslatable(node.name)
    if isinstance(value, list) and len(value) > MOST_ITEMS:
        raise Untranslatable(node.name)
    return value


_DRAWING = frozenset({"random-integer", "random-float", "random", "repeat"})


def _drawn(node: Node, values: Mapping[str, Any], draw: random.Random) -> Any:
    parts = node.elements()
    if node.name == "random":
        return draw.choice(value_of(parts[0], values, draw))
    if node.name == "repeat":
        if parts[0].all("repeat") or parts[0].name == "repeat":
            raise Untranslatable("repeat in repeat")
        count = min(int(reference(node, "number-repeats", values)), MOST_REPEATS)
        return [value_of(parts[0], values, draw) for _ in range(count)]
    low, high = (reference(node, key, values) for key in ("min", "max"))
    if node.name == "random-float":
        return draw.uniform(low, high)
    return draw.randrange(int(low), int(high) + 1, int(node.get("step", "1")))


def _computed(  # noqa: PLR0911  # one for each kind of expression
    node: Node, values: Mapping[str, Any], draw: random.Random
) -> Any:
    match node.name:
        case "base-value":
            return typed(node.words(), node.get("base-type"))
        case "variable":
            if node.get("identifier") not in values:
                raise Untranslatable(node.name)
            return values[node.get("identifier")]
        case "math-constant":
            return {"pi": math.pi, "e": math.e}[node.get("name")]
    given = [value_of(part, values, draw) for part in node.elements()]
    match node.name:
        case "index":
            return given[0][int(reference(node, "n", values)) - 1]
        case "round-to":
            return _rounded(given[0], node.get("rounding-mode"), int(node.get("figures", "0")))
        case "stats-operator":
            return _known(_STATISTICS, node)([float(one) for one in given[0]])
        case "math-operator":
            return _known(_MATHEMATICS, node)(*given)
    if node.name not in OPERATORS:
        raise Untranslatable(node.name)
    return OPERATORS[node.name].value(given)


def _known(table: Mapping[str, Callable[..., float]], node: Node) -> Callable[..., float]:
    if node.get("name") not in table:
        raise Untranslatable(f"{node.name} {node.get('name')}")
    return table[node.get("name")]


def _rounded(value: float, mode: str, figures: int) -> float:
    if mode == "decimalPlaces":
        return round(value, figures)
    return float(f"{value:.{max(figures, 1)}g}")
