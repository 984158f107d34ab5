"""How values of the ABI are spelled as text, in exercises and in transcripts.

Whole numbers are decimal (or, when read, `0x` and hex digits); `true` and `false`; addresses and
bytes are `0x` and hex digits; a string is itself, and `0x` and the hex digits of its bytes where
`chains.transcripts.shown` would do so. Arrays are JSON lists, and tuples JSON objects by the names
of their parts, or lists where a part has no name; in them whole numbers are JSON numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from chains.evm.abi import Kind, Parameter, Type, Value, bounds
from chains.transcripts import shown

NUMBER = re.compile(r"-?(?:[0-9]{1,80}|0x[0-9a-fA-F]{1,64})")
HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")

Resolve = Callable[[str], str]
"""From `identity` or `contract:name`, as it stands after the `@`, to an address. Raises
`ValueError` for one that nobody knows."""


def read(found: Type, text: str, resolve: Resolve) -> Value:
    """The value that the text spells. Raises `ValueError` for one that does not fit the type."""
    if found.kind in (Kind.ARRAY, Kind.TUPLE):
        try:
            return _from_json(found, json.loads(text), resolve)
        except (json.JSONDecodeError, RecursionError):
            raise ValueError(f"{_short(text)} is no JSON, as {found.name} needs") from None
    return _from_json(found, text, resolve)


def _from_json(found: Type, given: Any, resolve: Resolve) -> Value:
    if found.items is not None:
        return _items(found, given, resolve)
    if found.kind is Kind.TUPLE:
        return _parts(found.parts, given, resolve)
    if isinstance(given, bool):
        given = "true" if given else "false"
    elif isinstance(given, int):
        given = str(given)
    if not isinstance(given, str):
        raise ValueError(f"{_short(given)} is no {found.name}")  # noqa: TRY004  # as promised
    return _from_text(found, given, resolve)


def _items(found: Type, given: Any, resolve: Resolve) -> Value:
    if not isinstance(given, list) or found.size not in (None, len(given)):
        raise ValueError(f"{_short(given)} is no list that fits {found.name}")
    items: Type = found.items  # type: ignore[assignment]  # an array has them
    return tuple(_from_json(items, item, resolve) for item in given)


def _parts(parts: tuple[Parameter, ...], given: Any, resolve: Resolve) -> Value:
    if isinstance(given, dict):
        if set(given) != {part.name for part in parts}:
            raise ValueError(f"{_short(given)} has not just the names of the tuple's parts")
        given = [given[part.name] for part in parts]
    if not isinstance(given, list) or len(given) != len(parts):
        raise ValueError(f"{_short(given)} does not fit a tuple of {len(parts)} parts")
    pairs = zip(parts, given, strict=True)
    return tuple(_from_json(part.type, item, resolve) for part, item in pairs)


def _from_text(found: Type, text: str, resolve: Resolve) -> Value:
    if found.kind is Kind.STRING:
        return text.encode()
    if found.kind is Kind.BOOL:
        if text not in ("true", "false"):
            raise ValueError(f"{_short(text)} is neither true nor false")
        return text == "true"
    if found.kind is Kind.ADDRESS:
        text = resolve(text[1:]) if text.startswith("@") else text
        if not ADDRESS.fullmatch(text):
            raise ValueError(f"{_short(text)} is no address")
        return bytes.fromhex(text[2:])
    if found.kind in (Kind.BYTES, Kind.FIXED):
        if not HEX.fullmatch(text):
            raise ValueError(f"{_short(text)} is not 0x and pairs of hex digits")
        data = bytes.fromhex(text[2:])
        if found.kind is Kind.FIXED and len(data) != found.size:
            raise ValueError(f"{len(data)} bytes are no {found.name}")
        return data
    return _number(found, text)


def _number(found: Type, text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{_short(text)} is no whole number")
    number = int(text, 16 if "x" in text else 10)
    low, high = bounds(found)
    if not low <= number <= high:
        raise ValueError(f"{_short(text)} does not fit {found.name}")
    return number


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 80 else f"{text[:80]}…"


def spelled(found: Type, value: Any) -> str:
    """The text of a value: `read` of it gives the value, save for strings that are shown in hex."""
    if found.kind in (Kind.ARRAY, Kind.TUPLE):
        return json.dumps(_to_json(found, value), ensure_ascii=False, separators=(",", ":"))
    return str(_to_json(found, value)) if found.kind is not Kind.BOOL else str(value).lower()


def _to_json(found: Type, value: Any) -> Any:
    if found.items is not None:
        return [_to_json(found.items, item) for item in value]
    if found.kind is Kind.TUPLE:
        return parts_to_json(found.parts, value)
    if found.kind is Kind.STRING:
        return shown(value)
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def parts_to_json(parts: tuple[Parameter, ...], values: Any) -> Any:
    """An object where every part has a name of its own, else a list."""
    names = [part.name for part in parts]
    items = [_to_json(part.type, value) for part, value in zip(parts, values, strict=True)]
    if all(names) and len(set(names)) == len(names) and names:
        return dict(zip(names, items, strict=True))
    return items
