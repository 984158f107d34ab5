"""Values on their way from one box to the other."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.inside import values
from sandbox.inside.frames import MAX_FRAME, FrameTooLong, pack
from sandbox.types import Cause, Remote, Stopped, Value

ENVELOPE = 1_000
"""Bytes that are kept free for what we put around a value."""


def swapped(value: Value, swap: Callable[[Remote], Value]) -> Value:
    """`value` with each `Remote` in it replaced."""
    if isinstance(value, Remote):
        return swap(value)
    if isinstance(value, dict):
        return {swapped(key, swap): swapped(item, swap) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)([swapped(item, swap) for item in value])
    return value


def check_size(value: Value) -> None:
    """Raises Stopped when what a program returned cannot be passed on: it fills a whole message."""
    if _most_bytes(value) <= MAX_FRAME - ENVELOPE:
        return
    try:
        length = len(pack(values.encode(value, _refer)))
    except FrameTooLong:
        length = MAX_FRAME
    if length > MAX_FRAME - ENVELOPE:
        raise Stopped(Cause.BAD_REPLY, f"it returned {length} bytes")


def _refer(value: object) -> tuple[int, str]:
    assert isinstance(value, Remote)
    return value.handle, value.type_name


def _most_bytes(value: Value) -> int:
    """At least as many bytes as `value` takes in a message."""
    if isinstance(value, str | bytes):
        return 12 * len(value) + 20
    if isinstance(value, Remote):
        return 12 * len(value.type_name) + 40
    if isinstance(value, int):
        return value.bit_length() // 4 + 20
    if isinstance(value, dict):
        return 20 + sum(_most_bytes(key) + _most_bytes(item) + 20 for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 20 + sum(_most_bytes(item) + 2 for item in value)
    return 50
