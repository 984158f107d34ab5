"""The few forms of DER (ITU-T X.690 §8 and §10) that keys, signatures and certificates need.

Writing gives the one encoding that there is. Reading accepts only that encoding: shortest lengths,
shortest integers, nothing behind. Every `read_…` raises `ValueError` for anything else.
"""

from __future__ import annotations

from datetime import UTC, datetime

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8, PRINTABLE, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x13, 0x17, 0x18, 0x30, 0x31
FIRST_GENERALIZED = 2_524_608_000
"""2050: times from then on take four digits of year (RFC 5280 §4.1.2.5)."""

Item = tuple[int, bytes]
"""A tag and its content."""


def item(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return item(SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    return item(SET, b"".join(sorted(parts)))


def explicit(number: int, content: bytes) -> bytes:
    """`content` behind the context tag [number]."""
    return item(0xA0 | number, content)


def integer(value: int) -> bytes:
    size = (value.bit_length() if value >= 0 else (~value).bit_length()) // 8 + 1
    return item(INTEGER, value.to_bytes(size, "big", signed=True))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray()
    for number in (first * 40 + second, *rest):
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(number & 0x7F | 0x80)
        content += bytes(reversed(septets))
    return item(OID, bytes(content))


def bits(content: bytes, unused: int = 0) -> bytes:
    """A bit string of whole bytes but for the last `unused` bits."""
    return item(BIT_STRING, bytes((unused,)) + content)


def time(seconds: int) -> bytes:
    """Unix seconds as RFC 5280 §4.1.2.5 has them: UTCTime before 2050, GeneralizedTime from it."""
    moment = datetime.fromtimestamp(seconds, UTC)
    if seconds < FIRST_GENERALIZED:
        return item(UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return item(GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def read(data: bytes) -> tuple[Item, bytes]:
    """The first item of `data`, and what is behind it."""
    if len(data) < 2:
        raise ValueError("DER ends too early")
    tag, size, start = data[0], data[1], 2
    if size >= 0x80:
        start += size & 0x7F
        length = data[2:start]
        size = int.from_bytes(length, "big")
        if not 1 <= len(length) <= 4 or len(length) < start - 2 or length[0] == 0 or size < 0x80:
            raise ValueError("not the shortest length")
    if len(data) < start + size:
        raise ValueError("DER ends too early")
    return (tag, data[start : start + size]), data[start + size :]


def read_all(data: bytes) -> list[Item]:
    """The items side by side in `data`."""
    items = []
    while data:
        found, data = read(data)
        items.append(found)
    return items


def read_one(data: bytes, tag: int) -> bytes:
    """The content of the one item of `data`, which has this tag."""
    (found, content), rest = read(data)
    if found != tag or rest:
        raise ValueError(f"not one item with the tag {tag:#04x}")
    return content


def read_sequence(data: bytes) -> list[Item]:
    return read_all(read_one(data, SEQUENCE))


def read_integer(part: Item) -> int:
    content = content_of(part, INTEGER)
    value = int.from_bytes(content, "big", signed=True)
    if integer(value) != item(INTEGER, content):
        raise ValueError("not the shortest integer")
    return value


def read_oid(part: Item) -> str:
    content = content_of(part, OID)
    numbers, number = [], 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    if not numbers:
        raise ValueError("an empty object identifier")
    first = min(numbers[0] // 40, 2)
    dotted = ".".join(str(each) for each in (first, numbers[0] - first * 40, *numbers[1:]))
    if oid(dotted) != item(OID, content):
        raise ValueError("not an object identifier")
    return dotted


def read_bits(part: Item) -> bytes:
    """The bytes of a bit string without unused bits."""
    content = content_of(part, BIT_STRING)
    if not content or content[0]:
        raise ValueError("not a bit string of whole bytes")
    return content[1:]


def read_time(part: Item) -> int:
    """Unix seconds."""
    form = {UTC_TIME: "%y%m%d%H%M%SZ", GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}.get(part[0])
    if form is None:
        raise ValueError("not a time")
    moment = datetime.strptime(part[1].decode("ascii"), form).replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    if time(seconds) != item(*part):
        raise ValueError("not a time as RFC 5280 has it")
    return seconds


def content_of(part: Item, tag: int) -> bytes:
    if part[0] != tag:
        raise ValueError(f"the tag {part[0]:#04x} where {tag:#04x} is due")
    return part[1]
