"""The list of keys of `GetBatchState`, which ChainMaker writes as a protocol buffer.

message BatchKeys { repeated BatchKey keys = 1; }
message BatchKey  { string key = 1; string field = 2; bytes value = 3; }
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .outcomes import Fault

MOST_KEYS = 1000
_FIELDS = 3
"""Of one key. What comes after them is not looked at."""
_LENGTH_PREFIXED = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    key: str
    field: str
    value: bytes = b""


def encoded(keys: Iterable[Wanted]) -> bytes:
    parts = []
    for wanted in keys:
        fields = ((1, wanted.key.encode()), (2, wanted.field.encode()), (3, wanted.value))
        parts.append(
            _field(1, b"".join(_field(number, value) for number, value in fields if value))
        )
    return b"".join(parts)


def decoded(source: bytes) -> Iterator[Wanted]:
    """The keys that are wanted, one at a time, so that each is paid for before the next is looked
    at. Raises `Fault`."""
    for count, (number, content) in enumerate(_fields(source), 1):
        if number != 1:
            raise Fault("the batch is malformed")
        if count > MOST_KEYS:
            raise Fault(f"more than {MOST_KEYS} keys in a batch")
        yield _wanted(content)


def _wanted(source: bytes) -> Wanted:
    found = dict(islice(_fields(source), _FIELDS))
    try:
        return Wanted(found.get(1, b"").decode(), found.get(2, b"").decode())
    except UnicodeDecodeError:
        raise Fault("a key of the batch is no UTF-8") from None


def _fields(source: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(source):
        tag, at = _number(source, at)
        if tag & 7 != _LENGTH_PREFIXED:
            raise Fault("the batch is malformed")
        length, at = _number(source, at)
        if length > len(source) - at:
            raise Fault("the batch is malformed")
        yield tag >> 3, source[at : at + length]
        at += length


def _field(number: int, value: bytes) -> bytes:
    return _digits(number << 3 | _LENGTH_PREFIXED) + _digits(len(value)) + value


def _digits(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def _number(source: bytes, at: int) -> tuple[int, int]:
    """The number that begins there, and where it ends."""
    number = 0
    for shift in range(0, 35, 7):
        if at == len(source):
            break
        byte = source[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte <= 0x7F:
            return number, at
    raise Fault("the batch is malformed")
