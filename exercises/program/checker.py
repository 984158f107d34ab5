"""The checker's box: checks.py and the module `judge`, asked by the host."""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from exercises.types import Broken, Json, Text
from sandbox.inside.frames import FrameTooLong
from sandbox.types import Ask, Boxes, Limits, Raised, Returned, Stopped

LIMITS = Limits(cpu_seconds=10, wall_seconds=30.0)
ENTRY = "entry.py"
CHECKS = "checks.py"
MODULES = ("readable", "judge")
"""Shipped into the box, in the order in which they import each other."""


class ReplyTooLarge(Exception):
    """What the learner's program answered does not fit into a message to the checker."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check as checks.py registers it."""

    key: str
    title: Text
    points: float
    hidden: bool


@cache
def entry() -> str:
    """The main module of the box.

    Our modules travel compiled: compiling them anew took longer than all other work of a
    grading. The interpreter in a box is always the host's own, so it can read them.
    """
    folder = files("exercises.program") / "inside"
    compiled = {
        name: marshal.dumps(
            compile((folder / f"{name}.py").read_text(encoding="utf-8"), f"{name}.py", "exec")
        )
        for name in MODULES
    }
    return (
        "import marshal, sys, types\n"
        f"for name, code in {compiled!r}.items():\n"
        "    sys.modules[name] = types.ModuleType(name)\n"
        "    exec(marshal.loads(code), sys.modules[name].__dict__)\n"
        "import checks\n"
        "from judge import list_checks, run\n"
    )


class Checker:
    """An open checker's box. Every failure in it is the author's or ours: `Broken`."""

    def __init__(self, boxes: Boxes, checks: str) -> None:
        self._boxes = boxes
        self._files = {ENTRY: entry(), CHECKS: checks}
        self._open()

    def checks(self) -> list[Check]:
        """The checks in the author's order."""
        listed: Any = self._call("list_checks")
        checks = [
            Check(key, {"en": en, "zh-hans": zh}, points, hidden)
            for key, en, zh, points, hidden in listed
        ]
        if not checks:
            raise Broken("checks.py registers no check")
        return checks

    def run(self, check: Check, values: dict[str, Json], seed: int, ask: Ask) -> dict[str, Any]:
        """What `judge.run` says of one check. Raises ReplyTooLarge, after which it is open anew."""
        try:
            result: Any = self._call(
                "run", [check.key, values, seed], {"hidden": check.hidden}, ask=ask
            )
        except FrameTooLong as error:
            self.close()
            self._open()
            raise ReplyTooLarge from error
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        self._box.__exit__(None, None, None)

    def _open(self) -> None:
        self._box = self._boxes.open(self._files, main=ENTRY, limits=LIMITS, trusted=True)
        try:
            _value(self._box.load())
        except Stopped as stopped:
            raise Broken(f"checks.py ended its box: {stopped}") from stopped

    def _call(
        self,
        function: str,
        arguments: list[Any] | None = None,
        named: dict[str, Any] | None = None,
        ask: Ask | None = None,
    ) -> object:
        try:
            return _value(self._box.call(function, arguments or (), named, ask=ask))
        except Stopped as stopped:
            raise Broken(f"checks.py ended its box: {stopped}") from stopped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _value(reply: Returned | Raised) -> object:
    if isinstance(reply, Raised):
        where = f"{reply.file}:{reply.line}: " if reply.line else ""
        raise Broken(f"{where}{reply.type_name}: {reply.message}")
    return reply.value
