"""The checker's box: checks.py and the module `judge`, asked by the host."""

from __future__ import annotations

import base64
import marshal
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import CodeType
from typing import Any

from exercises.types import Broken, Json, Text
from sandbox.types import Ask, Boxes, Limits, Raised, Returned, Stopped, Value

LIMITS = Limits(cpu_seconds=10, wall_seconds=30.0)
ENTRY = "entry.py"
MODULES = ("readable", "judge")
"""Shipped into the box, in the order in which they import each other."""
MAIN = """\
import base64, marshal, sys, types, zlib
modules = marshal.loads(zlib.decompress(base64.b64decode("{modules}")))
def run(values, seed):
    for name, code in modules.items():
        sys.modules[name] = types.ModuleType(name)
        try:
            exec(code, sys.modules[name].__dict__)
        except Exception as error:
            if name == "checks":
                raise SystemExit(sys.modules["judge"].described(error))
            raise
    return sys.modules["judge"].run(values, seed)
"""
"""Each run makes the modules anew: the box may be one in which the same checker ran before, and
what checks.py keeps in its own variables must not reach the next learner."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check as checks.py registers it."""

    key: str
    title: Text
    points: float
    hidden: bool


def run_checks(
    boxes: Boxes, checks: str, values: Mapping[str, Json], seed: int, answer: Ask
) -> list[dict[str, Any]]:
    """What `judge.run` says of each check that it ran, in order.

    `answer` is first asked what to do with the checks that there are (see `listed`), then
    everything that the checks ask of the learner's program. Every failure in the box is the
    author's or ours: raises Broken.
    """
    with boxes.open({ENTRY: entry(checks)}, main=ENTRY, limits=LIMITS, trusted=True) as box:
        try:
            result_of(box.load())
            said: Any = result_of(box.call("run", [dict(values), seed], ask=answer))
        except Stopped as stopped:
            raise Broken(f"checks.py ended its box: {stopped}") from stopped
    return said  # type: ignore[no-any-return]


def listed(question: Value) -> list[Check] | None:
    """The checks in the author's order, where that is what the checker tells; else None.

    Raises Broken where there is none.
    """
    match question:
        case ("checks", []):
            raise Broken("checks.py registers no check")
        case ("checks", list(entries)):
            return [
                Check(key, {"en": en, "zh-hans": zh}, points, hidden)
                for key, en, zh, points, hidden in entries
            ]
    return None


def result_of(reply: Returned | Raised) -> Value:
    if isinstance(reply, Raised):
        own = reply.type_name in {"AuthorError", "SystemExit"}
        raise Broken(reply.message if own else f"{reply.type_name}: {reply.message}")
    return reply.value


@lru_cache(maxsize=256)
def entry(checks: str) -> str:
    """The main module of the box: our modules and the author's, compiled and packed.

    Compiling them anew in each box took longer than all other work of a grading. The
    interpreter in a box is the host's own, so it can read them. Raises Broken.
    """
    try:
        author = compile(checks, "checks.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Broken(f"checks.py:{getattr(error, 'lineno', 1)}: {error}") from error
    packed = zlib.compress(marshal.dumps({**compiled(), "checks": author}))
    return MAIN.format(modules=base64.b64encode(packed).decode())


@cache
def compiled() -> dict[str, CodeType]:
    """Our own modules, without docstrings."""
    folder = files("exercises.program") / "inside"
    return {
        name: compile(
            (folder / f"{name}.py").read_text(encoding="utf-8"),
            f"{name}.py",
            "exec",
            dont_inherit=True,
            optimize=2,
        )
        for name in MODULES
    }
