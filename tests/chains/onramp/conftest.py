"""A real engine on real closed boxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import sandbox
from chains.onramp.engine import PythonEngine


@pytest.fixture(scope="package")
def engine() -> Iterator[PythonEngine]:
    boxes = sandbox.open_boxes()
    yield PythonEngine(boxes)
    boxes.close()
