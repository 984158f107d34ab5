"""The one door to the engines: opens each when it is first asked for, and closes them together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from chains.caches import open_cache
from chains.types import Engine, Health
from sandbox.types import BoxBroken, Boxes

MAKERS = {
    "chainmaker": ("chains.chainmaker.engine", "ChainMakerEngine"),
    "evm": ("chains.evm.engine", "EvmEngine"),
    "python": ("chains.onramp.engine", "PythonEngine"),
}
"""Name → module and class. Imported at need: a worker that grades programs pays for no engine."""


class Engines:
    """The engines of one worker process. Not shared between threads."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes
        self._open: dict[str, Engine] = {}

    def engine(self, name: str) -> Engine:
        """The engine of this name. Raises `KeyError` where there is none."""
        if name not in self._open:
            module, kind = MAKERS[name]
            make: Any = getattr(import_module(module), kind)
            self._open[name] = make(*self._parts(name))
        return self._open[name]

    def _parts(self, name: str) -> tuple[Any, ...]:
        """What an engine is made from besides its own jails."""
        if name == "python":
            return (self._boxes,)
        return (open_cache("artefacts"),) if name == "evm" else ()

    def health(self) -> Sequence[Health]:
        """What each engine says of each of its languages, from a canary contract that it ran."""
        rows: list[Health] = []
        for name in MAKERS:
            try:
                rows += self.engine(name).health()
            except (BoxBroken, ImportError) as error:
                rows.append(Health(name, "", available=False, versions={}, reason=str(error)))
        return rows

    def close(self) -> None:
        """End every engine. The boxes stay their opener's."""
        while self._open:
            self._open.popitem()[1].close()


def open_engines(boxes: Boxes) -> Engines:
    """Engines that run Python contracts in `boxes` and everything else in jails of their own."""
    return Engines(boxes)
