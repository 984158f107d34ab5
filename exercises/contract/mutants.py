"""Small mistakes put into a contract, to see whether the checks of an exercise notice them.

A mutant is the same source with one thing changed: an operator, a comparison by one, a guard that
never refuses, an event or a change of the state that never happens, a constant. Code that is
switched off stays in the source, so that compilers find all names used. The list is a function of
the source alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from exercises.contract.tokens import Token, closing, tokens
from exercises.mutants import Change, Mutant, in_one_line, made

SWAPS = {"+": "-", "-": "+", "*": "/", "/": "*", "+=": "-=", "-=": "+=", "&&": "||", "||": "&&"}
EQUALITIES = {"==": "!=", "!=": "=="}
ORDERS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
WORDS = {"and": "or", "or": "and", "true": "false", "false": "true", "True": "False"} | {
    "False": "True"
}
NO_OPERANDS = frozenset(
    {"return", "in", "and", "or", "not", "if", "elif", "else", "while", "case", "match", "let"}
    | {"mut", "raise"}
)
"""Words after which an operator has one operand only."""
STATE = re.compile(r"(put|del(ete)?)_?state\w*", re.IGNORECASE)
EVENT = re.compile(r"emit(_?event\w*)?", re.IGNORECASE)
ENDINGS = frozenset({"return", "raise", "panic", "revert", "throw", "fail", "error"})
"""What makes an `if` a guard."""
OFF = {"go": "false", "rust": "false", "c": "0", "solidity": "false", "python": "False"}
ON = {"solidity": "true", "rust": "true", "c": "1"}
PLAIN_TEXT = re.compile(r'"[A-Za-z0-9_.#-]+"')
"""What a constant looks like; a text with spaces is a message."""
WHOLE = re.compile(r"(?P<digits>\d[\d_]*?)(?P<type>_?[uif]\w*|[ul]*)", re.IGNORECASE)
"""A whole number, and its type where the language writes one behind it."""
DECORATION = frozenset(
    {"public", "external", "internal", "private", "view", "pure", "virtual", "override"}
    | {"payable", "returns", "memory", "calldata", "storage"}
)
"""What may stand between a Solidity function's arguments and its body, and guards nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    language: str
    tokens: list[Token]

    def between(self, first: int, last: int) -> str:
        """The text from one token to another, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def at(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""


def mutants_of(text: str, language: str, file: str) -> list[Mutant]:
    """At most MOST_MUTANTS, by their place in the source; no two have the same text."""
    source = Source(text, language, tokens(text, language))
    return made(text, file, [list(rule(source)) for rule in RULES])


def operators(source: Source) -> Iterator[Change]:
    """Arithmetic, logic and equality, each by its opposite."""
    for index, token in enumerate(source.tokens):
        swapped = {**SWAPS, **EQUALITIES}.get(token.text)
        if token.kind == "operator" and swapped and _is_binary(source, index):
            yield _swap(token, swapped)
        elif token.kind == "word" and token.text in WORDS:
            yield _swap(token, WORDS[token.text])


def comparisons(source: Source) -> Iterator[Change]:
    """Off by one. With spaces around: what has none is a type's argument."""
    for index, token in enumerate(source.tokens):
        swapped = ORDERS.get(token.text)
        around = source.text[token.start - 1 : token.start] + source.text[token.end : token.end + 1]
        if token.kind == "operator" and swapped and around.isspace() and _is_binary(source, index):
            yield _swap(token, swapped)


def guards(source: Source) -> Iterator[Change]:
    """Conditions under which a call is refused, made to refuse nothing."""
    for index, token in enumerate(source.tokens):
        if token.kind != "word":
            continue
        if token.text in ("if", "elif"):
            yield from _if(source, index)
        elif token.text in ("require", "assert") and source.language in ON:
            yield from _require(source, index)
        elif source.language == "solidity" and token.text == "function":
            yield from _modifiers(source, index)


def events(source: Source) -> Iterator[Change]:
    """Events that are never emitted."""
    for index, token in enumerate(source.tokens):
        if source.language == "solidity" and token.text == "emit":
            yield from _statement(source, index, _end_of_statement(source, index), "event dropped")
        elif token.kind == "word" and EVENT.fullmatch(token.text):
            yield from _call(source, index, "event dropped")


def states(source: Source) -> Iterator[Change]:
    """Changes of the state that never happen."""
    for index, token in enumerate(source.tokens):
        if source.language == "solidity":
            if token.first and token.kind == "word" and _assigns(source, index):
                end = _end_of_statement(source, index)
                yield from _statement(source, index, end, "state change dropped")
        elif token.kind == "word" and STATE.fullmatch(token.text):
            yield from _call(source, index, "state change dropped")


def constants(source: Source) -> Iterator[Change]:
    """Numbers one larger; short texts with one more letter."""
    skipped = 0
    for index, token in enumerate(source.tokens):
        if token.first and token.text in ("import", "from", "package", "use", "pragma", "mod"):
            skipped = token.line
        if token.line == skipped or (source.language == "go" and _in_imports(source, index)):
            continue
        if number := WHOLE.fullmatch(token.text):
            larger = int(number["digits"].replace("_", "")) + 1
            yield _swap(token, f"{larger}{number['type']}")
        elif PLAIN_TEXT.fullmatch(token.text):
            yield _swap(token, f'{token.text[:-1]}_"')


Rule = Callable[[Source], Iterable[Change]]
RULES: Sequence[Rule] = (guards, events, states, comparisons, operators, constants)


def _swap(token: Token, text: str) -> Change:
    what = f"“{token.text}” became “{text}”"
    return Change(token.start, token.end, text, token.line, what)


def _is_binary(source: Source, index: int) -> bool:
    """Whether an operator stands between two operands: with spaces on both sides, or on none."""
    token = source.tokens[index]
    spaced = source.text[token.start - 1 : token.start].isspace()
    if index == 0 or spaced != source.text[token.end : token.end + 1].isspace():
        return False
    before = source.tokens[index - 1]
    if before.kind == "operator":
        return before.text in (")", "]")
    return before.text not in NO_OPERANDS


def _if(source: Source, index: int) -> Iterator[Change]:
    """`if` and what it guards, where that ends the call."""
    first, last, body = _condition(source, index)
    if last < first or not any(source.at(one) in ENDINGS for one in body):
        return
    condition, off = source.between(first, last), OFF[source.language]
    joined = (
        f"{off} and ({condition})" if source.language == "python" else (f"{off} && ({condition})")
    )
    start, line = source.tokens[first].start, source.tokens[index].line
    what = f"guard switched off: {in_one_line(condition)}"
    yield Change(start, source.tokens[last].end, joined, line, what)


def _condition(source: Source, index: int) -> tuple[int, int, range]:
    """First and last token of the condition, and the tokens of what it guards."""
    nothing = (1, 0, range(0))
    if source.language in ("c", "solidity"):
        end = closing(source.tokens, index + 1) if source.at(index + 1) == "(" else -1
        if end < 0:
            return nothing
        return index + 2, end - 1, _body(source, end + 1)
    opening = ":" if source.language == "python" else "{"
    at, depth = index + 1, 0
    while at < len(source.tokens) and not (source.at(at) == opening and depth == 0):
        depth += (source.at(at) in ("(", "[")) - (source.at(at) in (")", "]"))
        at += 1
    if at >= len(source.tokens) or source.at(index + 1) == "let":
        return nothing
    first = index + 1
    for one in range(index + 1, at):
        if source.at(one) == ";":
            first = one + 1
    if source.language == "python":
        return first, at - 1, _indented(source, index, at + 1)
    return first, at - 1, _body(source, at)


def _body(source: Source, start: int) -> range:
    """The block or statement that begins at `start`."""
    if source.at(start) == "{":
        return range(start, closing(source.tokens, start))
    return range(start, _end_of_statement(source, start))


def _indented(source: Source, index: int, start: int) -> range:
    """The lines after an `if` of Python that stand deeper than it."""
    depth = _column(source, index)
    end = start
    while end < len(source.tokens):
        token = source.tokens[end]
        if token.first and _column(source, end) <= depth:
            break
        end += 1
    return range(start, end)


def _column(source: Source, index: int) -> int:
    start = source.tokens[index].start
    return start - (source.text.rfind("\n", 0, start) + 1)


def _require(source: Source, index: int) -> Iterator[Change]:
    """`require(condition, …)` and `assert!(condition)`."""
    opening = index + 2 if source.at(index + 1) == "!" else index + 1
    end = closing(source.tokens, opening) if source.at(opening) == "(" else -1
    if end < 0:
        return
    last, depth = opening + 1, 0
    while last < end and not (source.at(last) == "," and depth == 0):
        depth += (source.at(last) in ("(", "[")) - (source.at(last) in (")", "]"))
        last += 1
    if last > opening + 1:
        condition = source.between(opening + 1, last - 1)
        start, line = source.tokens[opening + 1].start, source.tokens[index].line
        text = f"{ON[source.language]} || ({condition})"
        what = f"guard switched off: {in_one_line(condition)}"
        yield Change(start, source.tokens[last - 1].end, text, line, what)


def _modifiers(source: Source, index: int) -> Iterator[Change]:
    """Each modifier of a Solidity function."""
    at = closing(source.tokens, index + 2) + 1 if source.at(index + 2) == "(" else 0
    while 0 < at < len(source.tokens) and source.at(at) not in ("{", ";"):
        token = source.tokens[at]
        if token.text == "returns":
            at = closing(source.tokens, at + 1)
        elif token.kind == "word" and token.text not in DECORATION:
            end = closing(source.tokens, at + 1) if source.at(at + 1) == "(" else at
            what = f"modifier dropped: {token.text}"
            yield Change(token.start, source.tokens[end].end, "", token.line, what)
            at = end
        at += 1


def _call(source: Source, index: int, what: str) -> Iterator[Change]:
    """A call of the chain, as a statement, or in Go as the error that it gives."""
    end = closing(source.tokens, index + 1) if source.at(index + 1) == "(" else -1
    start = index
    while source.at(start - 1) in (".", "::", "->") and start > 1:
        start -= 2
    if end < 0:
        return
    line, call = source.tokens[start].line, source.between(start, end)
    if source.language == "python":
        if source.tokens[start].first:
            place = source.tokens[start].start
            yield Change(place, place, "False and ", line, f"{what}: {in_one_line(call)}")
    elif source.tokens[start].first or source.at(start - 1) in (";", "{", "}"):
        yield from _statement(source, start, end, what)
    elif source.language == "go" and source.at(start - 1) in ("=", ":="):
        text = f"func() error {{ if false {{ return {call} }}; return nil }}()"
        place = source.tokens[start].start
        yield Change(place, source.tokens[end].end, text, line, f"{what}: {in_one_line(call)}")


def _statement(source: Source, start: int, end: int, what: str) -> Iterator[Change]:
    """A statement that is never reached. `end`: its last token, before a semicolon."""
    while source.at(end + 1) in ("?", ";") and source.at(end) != ";":
        end += 1
    written, off = source.between(start, end), OFF[source.language]
    text = (
        f"if ({off}) {{ {written} }}"
        if source.language in ("c", "solidity")
        else (f"if {off} {{ {written} }}")
    )
    token = source.tokens[start]
    yield Change(
        token.start, source.tokens[end].end, text, token.line, f"{what}: {in_one_line(written)}"
    )


def _end_of_statement(source: Source, index: int) -> int:
    """The semicolon that ends the statement, or the last token."""
    while index < len(source.tokens) - 1 and source.at(index) != ";":
        index += 1
    return index


def _assigns(source: Source, index: int) -> bool:
    """Whether a statement of Solidity changes what exists already, or deletes it."""
    if source.at(index) == "delete":
        return True
    at = index + 1
    while source.at(at) in ("[", "."):
        at = closing(source.tokens, at) + 1 if source.at(at) == "[" else at + 2
        if at == 0:
            return False
    return source.at(at) in ("=", "+=", "-=", "++", "--")


def _in_imports(source: Source, index: int) -> bool:
    """Whether a text stands in Go's `import ( … )`."""
    before = source.text[: source.tokens[index].start]
    return before.rfind("import (") > before.rfind(")")
