"""What the work of an expression may cost, and the size of what it may make."""

from __future__ import annotations

import math
from typing import Any

MAX_STEPS = 50_000
MAX_INT_BITS = 8_192
"""Room for RSA-8192; as decimal digits still below Python's own limit of 4,300."""
MAX_TEXT = 10_000
"""Characters of a string, bytes of bytes."""
MAX_ITEMS = 1_000
MAX_DEPTH = 20

Value = Any
"""What an expression works with: bool, int, float, str, list, and bytes inside it only."""


class ExpressionError(ValueError):
    """An expression is not in the language, or asks for too much. The message is for its author."""


class Budget:
    """Counts the steps of one piece of work. A step is about a microsecond."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise ExpressionError("This takes too much work. Use smaller numbers or lists.")

    def made(self, value: Value) -> Value:
        """`value`, paid for and small enough. Raises ExpressionError."""
        self.spend(self._weight(value, 0))
        return value

    def _weight(self, value: Value, depth: int) -> int:
        """Steps that it takes to look at all of `value`, shared parts counted each time."""
        if isinstance(value, str | bytes):
            if len(value) > MAX_TEXT:
                raise ExpressionError(f"A text may have {MAX_TEXT} characters at most.")
            return 1 + len(value) // 16
        if isinstance(value, int):
            if value.bit_length() > MAX_INT_BITS:
                raise ExpressionError(f"A number may have {MAX_INT_BITS} bits at most.")
            return 1 + value.bit_length() // 64
        if isinstance(value, list):
            return self._weight_of_list(value, depth)
        if isinstance(value, float) and not math.isfinite(value):
            raise ExpressionError("This is no finite number.")
        return 1

    def _weight_of_list(self, items: list[Value], depth: int) -> int:
        if len(items) > MAX_ITEMS:
            raise ExpressionError(f"A list may have {MAX_ITEMS} items at most.")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"Lists may be nested {MAX_DEPTH} deep at most.")
        weight = 1
        for item in items:
            weight += self._weight(item, depth + 1)
            if weight > self.left:
                raise ExpressionError("This list is too large.")
        return weight
