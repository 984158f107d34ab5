"""What a contract in Go may import, and why not the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chains.chainmaker.toolchains import GO_PACKAGES
from chains.types import Diagnostic

OURS = (
    "chainmaker.org/chainmaker/common/v2/serialize",
    "chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo",
    "chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox",
    "chainmaker.org/chainmaker/contract-sdk-go/v2/sdk",
    "chainmaker.org/chainmaker/pb-go/v2/vm",
)
"""Packages of ChainMaker that there are here."""

_WHY = {
    "C": "a contract is Go alone: there is no C compiler behind it",
    "unsafe": "it goes around Go's types, and nodes must agree on every byte that a contract makes",
    "os": "a contract has no files, arguments or environment: its state is on the ledger",
    "syscall": "there is no operating system beneath a contract",
    "net": "nodes would hear different answers, and no block could be agreed on",
    "plugin": "a contract is one module",
    "embed": "a contract has no files",
    "math/rand": "each node would draw other numbers, and no block could be agreed on",
    "crypto/rand": "each node would draw other numbers, and no block could be agreed on",
    "hash/maphash": "each node would compute other numbers, and no block could be agreed on",
    "runtime": "what it tells differs from node to node",
    "testing": "tests stay beside the contract",
}
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\\n])*"|`[^`]*`)"""
    r"""|(?P<word>\w+)|(?P<mark>.)""",
    re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def faults(name: str, source: str) -> Iterator[Diagnostic]:
    """An error for each import of the file that a contract may not have."""
    for path, at in imports(source):
        if path in GO_PACKAGES or path in OURS:
            continue
        line = source.count("\n", 0, at) + 1
        column = len(source[source.rfind("\n", 0, at) + 1 : at].encode()) + 1
        message = f"a contract cannot import {path[:100]!r}: {reason(path)}"
        yield Diagnostic("error", message, name, line, column)


def reason(path: str) -> str:
    root = path
    while root:
        if root in _WHY:
            return _WHY[root]
        root = root.rpartition("/")[0]
    if "." in path.partition("/")[0]:
        return "of packages outside the standard library there is only ChainMaker's SDK"
    return "it is none of the packages that contracts have"


def imports(source: str) -> Iterator[tuple[str, int]]:
    """Path and offset of each import, which in Go stand before everything else.

    Escapes, which nobody needs in a path, stay as they are: such a path is none that is known.
    """
    is_grouped = is_import = False
    for token in _tokens(source):
        if token.kind == "text":
            if is_import:
                yield token.text[1:-1], token.at
                is_import = is_grouped
        elif token.text == "import":
            is_import = True
        elif token.text == "(" and is_import:
            is_grouped = True
        elif token.text == ")":
            is_grouped = is_import = False
        elif token.text in {"func", "var", "const", "type"} and not is_grouped:
            return


def _tokens(source: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(source):
        if found.lastgroup != "space":
            yield _Token(found.lastgroup or "", found.group(), found.start())
