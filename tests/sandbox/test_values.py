from __future__ import annotations

import json
from collections import Counter, OrderedDict, defaultdict, namedtuple
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Remote
from sandbox.inside import values

hashable: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.builds(Remote, st.integers(0, 2**31 - 1), st.text(max_size=100)),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4),
    max_leaves=8,
)
plain: st.SearchStrategy[Any] = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(hashable, max_size=4)
        | st.dictionaries(hashable, inner, max_size=4)
    ),
    max_leaves=12,
)


def refer(value: object) -> tuple[int, str]:
    if not isinstance(value, Remote):
        raise values.NotPlain
    return value.handle, value.type_name


def over_the_wire(value: object) -> object:
    text = json.dumps(values.encode(value, refer), allow_nan=False)
    return values.decode(json.loads(text), Remote)


def exactly(value: Any) -> Any:
    """The value with the type of every part beside it, because 1 == True == 1.0."""
    if isinstance(value, list | tuple):
        return type(value), [exactly(item) for item in value]
    if isinstance(value, set | frozenset):
        return type(value), sorted(repr(exactly(item)) for item in value)
    if isinstance(value, dict):
        return dict, [(exactly(k), exactly(v)) for k, v in value.items()]
    return type(value), repr(value)


@settings(deadline=None)
@given(plain)
def test_a_plain_value_comes_back_as_it_was(value: object) -> None:
    came_back = over_the_wire(value)
    assert came_back == value
    assert exactly(came_back) == exactly(value)


@pytest.mark.parametrize(
    "value", [float("inf"), -0.0, 5e-324, 2**53, -(2**53), 2**10_000], ids=range(6)
)
def test_numbers_at_the_edges(value: float) -> None:
    came_back = over_the_wire(value)
    assert (type(came_back), came_back) == (type(value), value)
    if isinstance(value, float):
        assert repr(came_back) == repr(value)


class Colour(IntEnum):
    RED = 1


class Word(StrEnum):
    YES = "yes"


class Lying(int):
    def __int__(self) -> int:
        return 7

    def __index__(self) -> int:
        return 7


Point = namedtuple("Point", "x y")  # noqa: PYI024


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Colour.RED, 1),
        (Word.YES, "yes"),
        (Lying(3), 3),
        (Point(1, 2), (1, 2)),
        (bytearray(b"ab"), b"ab"),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
    ],
)
def test_close_relations_are_sent_as_what_they_extend(value: object, sent: object) -> None:
    assert exactly(over_the_wire(value)) == exactly(sent)


class Chain(list[int]):
    pass


@pytest.mark.parametrize("value", [object(), Chain(), len, iter([]), Exception, 1j])
def test_objects_are_not_plain(value: object) -> None:
    with pytest.raises(values.NotPlain):
        values.encode(value, refer)


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(values.NotPlain):
        values.encode("\ud800", refer)
    with pytest.raises(values.Malformed):
        values.decode("\ud800", Remote)


def test_depth_is_bounded_on_both_sides() -> None:
    def nested(levels: int) -> object:
        value: object = None
        for _ in range(levels):
            value = [value]
        return value

    assert over_the_wire(nested(values.MAX_DEPTH)) == nested(values.MAX_DEPTH)
    with pytest.raises(values.NotPlain):
        values.encode(nested(values.MAX_DEPTH + 2), refer)
    with pytest.raises(values.Malformed):
        values.decode(nested(values.MAX_DEPTH + 2), Remote)


@pytest.mark.parametrize(
    "tree",
    [
        1.5,
        2**53,
        {},
        {"i": "0x1", "f": "0x0p+0"},
        {"i": "one"},
        {"i": 1},
        {"f": "0x1p+999999"},
        {"b": "0"},
        {"x": []},
        {"t": "ab"},
        {"s": [[]]},
        {"z": [{"d": []}]},
        {"d": [[1, 2, 3]]},
        {"d": [1]},
        {"d": [[[], 1]]},
        {"r": [1]},
        {"r": [-1, "x"]},
        {"r": [True, "x"]},
        {"r": [2**31, "x"]},
        {"r": [1, "x" * 101]},
        {"r": [1, 2]},
        {"s": [{"i": hex(k * (2**61 - 1))} for k in range(1, 100)]},
    ],
)
def test_what_is_no_value_is_refused(tree: object) -> None:
    with pytest.raises(values.Malformed):
        values.decode(tree, Remote)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("ifbtszdrx"), inner, max_size=2)
    ),
)


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_value_or_malformed(tree: object) -> None:
    try:
        value = values.decode(tree, Remote)
    except values.Malformed:
        return
    assert exactly(over_the_wire(value)) == exactly(value)
