"""EasyCodec: how ChainMaker's contracts and their host write arguments, requests and rows.

    "cmec" "v1.0" 8 × 0xff   i32 count   count × item
    item:  i32 key type   i32 length   key   i32 value type   i32 length   value

All integers are little-endian. Every length is checked against the bytes that are there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

MOST_ITEMS = 128
_HEAD = b"cmecv1.0" + b"\xff" * 8
_INTEGER = struct.Struct("<i")
_LONG = struct.Struct("<q")
_PAIR = struct.Struct("<ii")


class Malformed(ValueError):
    """These bytes are no EasyCodec. The message is a sentence for whoever wrote the contract."""


class Kind(IntEnum):
    """The type of a value."""

    INTEGER = 0
    TEXT = 1
    BYTES = 2
    LONG = 10


_KINDS: dict[int, Kind] = {kind.value: kind for kind in Kind}


class Item(NamedTuple):
    key: str
    value: bytes | int
    """An `int` for INTEGER and LONG, `bytes` for TEXT and BYTES."""
    kind: Kind = Kind.BYTES
    system: bool = False
    """The key type: of the protocol itself, not of its user."""


def integer(key: str, value: int) -> Item:
    return Item(key, value, Kind.INTEGER)


def text(key: str, value: str) -> Item:
    return Item(key, value.encode(), Kind.TEXT)


def data(key: str, value: bytes) -> Item:
    return Item(key, value)


def encoded(items: Iterable[Item]) -> bytes:
    """The bytes of these items. Raises `Malformed` for more of them than a reader takes."""
    parts = [b""]
    for item in items:
        key, value = item.key.encode(), _value_bytes(item)
        parts += (_PAIR.pack(0 if item.system else 1, len(key)), key)
        parts += (_PAIR.pack(item.kind, len(value)), value)
    count = len(parts) // 4
    if count > MOST_ITEMS:
        raise Malformed(f"{count} items, more than {MOST_ITEMS}")
    parts[0] = _HEAD + _INTEGER.pack(count)
    return b"".join(parts)


def _value_bytes(item: Item) -> bytes:
    if isinstance(item.value, bytes):
        return item.value
    return (_LONG if item.kind is Kind.LONG else _INTEGER).pack(item.value)


def decoded(source: bytes) -> list[Item]:
    """The items in these bytes; of no bytes at all, none. Raises `Malformed`."""
    if not source:
        return []
    if not source.startswith(_HEAD):
        raise Malformed("it does not begin with the head of EasyCodec")
    at = _end(source, len(_HEAD), _INTEGER.size)
    (count,) = _INTEGER.unpack_from(source, len(_HEAD))
    if not 0 <= count <= MOST_ITEMS:
        raise Malformed(f"{count} items, not 0 to {MOST_ITEMS}")
    items = []
    for _ in range(count):
        item, at = _item(source, at)
        items.append(item)
    if at != len(source):
        raise Malformed(f"{len(source) - at} bytes after the last item")
    return items


def _item(source: bytes, at: int) -> tuple[Item, int]:
    """The item that begins there, and where it ends."""
    key_type, key_length, at = _pair(source, at)
    if key_type not in (0, 1):
        raise Malformed(f"{key_type} is no type of a key")
    end = _end(source, at, key_length)
    try:
        key = source[at:end].decode()
    except UnicodeDecodeError:
        raise Malformed("a key is no UTF-8") from None
    value_type, length, at = _pair(source, end)
    kind = _KINDS.get(value_type)
    if kind is None:
        raise Malformed(f"{value_type} is no type of a value")
    end = _end(source, at, length)
    if kind in (Kind.TEXT, Kind.BYTES):
        return Item(key, source[at:end], kind, key_type == 0), end
    form = _INTEGER if kind is Kind.INTEGER else _LONG
    if length != form.size:
        raise Malformed(f"a number of {length} bytes, not {form.size}")
    return Item(key, form.unpack_from(source, at)[0], kind, key_type == 0), end


def _pair(source: bytes, at: int) -> tuple[int, int, int]:
    """Two numbers and where they end."""
    end = _end(source, at, _PAIR.size)
    first, second = _PAIR.unpack_from(source, at)
    return first, second, end


def _end(source: bytes, at: int, length: int) -> int:
    """Where so many bytes from there end."""
    end = at + length
    if length < 0 or end > len(source):
        raise Malformed(f"a length of {length} where {len(source) - at} bytes are left")
    return end
