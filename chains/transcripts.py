"""The canonical JSON of a transcript, its digest, and its bounds.

The JSON is written as RFC 8785 (JSON Canonicalization Scheme) has it: no spaces, names in the order
of their UTF-16 code units, only the escapes that must be, UTF-8. One thing differs: integers stay
whole numbers however large they are, since seeds and costs are never read as doubles by us. Fields
that have their default value are left out, so that a new field changes no old digest.

Call trees are written by recursion: engines keep them at most `DEEPEST` frames deep (`bounded`
cuts what is deeper).
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache, partial
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from chains.types import Frame, Transaction, Transcript

DEEPEST = 32
"""Frames of a call tree below one another; ChainMaker allows 5 calls, an EVM 1,024. A page takes
some twelve calls of Python's own for each, and has about 800 of them."""
LONGEST_VALUES = (1024, 128)
"""Characters of a value, first and second try. More than an id or an EVM's word has."""
KEPT_CHARACTERS = 40
LONGEST_LIST = 64
LARGEST_PACKED = 64 << 20
"""Bytes of JSON that `unpacked` will hold in memory."""

Change = Callable[[Transcript], Transcript]

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


def packed(transcript: Transcript) -> bytes:
    """The canonical bytes, compressed by zlib. Another zlib may give other bytes for the same
    transcript: compare digests."""
    return zlib.compress(canonical(transcript))


def unpacked(data: bytes, max_bytes: int = LARGEST_PACKED) -> Transcript:
    """What `packed` wrote. Raises `ValueError` for anything else, and for what would be more than
    `max_bytes` of JSON, of which no more than that is ever held."""
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise ValueError("not compressed by zlib") from error
    if len(text) > max_bytes:
        raise ValueError(f"more than {max_bytes} bytes of JSON")
    if not inflater.eof or inflater.unused_data:
        raise ValueError("cut, or something behind the compressed data")
    try:
        return from_json(json.loads(text))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def bounded(transcript: Transcript, max_bytes: int) -> Transcript:
    """The transcript with as little left out as makes its canonical JSON at most `max_bytes` long.

    In this order, each step only where the one before was not enough, each named in `shortened`:
    calls more than `DEEPEST` frames deep (`calls`, always), logs (`logs`), certificates of the
    identities (`certificates`), long values, of which the first characters and the size remain, as
    in `AB12…5000 bytes` (`values`), the rest of long lists (`lists`), and transactions from the
    middle, with their blocks (`transactions 3-41`). The same input gives the same output. Raises
    `ValueError` where even no transaction at all is too much.
    """
    steps: tuple[tuple[str, Change], ...] = (
        ("logs", lambda found: _each(found, lambda each: replace(each, log=()))),
        ("certificates", _without_certificates),
        *(("values", partial(_with_short_values, longest=longest)) for longest in LONGEST_VALUES),
        ("lists", lambda found: _each(found, lambda each: _rebuilt(each, _short_list))),
    )
    transcript = _stepped(transcript, "calls", _without_deep_calls)
    for word, step in steps:
        if len(canonical(transcript)) <= max_bytes:
            return transcript
        transcript = _stepped(transcript, word, step)
    return _without_middle(transcript, max_bytes)


def _stepped(transcript: Transcript, word: str, step: Change) -> Transcript:
    shorter = step(transcript)
    if shorter == transcript or word in transcript.shortened:
        return shorter
    return replace(shorter, shortened=(*shorter.shortened, word))


def _each(transcript: Transcript, change: Callable[[Transaction], Transaction]) -> Transcript:
    return replace(transcript, transactions=tuple(map(change, transcript.transactions)))


def _without_deep_calls(transcript: Transcript) -> Transcript:
    return _each(
        transcript,
        lambda each: replace(each, root=each.root and _shallow(each.root, DEEPEST)),
    )


def _shallow(frame: Frame, depth: int) -> Frame:
    if not frame.calls:
        return frame
    calls = tuple(_shallow(call, depth - 1) for call in frame.calls) if depth > 1 else ()
    return replace(frame, calls=calls)


def _without_certificates(transcript: Transcript) -> Transcript:
    return replace(
        transcript,
        identities=tuple(replace(each, certificate="") for each in transcript.identities),
    )


def _with_short_values(transcript: Transcript, *, longest: int) -> Transcript:
    def short_text(value: Any) -> Any:
        if not isinstance(value, str) or isinstance(value, StrEnum) or len(value) <= longest:
            return value
        size = (len(value) - 2) // 2 if HEX.fullmatch(value) else len(value.encode())
        return f"{value[:KEPT_CHARACTERS]}…{size} bytes"

    return _each(transcript, lambda each: _rebuilt(each, short_text))


def _short_list(value: Any) -> Any:
    return value[:LONGEST_LIST] if isinstance(value, tuple) else value


def _rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with every value in it changed, outer ones first."""
    value = change(value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _rebuilt(part, change) for name, part in parts.items()})
    if isinstance(value, tuple):
        return tuple(_rebuilt(item, change) for item in value)
    if isinstance(value, Mapping):
        return {name: _rebuilt(item, change) for name, item in value.items()}
    return value


def _without_middle(transcript: Transcript, max_bytes: int) -> Transcript:
    """As many of the first and last transactions as fit, found by bisection."""
    if len(canonical(transcript)) <= max_bytes:
        return transcript
    fits = _ends(transcript, 0) if transcript.transactions else transcript
    if len(canonical(fits)) > max_bytes:
        raise ValueError(f"{max_bytes} bytes hold not even a transcript without transactions")
    low, high = 0, len(transcript.transactions)
    while high - low > 1:
        middle = (low + high) // 2
        tried = _ends(transcript, middle)
        if len(canonical(tried)) <= max_bytes:
            low, fits = middle, tried
        else:
            high = middle
    return fits


def _ends(transcript: Transcript, count: int) -> Transcript:
    """The transcript with `count` of its transactions, which are fewer than there are: half of
    them the first, the others the last."""
    numbers = [each.number for each in transcript.transactions]
    first, last = count // 2, len(numbers) - (count - count // 2)
    transactions = transcript.transactions[:first] + transcript.transactions[last:]
    kept = {each.number for each in transactions}
    left_out = f"transactions {numbers[first]}-{numbers[last - 1]}"
    others = tuple(word for word in transcript.shortened if not word.startswith("transactions"))
    return replace(
        transcript,
        transactions=transactions,
        blocks=tuple(block for block in transcript.blocks if kept & set(block.transactions)),
        shortened=(*others, left_out),
    )


_AS_THEY_ARE = frozenset({str, int, bool, NoneType})


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:  # most of what there is
        return value
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
