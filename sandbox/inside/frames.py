"""Frames on the wire: four bytes of length, then that many bytes of JSON."""

from __future__ import annotations

import json
import struct

HEADER = struct.Struct(">I")
MAX_FRAME = 1 << 20
"""The longest message, in bytes, in either direction."""


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class FrameTooLong(ValueError):
    """A message would be longer than `MAX_FRAME`."""


def pack(message: object) -> bytes:
    """The frame that holds `message`, which must be plain JSON. Raises `FrameTooLong`."""
    body = _encode(message).encode("ascii")
    if len(body) > MAX_FRAME:
        raise FrameTooLong(f"the message is {len(body)} bytes long, more than {MAX_FRAME}")
    return HEADER.pack(len(body)) + body
