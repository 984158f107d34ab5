"""Reads a contract's sources and says what is wrong with them, without running them."""

from __future__ import annotations

import ast
import warnings

PURE = frozenset(
    {"__future__", "abc", "base64", "binascii", "bisect", "collections", "copy", "dataclasses"}
    | {"decimal", "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "itertools"}
    | {"json", "math", "numbers", "operator", "re", "statistics", "string", "struct"}
    | {"textwrap", "types", "typing"}
)
"""What of the standard library gives the same on every node."""
IMPURE = frozenset({"hash", "id", "input", "open", "exec", "eval"})
"""Built-in functions that may differ from node to node, or reach outside."""

Remark = tuple[str, str, str, int, int]
"""Severity, message, file, line, column."""


def review(sources: dict[str, str]) -> list[Remark]:
    own = {name.removesuffix(".py") for name in sources}
    remarks: list[Remark] = []
    warnings.simplefilter("ignore")
    for name, text in sorted(sources.items()):
        try:
            tree = ast.parse(text, name)
            compile(text, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            where = (error.lineno or 1, error.offset or 1)
            remarks.append(("error", error.msg, name, *where))
        except (ValueError, RecursionError, MemoryError) as error:
            remarks.append(("error", f"This cannot be read: {error}", name, 1, 1))
        else:
            remarks += _impure(tree, name, own)
            if name == "contract.py" and not _has_contract(tree):
                remarks.append(("error", "There is no class named Contract.", name, 1, 1))
    return remarks


def _has_contract(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ClassDef) and node.name == "Contract" for node in tree.body)


def _impure(tree: ast.Module, file: str, own: set[str]) -> list[Remark]:
    remarks: list[Remark] = []
    for node in ast.walk(tree):
        for module in _imported(node):
            if module not in PURE and module not in own and module != "chain":
                why = f"A contract may not import {module}: every node must get the same result."
                remarks.append(("error", why, file, node.lineno, node.col_offset + 1))  # type: ignore[attr-defined]
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Name) and function.id in IMPURE:
            why = f"{function.id}() may differ from node to node, or reaches outside."
            remarks.append(("error", why, file, function.lineno, function.col_offset + 1))
    return remarks


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]] if node.level == 0 else []
    return []
