"""The real engine `python`, on real boxes."""

from __future__ import annotations

import pytest

from chains.onramp.engine import PythonEngine
from chains.types import Engine
from exercises.types import Tools
from sandbox.types import Boxes


class OnlyPython:
    """The engines of a host that has no other one."""

    def __init__(self, boxes: Boxes) -> None:
        self._engine = PythonEngine(boxes)

    def engine(self, name: str) -> Engine:
        return {"python": self._engine}[name]


@pytest.fixture(scope="session")
def tools(boxes: Boxes) -> Tools:
    return Tools(boxes=boxes, engines=OnlyPython(boxes))
