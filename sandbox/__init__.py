"""The one place that runs untrusted code.

    boxes = sandbox.open_boxes()
    with boxes.open({"solution.py": text}, main="solution.py") as box:
        loaded = box.load()
        answer = box.call("double", [21])

A box answers values and never verdicts: `Returned` or `Raised` from the program, `Stopped` when
it broke a limit, `BoxBroken` when we failed. See `sandbox.types` for the promises and
`sandbox.boxes` for the lanes.
"""

from __future__ import annotations

from sandbox.boxes import open_boxes
from sandbox.types import (
    Ask,
    Box,
    BoxBroken,
    Boxes,
    Cause,
    Limits,
    Raised,
    Remote,
    Returned,
    Stopped,
    Unavailable,
    Usage,
    Value,
)

__all__ = [
    "Ask",
    "Box",
    "BoxBroken",
    "Boxes",
    "Cause",
    "Limits",
    "Raised",
    "Remote",
    "Returned",
    "Stopped",
    "Unavailable",
    "Usage",
    "Value",
    "open_boxes",
]
