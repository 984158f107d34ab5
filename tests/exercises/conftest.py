"""Real closed boxes for the kinds that run programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import sandbox
from sandbox.types import Boxes


@pytest.fixture(scope="session")
def boxes() -> Iterator[Boxes]:
    opened = sandbox.open_boxes()
    yield opened
    opened.close()
