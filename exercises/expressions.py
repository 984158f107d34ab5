"""The expression language of `[vary]` and of answers: Python's syntax, and little of it.

An expression can only compute: there are no attributes, no statements and no names but the
author's own and `functions`. Nothing is handed to Python's `eval`; the tree is walked here,
and every step and every value is paid for from a `Budget`, so that no expression takes longer
than some tens of milliseconds or makes a value larger than `exercises.budget` says.

Every failure, of syntax, of types or of size, is an `ExpressionError`.
"""

from __future__ import annotations

import ast
import operator
import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

from exercises.budget import (
    MAX_INT_BITS,
    MAX_ITEMS,
    MAX_TEXT,
    Budget,
    ExpressionError,
    Value,
)
from exercises.functions import Function, functions, names
from exercises.types import Json

MAX_SOURCE = 2_000
MAX_NESTING = 40
MAX_NAMES = 50
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FORMAT = re.compile(r"(.?[<>=^])?[-+ ]?#?0?(\d{1,3})?[,_]?(\.\d{1,3})?[bdeEfFgGosxX%]?")
RESERVED = names()

Scope = dict[str, Value]
Operation = Callable[[Value, Value], Value]


def evaluate(
    source: str,
    values: Mapping[str, Json],
    rng: random.Random,
    budget: Budget | None = None,
) -> Json:
    """The value of `source`, where `values` are the names that it may use.

    A string, a finite number, a boolean, or a list of such. Raises ExpressionError.
    """
    budget = budget or Budget()
    return _within_limits(source, dict(values), functions(rng, budget), budget)


def evaluate_all(pairs: Sequence[tuple[str, str]], rng: random.Random) -> dict[str, Json]:
    """The values of named expressions, in order; each may use the names before it.

    All of them share one budget. Raises ExpressionError, its message led by the name.
    """
    budget = Budget()
    if len(pairs) > MAX_NAMES:
        raise ExpressionError(f"There may be {MAX_NAMES} values at most.")
    values: dict[str, Json] = {}
    vocabulary = functions(rng, budget)
    for name, source in pairs:
        try:
            values[name] = _within_limits(source, dict(values), vocabulary, budget)
        except ExpressionError as error:
            raise ExpressionError(f"{name}: {error}") from None
    return values


def check_name(name: str) -> None:
    """Raises ExpressionError when `name` cannot be the name of a value."""
    if not NAME.fullmatch(name) or name in {"True", "False", "None", "and", "or", "not", "in"}:
        raise ExpressionError(f"“{name}” cannot be a name: use letters, digits and _.")
    if name in RESERVED:
        raise ExpressionError(f"“{name}” is the name of a function. Choose another one.")


def _within_limits(
    source: str, scope: Scope, vocabulary: Mapping[str, Function], budget: Budget
) -> Json:
    """Turns whatever Python raises on the way into an ExpressionError."""
    try:
        value = _Walker(vocabulary, budget).value(_parse(source), scope)
        return _plain(budget.made(value))
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError("This divides by zero.") from None
    except (RecursionError, MemoryError, OverflowError):
        raise ExpressionError("This is too large.") from None
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise ExpressionError(f"This cannot be computed: {error}.") from None


@lru_cache(maxsize=4096)
def _parse(source: str) -> ast.expr:
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"An expression may have {MAX_SOURCE} characters at most.")
    try:
        return ast.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"This is no expression: {error.msg}.") from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("This is no expression.") from None


def _plain(value: Value) -> Json:
    if isinstance(value, bytes):
        raise ExpressionError("Bytes cannot be shown. Use hex(…) around them.")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        value.encode()  # half a surrogate pair cannot be stored: UnicodeEncodeError
    return value  # type: ignore[no-any-return]


def _power(base: Value, exponent: Value) -> Value:
    if isinstance(base, int) and isinstance(exponent, int):
        if (base.bit_length() - 1) * exponent > MAX_INT_BITS:
            raise ExpressionError(f"A number may have {MAX_INT_BITS} bits at most.")
    elif base < 0:
        raise ExpressionError("A negative number has no such power.")
    return base**exponent


def _product(left: Value, right: Value) -> Value:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_INT_BITS + 1:
            raise ExpressionError(f"A number may have {MAX_INT_BITS} bits at most.")
    elif isinstance(left, int) or isinstance(right, int):
        many, times = (right, left) if isinstance(left, int) else (left, right)
        if not isinstance(many, float):
            most = MAX_ITEMS if isinstance(many, list) else MAX_TEXT
            if len(many) * times > most:
                raise ExpressionError(f"Repeated too often: {most} items are the most.")
    return left * right


def _of_numbers(operation: Operation) -> Operation:
    def checked(left: Value, right: Value) -> Value:
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise ExpressionError("This works with numbers only.")
        return operation(left, right)

    return checked


ARITHMETIC: dict[type[ast.operator], Operation] = {
    ast.Add: operator.add,
    ast.Sub: _of_numbers(operator.sub),
    ast.Mult: _product,
    ast.Div: _of_numbers(operator.truediv),
    ast.FloorDiv: _of_numbers(operator.floordiv),
    ast.Mod: _of_numbers(operator.mod),
    ast.Pow: _of_numbers(_power),
}
COMPARISONS: dict[type[ast.cmpop], Operation] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


class _Walker:
    """Walks one tree. Methods are named after the syntax that they give a value to."""

    def __init__(self, vocabulary: Mapping[str, Function], budget: Budget) -> None:
        self.vocabulary = vocabulary
        self.budget = budget
        self.depth = 0

    def value(self, node: ast.expr, scope: Scope) -> Value:
        self.budget.spend(1)
        if isinstance(node, ast.Constant):
            return self.literal(node.value)
        if isinstance(node, ast.Name):
            if node.id in scope:
                return scope[node.id]
            raise ExpressionError(f"There is no value named “{node.id}”.")
        method = self.METHODS.get(type(node))
        if method is None:
            raise ExpressionError(f"The language has no {_spoken(node)}.")
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ExpressionError(f"An expression may be nested {MAX_NESTING} deep at most.")
        value = method(self, node, scope)
        self.depth -= 1
        return value

    def literal(self, value: object) -> Value:
        if not isinstance(value, bool | int | float | str):
            raise ExpressionError("A literal is a number, a text, True or False.")
        return self.budget.made(value)

    def unary(self, node: ast.UnaryOp, scope: Scope) -> Value:
        operand = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return not operand
        if isinstance(node.op, ast.Invert) or not isinstance(operand, int | float):
            raise ExpressionError("A sign stands before numbers only.")
        return -operand if isinstance(node.op, ast.USub) else +operand

    def binary(self, node: ast.BinOp, scope: Scope) -> Value:
        operation = ARITHMETIC.get(type(node.op))
        if operation is None:
            raise ExpressionError(f"The language has no operator {type(node.op).__name__}.")
        left = self.value(node.left, scope)
        return self.budget.made(operation(left, self.value(node.right, scope)))

    def boolean(self, node: ast.BoolOp, scope: Scope) -> Value:
        stop = isinstance(node.op, ast.Or)
        result: Value = False
        for part in node.values:
            result = self.value(part, scope)
            if bool(result) is stop:
                break
        return result

    def comparison(self, node: ast.Compare, scope: Scope) -> Value:
        left = self.value(node.left, scope)
        for sign, part in zip(node.ops, node.comparators, strict=True):
            compare = COMPARISONS.get(type(sign))
            if compare is None:
                raise ExpressionError("Compare with ==, !=, <, <=, >, >=, in or not in.")
            right = self.value(part, scope)
            self.budget.made(left)
            self.budget.made(right)
            if not compare(left, right):
                return False
            left = right
        return True

    def conditional(self, node: ast.IfExp, scope: Scope) -> Value:
        chosen = node.body if self.value(node.test, scope) else node.orelse
        return self.value(chosen, scope)

    def subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        whole = self.value(node.value, scope)
        if not isinstance(whole, str | bytes | list):
            raise ExpressionError("Only texts and lists have items.")
        if not isinstance(node.slice, ast.Slice):
            return whole[self.value(node.slice, scope)]
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        bounds = [None if part is None else self.value(part, scope) for part in parts]
        return self.budget.made(whole[slice(*bounds)])

    def display(self, node: ast.List, scope: Scope) -> Value:
        return self.budget.made([self.value(item, scope) for item in node.elts])

    def comprehension(self, node: ast.ListComp, scope: Scope) -> Value:
        items: list[Value] = []
        self._fill(items, node, 0, dict(scope))
        return self.budget.made(items)

    def _fill(self, items: list[Value], node: ast.ListComp, level: int, scope: Scope) -> None:
        if level == len(node.generators):
            items.append(self.value(node.elt, scope))
            if len(items) > MAX_ITEMS:
                raise ExpressionError(f"A list may have {MAX_ITEMS} items at most.")
            return
        loop = node.generators[level]
        source = self.value(loop.iter, scope)
        if not isinstance(source, list | str):
            raise ExpressionError("A comprehension runs over a list or a text.")
        for item in source:
            self.budget.spend(1)
            _bind(loop.target, item, scope)
            if all(self.value(test, scope) for test in loop.ifs):
                self._fill(items, node, level + 1, scope)

    def joined(self, node: ast.JoinedStr, scope: Scope) -> Value:
        parts = [str(self.value(part, scope)) for part in node.values]
        return self.budget.made("".join(parts))

    def formatted(self, node: ast.FormattedValue, scope: Scope) -> Value:
        value = self.value(node.value, scope)
        if node.conversion not in (-1, ord("s")) or not isinstance(value, int | float | str | list):
            raise ExpressionError("An f-string holds numbers, texts and lists, without !r or !a.")
        if node.format_spec is None:
            return self.budget.made(str(value))
        form = self.value(node.format_spec, scope)
        if not isinstance(form, str) or not FORMAT.fullmatch(form):
            raise ExpressionError(f"“{form}” is no format, or it is wider than 999.")
        return self.budget.made(format(value, form))

    def call(self, node: ast.Call, scope: Scope) -> Value:
        if not isinstance(node.func, ast.Name) or node.func.id not in self.vocabulary:
            raise ExpressionError(f"There is no function “{ast.unparse(node.func)[:40]}”.")
        if node.keywords:
            raise ExpressionError("Arguments are given by place, without a name.")
        arguments = [self.value(argument, scope) for argument in node.args]
        for argument in arguments:
            self.budget.made(argument)
        return self.budget.made(self.vocabulary[node.func.id](*arguments))

    METHODS: ClassVar[dict[type[ast.expr], Callable[..., Value]]] = {
        ast.UnaryOp: unary,
        ast.BinOp: binary,
        ast.BoolOp: boolean,
        ast.Compare: comparison,
        ast.IfExp: conditional,
        ast.Subscript: subscript,
        ast.List: display,
        ast.ListComp: comprehension,
        ast.JoinedStr: joined,
        ast.FormattedValue: formatted,
        ast.Call: call,
    }


def _bind(target: ast.expr, item: Value, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope[target.id] = item
        return
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(item, list | str):
        raise ExpressionError("A comprehension binds names, or names to the items of a list.")
    if len(target.elts) != len(item):
        raise ExpressionError(f"{len(item)} items cannot be bound to {len(target.elts)} names.")
    for part, value in zip(target.elts, item, strict=True):
        _bind(part, value, scope)


def _spoken(node: ast.expr) -> str:
    return {
        ast.Attribute: "attributes and methods",
        ast.Tuple: "tuples: use a list",
        ast.GeneratorExp: "generators: use a list comprehension",
        ast.Lambda: "lambda",
    }.get(type(node), type(node).__name__)
