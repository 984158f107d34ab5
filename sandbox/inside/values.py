"""Plain values as JSON and back, the same on both sides of the wall.

None, bool, small int, str and list are JSON's own. Everything else is an object with one
key: `i` int, `f` float, `b` bytes, `t` tuple, `s` set, `z` frozenset, `d` dict as pairs,
`r` a reference `[handle, type name]`. What a reference means is the caller's business.

Decoding believes nothing: wrong shapes, deep nesting and keys chosen to collide are refused
with `Malformed`. The length of the text is bounded by the frame that carried it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 64
MAX_COLLISIONS = 64
MAX_TYPE_NAME = 100
_SMALL = 1 << 53  # JSON readers agree on integers up to here

Refer = Callable[[object], "tuple[int, str]"]
"""Gives the handle and the type name for an object that is not plain, or raises `CannotReply`."""
Resolve = Callable[[int, str], object]
"""Gives back the object that a handle and a type name stand for."""


class CannotReply(TypeError):
    """A value cannot cross the wall, not even as a reference."""


class NotPlain(CannotReply):
    """A value, or something in it, is not plain."""


class Malformed(ValueError):
    """A text is no encoded value."""


_SCALARS: tuple[type, ...] = (int, float, str, bytes)
_CONTAINERS: dict[type, str] = {list: "", dict: "d", tuple: "t", set: "s", frozenset: "z"}
_LIKE_PLAIN: dict[type, type] = {
    bytearray: bytes,
    Counter: dict,
    OrderedDict: dict,
    defaultdict: dict,
}


def plain_type(value: object) -> type | None:
    """The plain type that `value` is sent as, or None when it is not plain.

    An instance of a subclass of a scalar, a named tuple and the containers of `collections`
    are sent as what they extend. A class written over a container is not plain: it may have
    methods, and an object with methods is more useful as a reference.
    """
    kind = type(value)
    if kind in _SCALARS or kind in _CONTAINERS:
        return kind
    if kind in _LIKE_PLAIN:
        return _LIKE_PLAIN[kind]
    for scalar in _SCALARS:
        if isinstance(value, scalar):
            return scalar
    if kind.__bases__ == (tuple,) and "_fields" in kind.__dict__:
        return tuple
    return None


def encode(value: object, refer: Refer, depth: int = 0) -> object:
    """`value` as JSON. Raises `CannotReply` for what cannot be sent.

    It reads through the methods of the plain types themselves, never through overridden ones.
    """
    if value is None or value is True or value is False:
        return value
    if depth > MAX_DEPTH:
        raise NotPlain(f"the value is nested more than {MAX_DEPTH} levels deep")
    if type(value) is str and value.isascii():
        return value
    kind = plain_type(value)
    if kind is None:
        return {"r": list(refer(value))}
    if kind in _SCALARS:
        return _encode_scalar(value, kind)
    deeper = depth + 1
    container: Any = value
    if kind is dict:
        pairs = dict.items(container)
        return {"d": [[encode(k, refer, deeper), encode(v, refer, deeper)] for k, v in pairs]}
    plain: Any = kind
    items = [encode(item, refer, deeper) for item in plain.__iter__(container)]
    return {_CONTAINERS[kind]: items} if kind is not list else items


def _encode_scalar(value: Any, kind: type) -> object:
    if kind is int:
        number = int.__int__(value)
        return number if -_SMALL < number < _SMALL else {"i": hex(number)}
    if kind is float:
        return {"f": float.hex(value)}
    if kind is bytes:
        return {"b": b"".join((b"", value)).hex()}
    text = str.__str__(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotPlain("the text holds half a surrogate pair") from None
    return text


def decode(tree: object, resolve: Resolve, depth: int = 0) -> object:
    """The value that JSON `tree` stands for. Raises `Malformed`, and what `resolve` raises."""
    if tree is None or tree is True or tree is False:
        return tree
    if depth > MAX_DEPTH:
        raise Malformed("nested too deep")
    if isinstance(tree, str):
        return tree if tree.isascii() else _text(tree)
    if isinstance(tree, int) and -_SMALL < tree < _SMALL:
        return tree
    deeper = depth + 1
    if isinstance(tree, list):
        return [decode(item, resolve, deeper) for item in tree]
    if isinstance(tree, dict):
        return _decode_tagged(tree, resolve, deeper)
    raise Malformed("a number without its tag")


def _decode_tagged(tree: dict[str, object], resolve: Resolve, depth: int) -> object:
    if len(tree) != 1:
        raise Malformed("not a value")
    ((tag, body),) = tree.items()
    if tag in ("i", "f", "b"):
        return _decode_scalar(tag, body)
    if not isinstance(body, list):
        raise Malformed("a container without a list")
    if tag == "r":
        return _decode_reference(body, resolve)
    if tag == "d":
        return _decode_dict(body, resolve, depth)
    items = [decode(item, resolve, depth) for item in body]
    if tag == "t":
        return tuple(items)
    if tag == "s":
        return set(_distinct(items))
    if tag == "z":
        return frozenset(_distinct(items))
    raise Malformed("an unknown tag")


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed("half a surrogate pair") from None
    return text


def _decode_scalar(tag: str, body: object) -> object:
    if not isinstance(body, str):
        raise Malformed("a number or bytes without text")
    try:
        if tag == "i":
            return int(body, 16)
        if tag == "f":
            return float.fromhex(body)
        return bytes.fromhex(body)
    except (ValueError, OverflowError):
        raise Malformed("digits that are none") from None


def _decode_reference(body: list[object], resolve: Resolve) -> object:
    if len(body) != 2:
        raise Malformed("a reference with the wrong parts")
    handle, name = body
    if type(handle) is not int or not 0 <= handle < 1 << 31:
        raise Malformed("a handle out of range")
    if not isinstance(name, str) or len(name) > MAX_TYPE_NAME:
        raise Malformed("a type name that is too long")
    return resolve(handle, _text(name))


def _decode_dict(body: list[object], resolve: Resolve, depth: int) -> dict[object, object]:
    keys: list[object] = []
    values: list[object] = []
    for pair in body:
        if not isinstance(pair, list) or len(pair) != 2:
            raise Malformed("a dict without pairs")
        keys.append(decode(pair[0], resolve, depth))
        values.append(decode(pair[1], resolve, depth))
    return dict(zip(_distinct(keys), values, strict=True))


def _distinct(items: list[object]) -> list[object]:
    """`items`, after it is sure that they can be put in a hash table in linear time."""
    try:
        hashes = list(map(hash, items))
    except TypeError:
        raise Malformed("a key that cannot be a key") from None
    if len(hashes) > MAX_COLLISIONS and max(Counter(hashes).values()) > MAX_COLLISIONS:
        raise Malformed("too many keys with one hash")
    return items
