"""The canonical JSON of a transcript, its digest, and its bounds.

The JSON is written as RFC 8785 (JSON Canonicalization Scheme) has it: no spaces, names in the order
of their UTF-16 code units, only the escapes that must be, UTF-8. One thing differs: integers stay
whole numbers however large they are, since seeds and costs are never read as doubles by us. Fields
that have their default value are left out, so that a new field changes no old digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from chains.types import Transcript

HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
"""Control characters (but tab and line feed), and what is invisible or turns the direction of text.
A fixed list: Python's `isprintable` follows its Unicode tables and would differ between hosts."""


def shown(value: bytes) -> str:
    """The text for these bytes: themselves where they are printable UTF-8 and do not begin with
    `0x`, else `0x` and lower-case hex digits. No two values have the same text."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex()}"
    if text.startswith("0x") or UNPRINTABLE.search(text):
        return f"0x{value.hex()}"
    return text


def hidden(text: str) -> bytes:
    """The bytes behind a shown text: `hidden(shown(value)) == value`.

    Raises `ValueError` for a text that begins with `0x` and goes on with anything but pairs of
    hex digits, and for one that has no UTF-8 form.
    """
    if not text.startswith("0x"):
        return text.encode()
    if not HEX.fullmatch(text):
        raise ValueError(f"not pairs of hex digits after 0x: {text[:40]}")
    return bytes.fromhex(text[2:])


def to_json(transcript: Transcript) -> dict[str, Any]:
    """Plain dicts, lists, texts, numbers and None, names in canonical order."""
    return _plain(transcript)  # type: ignore[no-any-return]


def canonical_json(value: Any) -> bytes:
    """The canonical UTF-8 bytes of plain data or of any of the words in `chains.types`.

    Raises `ValueError` for floats that are no numbers and for texts without a UTF-8 form.
    """
    return json.dumps(
        _plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def canonical(transcript: Transcript) -> bytes:
    return canonical_json(transcript)


def digest(transcript: Transcript) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(transcript)).hexdigest()


def from_json(data: Mapping[str, Any]) -> Transcript:
    """The transcript that `to_json` wrote. Raises `ValueError`, naming the place, for any other
    shape: an unknown or missing field, or a value of another type."""
    return _value(Transcript, data, "transcript")  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(content)
            for field in _sorted_fields(type(value))
            if not _is_default(field, content := getattr(value, field.name))
        }
    if isinstance(value, Mapping):
        return {name: _plain(value[name]) for name in sorted(value, key=_utf_16)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _is_default(field: Field[Any], content: Any) -> bool:
    if field.default_factory is not MISSING:
        return bool(content == field.default_factory())
    return field.default is not MISSING and bool(content == field.default)


@cache
def _sorted_fields(kind: Any) -> tuple[Field[Any], ...]:
    return tuple(sorted(fields(kind), key=lambda field: field.name))


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _value(kind: Any, data: Any, place: str) -> Any:
    """`data` read as `kind`: a dataclass, an enumeration, a mapping of texts, a tuple of one kind,
    a plain type, or one of these or None."""
    origin, parameters = get_origin(kind), get_args(kind)
    if NoneType in parameters:
        return None if data is None else _value(parameters[0], data, place)
    if is_dataclass(kind):
        return _dataclass(kind, data, place)
    if origin is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{place}: not a list")
        return tuple(
            _value(parameters[0], item, f"{place}[{index}]") for index, item in enumerate(data)
        )
    if origin is Mapping:
        if not isinstance(data, dict):
            raise ValueError(f"{place}: not an object")
        return {name: _value(parameters[1], item, f"{place}.{name}") for name, item in data.items()}
    if issubclass(kind, StrEnum):
        try:
            return kind(data)
        except ValueError:
            raise ValueError(f"{place}: not one of {', '.join(kind)}") from None
    if type(data) is not kind:
        raise ValueError(f"{place}: not {kind.__name__}")
    return data


def _dataclass(kind: Any, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{place}: not an object")  # noqa: TRY004  # all that is promised
    kinds = _hints(kind)
    if unknown := sorted(data.keys() - kinds.keys()):
        raise ValueError(f"{place}: unknown {', '.join(unknown)}")
    required = {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }
    if missing := sorted(required - data.keys()):
        raise ValueError(f"{place}: no {', '.join(missing)}")
    return kind(
        **{name: _value(kinds[name], item, f"{place}.{name}") for name, item in data.items()}
    )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
