"""The rooms and who may import whom (DESIGN §3), proved by reading every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS: list[set[str]] = [
    {"config"},
    {"learn", "teach", "organisations"},
    {"authoring", "interop", "analysis"},
    {"reports", "credentials"},
    {"grading"},
    {"courses"},
    {"accounts"},
    {"workers"},
    {"exercises"},
    {"chains"},
    {"sandbox"},
]
"""From top to bottom. A room imports from lower layers only, never from its own layer."""

ROOMS = set().union(*LAYERS)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
LIBRARIES = {"exercises", "chains", "sandbox"}
"""Plain packages: no Django in them, and any of their modules may be imported."""
OPEN_MODULES = {"models", "actions", "queries", "access", "signals", "types"}
"""What an app shows to other apps."""
OPEN_PACKAGES = {
    "courses.publishing",
    "courses.policy",
    "courses.search",
    "interop.archives",
    "workers.rounds",
}
"""The neutral format of courses, which editor, importers and exporters speak, the guard that judges
files in it, the one way of cutting texts into words, the one way of opening an archive, and the one
loop of processes that look for work: every module of them may be imported (docs/decisions/0019)."""
SUPERVISORS = {"config"}
"""Wires everything: may import any module of any room, and is imported by none."""
BANNED_NAMES = {"utils", "helpers", "common", "misc", "tools", "shared", "base"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_VIEW = 25


def sources() -> Iterator[Path]:
    for room in sorted(ROOMS):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


FILES = list(sources())


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module named in an import, inside functions too, as `room.module` and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            if node.level == 1:
                # A neighbour in the same folder: what runs inside a box knows no other name.
                continue
            assert node.level == 0, f"import of a folder above on line {node.lineno}"
            if "." in (node.module or ""):
                yield node.module or "", node.lineno
            else:
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", node.lineno


def import_faults(path: Path, tree: ast.Module) -> Iterator[str]:
    room = path.relative_to(ROOT).parts[0]
    for module, line in imports(tree):
        other = module.split(".")[0]
        where = f"{relative(path)}:{line}: {room} imports {module}"
        if other in {"dev", "tests"}:
            yield f"{where}: the server knows nothing of {other}"
        if other not in ROOMS or other == room:
            continue
        if LEVEL[other] <= LEVEL[room]:
            yield f"{where}: upward or sideways"
        elif (
            room not in SUPERVISORS
            and other not in LIBRARIES
            and module.split(".")[1] not in OPEN_MODULES
            and ".".join(module.split(".")[:2]) not in OPEN_PACKAGES
        ):
            yield f"{where}: not one of its open modules"


def test_rooms_import_only_downward() -> None:
    faults = [fault for path in FILES for fault in import_faults(path, parse(path))]
    assert faults == []


@pytest.mark.parametrize("room", sorted(LIBRARIES))
def test_libraries_are_plain_python(room: str) -> None:
    faults = [
        f"{relative(path)}:{line}: {module}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == room
        for module, line in imports(parse(path))
        if module.split(".")[0] in {"django", "celery", "allauth"}
    ]
    assert faults == []


def test_only_the_sandbox_starts_programs() -> None:
    modules = {"subprocess", "pty", "multiprocessing"}
    calls = re.compile(r"\bos\.(fork|forkpty|exec\w*|spawn\w*|posix_spawn\w*|system|popen)\(")
    faults = []
    for path in FILES:
        if path.relative_to(ROOT).parts[0] == "sandbox" or path.parent.name == "inside":
            continue  # what lies in a folder `inside` runs behind the sandbox's wall
        text = path.read_text(encoding="utf-8")
        faults += [f"{relative(path)}: {found.group()}" for found in calls.finditer(text)]
        faults += [
            f"{relative(path)}:{line}: {module}"
            for module, line in imports(parse(path))
            if module.split(".")[0] in modules
        ]
    assert faults == []


def test_string_references_between_models_point_downward() -> None:
    reference = re.compile(r"\"(\w+)\.[A-Z]\w*\"")
    faults = []
    for path in FILES:
        room = path.relative_to(ROOT).parts[0]
        if "models" not in path.name and "models" not in path.parts:
            continue
        for found in reference.finditer(path.read_text(encoding="utf-8")):
            other = found.group(1)
            if other in ROOMS and other != room and LEVEL[other] <= LEVEL[room]:
                faults.append(f"{relative(path)}: {found.group()}")
    assert faults == []


def test_no_module_is_a_junk_drawer() -> None:
    assert [relative(path) for path in FILES if path.stem in BANNED_NAMES] == []


def test_no_row_is_changed_behind_the_back_of_its_action() -> None:
    words = re.compile(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b")
    faults = [relative(path) for path in FILES if words.search(path.read_text(encoding="utf-8"))]
    assert faults == []


def test_files_are_short() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lengths.items() if count > LONGEST_FILE} == {}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without decorators and without the docstring."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def test_functions_are_short() -> None:
    faults = [
        f"{relative(path)}:{function.lineno}: {function.name} has {body_length(function)} lines"
        for path in FILES
        for function in functions(parse(path))
        if body_length(function) > LONGEST_FUNCTION
    ]
    assert faults == []


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "request"


def test_views_are_short() -> None:
    faults = [
        f"{relative(path)}:{function.lineno}: {function.name} has {body_length(function)} lines"
        for path in FILES
        if "views" in path.stem or "views" in path.parts
        for function in functions(parse(path))
        if is_view(function) and body_length(function) > LONGEST_VIEW
    ]
    assert faults == []


def test_views_fetch_no_object_themselves() -> None:
    """Objects come through access.py, lists through queries.py; a view never asks a manager."""
    asks = re.compile(r"\.objects\b|get_object_or_404")
    faults = [
        f"{relative(path)}: {found.group()}"
        for path in FILES
        if ("views" in path.stem or "views" in path.parts)
        for found in asks.finditer(path.read_text(encoding="utf-8"))
    ]
    assert faults == []
