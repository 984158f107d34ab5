"""EasyCodec: how ChainMaker's contracts and their host write arguments, requests and rows.

    "cmec" "v1.0" 8 × 0xff   i32 count   count × item
    item:  i32 key type   i32 length   key   i32 value type   i32 length   value

All integers are little-endian. Every length is checked against the bytes that are there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

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


@dataclass(frozen=True, slots=True)
class Item:
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
    reader = _Reader(source, len(_HEAD))
    (count,) = reader.numbers(_INTEGER)
    if not 0 <= count <= MOST_ITEMS:
        raise Malformed(f"{count} items, not 0 to {MOST_ITEMS}")
    items = [_item(reader) for _ in range(count)]
    if reader.at != len(source):
        raise Malformed(f"{len(source) - reader.at} bytes after the last item")
    return items


class _Reader:
    def __init__(self, source: bytes, at: int) -> None:
        self.source = source
        self.at = at

    def numbers(self, form: struct.Struct) -> tuple[int, ...]:
        return form.unpack(self.bytes(form.size))

    def bytes(self, length: int) -> bytes:
        end = self.at + length
        if length < 0 or end > len(self.source):
            left = len(self.source) - self.at
            raise Malformed(f"a length of {length} where {left} bytes are left")
        part = self.source[self.at : end]
        self.at = end
        return part


def _item(reader: _Reader) -> Item:
    key_type, key_length = reader.numbers(_PAIR)
    if key_type not in (0, 1):
        raise Malformed(f"{key_type} is no type of a key")
    try:
        key = reader.bytes(key_length).decode()
    except UnicodeDecodeError:
        raise Malformed("a key is no UTF-8") from None
    value_type, value_length = reader.numbers(_PAIR)
    try:
        kind = Kind(value_type)
    except ValueError:
        raise Malformed(f"{value_type} is no type of a value") from None
    value = reader.bytes(value_length)
    if kind in (Kind.TEXT, Kind.BYTES):
        return Item(key, value, kind, system=key_type == 0)
    form = _INTEGER if kind is Kind.INTEGER else _LONG
    if value_length != form.size:
        raise Malformed(f"a number of {value_length} bytes, not {form.size}")
    return Item(key, form.unpack(value)[0], kind, system=key_type == 0)
