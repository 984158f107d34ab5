"""Small mistakes put into a Python program: one thing changed, and the rest as it was written.

The list is a function of the source alone. What does not run (docstrings, annotations, the words
of an f-string, `if __name__ == …`) is left alone: no check could notice it.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exercises.mutants import Change, Mutant, in_one_line, made

COMPARISONS: Mapping[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
ARITHMETIC: Mapping[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}
PLAIN_TEXT = re.compile(r"""b?(?P<quote>["'])[^\s\\"']*(?P=quote)""")
"""A constant that is a word: a text with spaces is a message."""
ENCODINGS = frozenset({"utf-8", "ascii"})
"""Python knows them with one more letter too."""
WHOLE = re.compile(r"\d[\d_]*")


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    nodes: Sequence[ast.AST]
    """All that runs, in the order of the source."""
    lines: Sequence[int]
    """Where each line begins in `text`."""

    def at(self, line: int, column: int) -> int:
        """The place of a line (from 1) and a column in bytes, as `ast` counts."""
        start = self.lines[line - 1]
        return start + len(self.text[start:].encode()[:column].decode())

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.at(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.expr | ast.stmt) -> str:
        return self.text[self.start(node) : self.end(node)]

    def line(self, place: int) -> int:
        return bisect_left(self.lines, place + 1)


def mutants_of(text: str, file: str) -> list[Mutant]:
    """At most MOST_MUTANTS, by their place in the source; none where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    source = Source(text, list(_running(tree)), starts)
    return made(text, file, [list(rule(source)) for rule in RULES])


def conditions(source: Source) -> Iterator[Change]:
    """`if` and `elif` that never hold."""
    for node in source.nodes:
        if isinstance(node, ast.If | ast.IfExp):
            test = source.of(node.test)
            what = f"condition never holds: {in_one_line(test)}"
            yield _replace(source, node.test, f"False and ({test})", what)


def results(source: Source) -> Iterator[Change]:
    """A return without its value."""
    for node in source.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            written = source.of(node.value)
            if written not in ("None", "False"):  # which tests the same
                what = f"returns None and not {in_one_line(written)}"
                yield _replace(source, node.value, "None", what)


def statements(source: Source) -> Iterator[Change]:
    """Statements that never happen: calls, changes of what exists already, raise, break."""
    for node in source.nodes:
        if isinstance(node, ast.stmt) and _can_go(node):
            what = f"statement dropped: {in_one_line(source.of(node))}"
            yield _replace(source, node, "pass", what)


def comparisons(source: Source) -> Iterator[Change]:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                yield from _operator(source, left, right, COMPARISONS[type(operator)])


def arithmetic(source: Source) -> Iterator[Change]:
    for node in source.nodes:
        if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            yield from _operator(source, node.left, node.right, ARITHMETIC[type(node.op)])
        elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
            yield from _operator(source, node.target, node.value, ARITHMETIC[type(node.op)])


def logic(source: Source) -> Iterator[Change]:
    """`and`, `or`, `not`, and signs."""
    for node in source.nodes:
        if isinstance(node, ast.BoolOp):
            words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from _operator(source, left, right, words)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            operand = f"({source.of(node.operand)})"
            what = f"{'not' if isinstance(node.op, ast.Not) else 'sign'} dropped: {operand}"
            yield _replace(source, node, operand, in_one_line(what))


def constants(source: Source) -> Iterator[Change]:
    """Numbers one larger and one smaller, words with one more letter, true and false."""
    for node in source.nodes:
        if not isinstance(node, ast.Constant):
            continue
        written = source.of(node)
        if isinstance(node.value, bool):
            yield _swap(source, node, written, str(not node.value))
        elif WHOLE.fullmatch(written):
            number = int(written.replace("_", ""))
            yield _swap(source, node, written, str(number + 1))
            if number:
                yield _swap(source, node, written, str(number - 1))
        elif PLAIN_TEXT.fullmatch(written) and written[1:-1] not in ENCODINGS:
            yield _swap(source, node, written, f"{written[:-1]}_{written[-1]}")


Rule = Callable[[Source], Iterable[Change]]
RULES: Sequence[Rule] = (
    conditions,
    results,
    statements,
    comparisons,
    arithmetic,
    logic,
    constants,
)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs, in the order of the source."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_silent(child):
                continue
            yield child
            yield from _running(child)


def _is_silent(node: ast.AST) -> bool:
    """Docstrings, f-strings (whose places 3.11 does not tell) and what runs as a script only."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        names = [one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)]
        return names == ["__name__"]
    return isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Global)


def _can_go(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(one, ast.Subscript | ast.Attribute) for one in node.targets)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom)
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Break | ast.Continue | ast.Delete)


def _operator(
    source: Source, left: ast.expr, right: ast.expr, words: tuple[str, str]
) -> Iterator[Change]:
    """The operator between two operands, by another; none where a comment stands between them."""
    written, other = words
    start, end = source.end(left), source.start(right)
    between = source.text[start:end]
    pattern = r"\s+".join(map(re.escape, written.split()))
    found = re.search(pattern, between)
    if found is not None and "#" not in between:
        place = start + found.start()
        what = f"“{written}” became “{other}”"
        yield Change(place, start + found.end(), other, source.line(place), what)


def _replace(source: Source, node: ast.expr | ast.stmt, text: str, what: str) -> Change:
    return Change(source.start(node), source.end(node), text, node.lineno, what)


def _swap(source: Source, node: ast.expr, written: str, text: str) -> Change:
    return _replace(source, node, text, f"“{written}” became “{text}”")
