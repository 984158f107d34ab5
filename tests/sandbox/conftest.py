from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Unavailable, open_boxes
from sandbox.boxes import LaneBoxes
from sandbox.lanes import LANES


@pytest.fixture(scope="module", params=LANES)
def boxes(request: pytest.FixtureRequest) -> Iterator[LaneBoxes]:
    """Boxes on every lane that this host has, one after the other."""
    try:
        opened = open_boxes(lanes=[request.param])
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    yield opened
    opened.close()
