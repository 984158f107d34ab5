"""The contract ABI of Solidity: types, and the codec of values and bytes.

Written from the specification ("Contract ABI Specification", docs.soliditylang.org). Values are
plain Python: whole numbers, booleans, bytes (of `address`, `bytesN`, `bytes`, `function` and, in
UTF-8, `string`), and tuples of values for arrays and tuples.

Decoding is strict and bounded, since what a contract returns is its own choice: padding that is
not zero, an offset outside of the data, and too much of everything raise `ValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from chains.evm.keccak import keccak256

WORD = 32
MOST_VALUES = 4096
MOST_BYTES = 1 << 20
"""Values, of all depths, and bytes in `bytes` and `string`, in what is decoded at once: offsets
may all point at the same place."""
DEEPEST = 16
"""Arrays and tuples in one another."""

Value = bool | int | bytes | tuple[Any, ...]


class Kind(StrEnum):
    UINT = "uint"
    INT = "int"
    BOOL = "bool"
    ADDRESS = "address"
    FIXED = "bytesN"
    BYTES = "bytes"
    STRING = "string"
    ARRAY = "array"
    TUPLE = "tuple"


@dataclass(frozen=True, slots=True)
class Type:
    kind: Kind
    size: int | None = None
    """Bits of whole numbers, bytes of `bytesN`, items of an array (None: it is dynamic)."""
    items: Type | None = None
    parts: tuple[Parameter, ...] = ()

    @property
    def name(self) -> str:
        """The canonical name, as it stands in signatures."""
        if self.items is not None:
            return f"{self.items.name}[{'' if self.size is None else self.size}]"
        if self.kind is Kind.TUPLE:
            return signature("", self.parts)
        if self.kind is Kind.FIXED:
            return f"bytes{self.size}"
        return f"{self.kind}{self.size or ''}"

    @property
    def is_dynamic(self) -> bool:
        if self.items is not None:
            return self.size is None or (self.size > 0 and self.items.is_dynamic)
        if self.kind is Kind.TUPLE:
            return any(part.type.is_dynamic for part in self.parts)
        return self.kind in (Kind.BYTES, Kind.STRING)

    @property
    def head_bytes(self) -> int:
        """How much room it takes among its neighbours."""
        if self.is_dynamic:
            return WORD
        if self.items is not None:
            return (self.size or 0) * self.items.head_bytes
        return sum(part.type.head_bytes for part in self.parts) if self.parts else WORD


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    """May be empty, as that of a getter's."""
    type: Type
    indexed: bool = False


_ARRAY = re.compile(r"(.+)\[(\d*)\]")
_SIZED = re.compile(r"(uint|int|bytes)(\d+)")
_PLAIN = {kind.value: kind for kind in (Kind.BOOL, Kind.ADDRESS, Kind.BYTES, Kind.STRING)}


def parameter(described: Mapping[str, Any]) -> Parameter:
    """One parameter of the JSON ABI. Raises `ValueError` for a type that the ABI does not have."""
    components = described.get("components", ())
    parts = tuple(parameter(each) for each in components)
    found = _type(str(described["type"]), parts)
    return Parameter(str(described.get("name", "")), found, bool(described.get("indexed")))


def _type(name: str, parts: tuple[Parameter, ...] = (), depth: int = 0) -> Type:
    if depth > DEEPEST:
        raise ValueError(f"more than {DEEPEST} arrays in one another")
    if array := _ARRAY.fullmatch(name):
        items = _type(array[1], parts, depth + 1)
        return Type(Kind.ARRAY, int(array[2]) if array[2] else None, items)
    if name == "tuple":
        return Type(Kind.TUPLE, parts=parts)
    if name == "function":
        return Type(Kind.FIXED, 24)
    if name in _PLAIN:
        return Type(_PLAIN[name])
    sized = _SIZED.fullmatch(name)
    if sized is not None:
        size = int(sized[2])
        if sized[1] == "bytes" and 1 <= size <= WORD:
            return Type(Kind.FIXED, size)
        if sized[1] != "bytes" and 8 <= size <= 256 and size % 8 == 0:
            return Type(Kind(sized[1]), size)
    raise ValueError(f"no type of the ABI: {name}")


def signature(name: str, parameters: Sequence[Parameter]) -> str:
    return f"{name}({','.join(each.type.name for each in parameters)})"


@cache
def selector(signed: str) -> bytes:
    """The four bytes that call the function (or are the error) of this signature."""
    return keccak256(signed.encode())[:4]


def encoded(types: Sequence[Type], values: Sequence[Value]) -> bytes:
    """The values beside one another, as arguments are. They must fit their types."""
    heads, tails = [], []
    offset = sum(each.head_bytes for each in types)
    for each, value in zip(types, values, strict=True):
        body = _body(each, value)
        if each.is_dynamic:
            heads.append(offset.to_bytes(WORD, "big"))
            tails.append(body)
            offset += len(body)
        else:
            heads.append(body)
    return b"".join([*heads, *tails])


def _body(found: Type, value: Any) -> bytes:
    if found.items is not None:
        body = encoded([found.items] * len(value), value)
        return body if found.size is not None else len(value).to_bytes(WORD, "big") + body
    if found.kind is Kind.TUPLE:
        return encoded([part.type for part in found.parts], value)
    if found.kind in (Kind.BYTES, Kind.STRING):
        padding = bytes(-len(value) % WORD)
        return len(value).to_bytes(WORD, "big") + bytes(value) + padding
    if found.kind is Kind.FIXED:
        return bytes(value).ljust(WORD, b"\0")
    if found.kind is Kind.ADDRESS:
        return bytes(value).rjust(WORD, b"\0")
    return int(value).to_bytes(WORD, "big", signed=found.kind is Kind.INT)


def decoded(types: Sequence[Type], data: bytes) -> tuple[Value, ...]:
    """What `encoded` was given. Bytes that no value uses are left alone."""
    return _Reader(data).sequence(types, 0, 0)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_VALUES
        self._bytes_left = MOST_BYTES

    def sequence(self, types: Sequence[Type], start: int, depth: int) -> tuple[Value, ...]:
        """Values beside one another whose offsets count from `start`."""
        self._left -= len(types)
        if self._left < 0 or depth > 2 * DEEPEST:
            raise ValueError("too many values")
        values, head = [], start
        for each in types:
            at = start + self._offset(head) if each.is_dynamic else head
            values.append(self._value(each, at, depth))
            head += each.head_bytes
        return tuple(values)

    def _value(self, found: Type, at: int, depth: int) -> Value:
        if found.items is not None:
            count = found.size
            if count is None:
                count, at = self._offset(at), at + WORD
            if count > self._left:
                raise ValueError("too many values")
            return self.sequence([found.items] * count, at, depth + 1)
        if found.kind is Kind.TUPLE:
            return self.sequence([part.type for part in found.parts], at, depth + 1)
        if found.kind in (Kind.BYTES, Kind.STRING):
            return self._padded(at + WORD, self._offset(at))
        return self._word(found, self._take(at, WORD))

    def _word(self, found: Type, word: bytes) -> Value:
        if found.kind in (Kind.ADDRESS, Kind.FIXED):
            count = 20 if found.kind is Kind.ADDRESS else found.size or WORD
            kept = word[-count:] if found.kind is Kind.ADDRESS else word[:count]
            rest = word[:-count] if found.kind is Kind.ADDRESS else word[count:]
            if any(rest):
                raise ValueError(f"padding of {found.name} that is not zero")
            return kept
        number = int.from_bytes(word, "big", signed=found.kind is Kind.INT)
        if found.kind is Kind.BOOL:
            if number > 1:
                raise ValueError(f"no bool: {number}")
            return number == 1
        low, high = bounds(found)
        if not low <= number <= high:
            raise ValueError(f"no {found.name}: {number}")
        return number

    def _offset(self, at: int) -> int:
        number = int.from_bytes(self._take(at, WORD), "big")
        if number > len(self._data):
            raise ValueError("an offset or a length outside of the data")
        return number

    def _padded(self, at: int, count: int) -> bytes:
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise ValueError("too many bytes")
        return self._take(at, count + -count % WORD)[:count]

    def _take(self, at: int, count: int) -> bytes:
        if at + count > len(self._data):
            raise ValueError("the data end too early")
        return self._data[at : at + count]


def bounds(found: Type) -> tuple[int, int]:
    """The least and the greatest whole number of this type."""
    bits = found.size or 256
    return (
        (-(1 << bits - 1), (1 << bits - 1) - 1) if found.kind is Kind.INT else (0, (1 << bits) - 1)
    )
