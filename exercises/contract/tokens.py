"""Tokens of Go, Rust, C, Solidity and Python: as much of a language as a mutation needs to know.

Comments and white space are left out. Nothing here parses: a token knows its place and its kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPERATORS = (
    r"<<=|>>=|&\^=|\*\*=|//=|\.\.\.|\.\.=|&&|\|\||==|!=|<=|>=|<-|->|=>|:=|::|\+=|-=|\*=|/=|%="
    r"|\+\+|--|<<|>>|&\^|\*\*|//|[-+*/%<>=!&|^~?:;,.(){}\[\]@#$\\']"
)
NUMBER = r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][-+]?\d+)?"
WORD = r"[A-Za-z_][A-Za-z0-9_]*"
STRING = r'"(?:\\.|[^"\\\n])*"'
C_LIKE = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)"
    r'|(?P<string>(?:r(?P<hashes>#+)".*?"(?P=hashes)|r"[^"]*"|`[^`]*`|b?' + STRING + r")"
    r"|b?'(?:\\[^\n]+?|[^'\\\n])')"
    rf"|(?P<number>{NUMBER})(?P<suffix>[A-Za-z_]\w*)?|(?P<word>{WORD})|(?P<operator>{OPERATORS})",
    re.DOTALL,
)
PYTHON = re.compile(
    r"(?P<comment>#[^\n]*)"
    r'|(?P<string>[A-Za-z]{0,2}(?:""".*?"""|' + r"'''.*?'''|" + STRING + r"|'(?:\\.|[^'\\\n])*'))"
    rf"|(?P<number>{NUMBER})(?P<suffix>[A-Za-z_]\w*)?|(?P<word>{WORD})|(?P<operator>{OPERATORS})",
    re.DOTALL,
)
KINDS = ("string", "number", "word", "operator")
OPENING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """One of KINDS."""
    text: str
    start: int
    end: int
    line: int
    """From 1."""
    first: bool
    """Whether it is the first token on its line."""


def tokens(source: str, language: str) -> list[Token]:
    """The tokens of a source, preprocessor lines of C left out."""
    found: list[Token] = []
    line, place, last_line = 1, 0, 0
    skipped = 0
    for match in (PYTHON if language == "python" else C_LIKE).finditer(source):
        line += source.count("\n", place, match.start())
        place = match.start()
        kind = next((kind for kind in KINDS if match[kind] is not None), "")
        if kind == "" or line == skipped:
            continue
        first = line != last_line
        if first and match.group() == "#" and language in ("c", "rust"):
            skipped = line
            continue
        last_line = line + match.group().count("\n")
        found.append(Token(kind, match.group(), match.start(), match.end(), line, first))
    return found


def closing(found: list[Token], opening: int) -> int:
    """The index of the token that closes the bracket at `opening`; -1 where there is none."""
    depth = 0
    for index in range(opening, len(found)):
        if found[index].kind != "operator":
            continue
        if found[index].text in OPENING:
            depth += 1
        elif found[index].text in OPENING.values():
            depth -= 1
            if depth == 0:
                return index
    return -1
