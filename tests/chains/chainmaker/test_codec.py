"""EasyCodec: what is written is read again, and what is none is refused and nothing worse."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.chainmaker.inside import batches
from chains.chainmaker.inside.codec import (
    MOST_ITEMS,
    Item,
    Kind,
    Malformed,
    data,
    decoded,
    encoded,
    integer,
    text,
)
from chains.chainmaker.inside.outcomes import Fault

HEAD = b"cmecv1.0" + b"\xff" * 8
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ITEMS = st.one_of(
    st.builds(Item, KEYS, st.integers(-(2**31), 2**31 - 1), st.just(Kind.INTEGER), st.booleans()),
    st.builds(Item, KEYS, st.integers(-(2**63), 2**63 - 1), st.just(Kind.LONG), st.booleans()),
    st.builds(
        Item, KEYS, st.binary(max_size=40), st.sampled_from([Kind.TEXT, Kind.BYTES]), st.booleans()
    ),
)
LISTS = st.lists(ITEMS, max_size=MOST_ITEMS)


def number(value: int) -> bytes:
    return struct.pack("<i", value)


def test_the_bytes_are_those_of_chainmaker() -> None:
    """Written out by hand from the format."""
    expected = HEAD + number(3)
    expected += number(1) + number(3) + b"key" + number(1) + number(2) + b"k1"
    expected += number(1) + number(5) + b"value" + number(2) + number(2) + b"\x00\xff"
    expected += number(0) + number(7) + b"ctx_ptr" + number(0) + number(4) + number(-2)
    items = [
        text("key", "k1"),
        data("value", b"\x00\xff"),
        Item("ctx_ptr", -2, Kind.INTEGER, system=True),
    ]
    assert encoded(items) == expected
    assert decoded(expected) == items


@given(LISTS)
def test_what_is_written_is_read_again(items: list[Item]) -> None:
    assert decoded(encoded(items)) == items


def test_nothing_is_no_items() -> None:
    assert decoded(b"") == []
    assert decoded(HEAD + number(0)) == []


def test_the_most_items_are_taken_and_one_more_is_not() -> None:
    items = [integer("n", n) for n in range(MOST_ITEMS + 1)]
    assert decoded(encoded(items[:-1])) == items[:-1]
    with pytest.raises(Malformed, match=f"^{MOST_ITEMS + 1} items, more than {MOST_ITEMS}$"):
        encoded(items)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"cmec", "it does not begin with the head of EasyCodec"),
        (b"x" * 40, "it does not begin with the head of EasyCodec"),
        (HEAD, "a length of 4 where 0 bytes are left"),
        (HEAD + number(-1), "-1 items, not 0 to 128"),
        (HEAD + number(129), "129 items, not 0 to 128"),
        (HEAD + number(2**31 - 1), "2147483647 items, not 0 to 128"),
        (HEAD + number(1), "a length of 8 where 0 bytes are left"),
        (HEAD + number(1) + number(7) + number(0), "7 is no type of a key"),
        (HEAD + number(1) + number(1) + number(-1), "a length of -1 where 0 bytes are left"),
        (HEAD + number(1) + number(1) + number(2**31 - 1) + b"key", "a length of 2147483647"),
        (HEAD + number(1) + number(1) + number(1) + b"\xff", "a key is no UTF-8"),
        (HEAD + number(1) + number(1) + number(0) + number(3) + number(0), "3 is no type of a va"),
        (HEAD + number(1) + number(1) + number(0) + number(0) + number(0), "a number of 0 bytes"),
        (HEAD + number(1) + number(1) + number(0) + number(10) + number(4) + b"1234", "a number"),
        (HEAD + number(0) + b"more", "4 bytes after the last item"),
    ],
)
def test_why_bytes_are_no_easy_codec(source: bytes, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        decoded(source)
    assert str(caught.value).startswith(why)


@given(st.binary(max_size=200))
def test_any_bytes_after_the_head_are_read_or_refused(tail: bytes) -> None:
    try:
        items = decoded(HEAD + tail)
    except Malformed:
        return
    assert encoded(items) == HEAD + tail


@given(LISTS, st.data())
def test_a_changed_byte_is_read_or_refused(items: list[Item], draw: st.DataObject) -> None:
    source = bytearray(encoded(items))
    place = draw.draw(st.integers(0, len(source) - 1))
    source[place] = draw.draw(st.integers(0, 255))
    try:
        decoded(bytes(source))
    except Malformed:
        return


@given(LISTS, st.data())
def test_a_part_of_it_is_refused(items: list[Item], draw: st.DataObject) -> None:
    source = encoded(items)
    cut = draw.draw(st.integers(1, len(source) - 1))
    with pytest.raises(Malformed):
        decoded(source[:cut])


WANTED = st.builds(batches.Wanted, KEYS, KEYS, st.binary(max_size=200))


@given(st.lists(WANTED, max_size=20))
def test_batches_of_keys_are_read_again(keys: list[batches.Wanted]) -> None:
    found = list(batches.decoded(batches.encoded(keys)))
    assert found == [batches.Wanted(wanted.key, wanted.field) for wanted in keys]


def test_a_batch_is_a_protocol_buffer() -> None:
    expected = b"\x0a\x09\x0a\x01k\x12\x01f\x1a\x01v" + b"\x0a\x03\x0a\x01l"
    keys = [batches.Wanted("k", "f", b"v"), batches.Wanted("l", "")]
    assert batches.encoded(keys) == expected


@given(st.binary(max_size=60))
def test_any_bytes_are_a_batch_or_refused(source: bytes) -> None:
    try:
        list(batches.decoded(source))
    except Fault:
        return


def test_a_batch_is_not_endless() -> None:
    keys = [batches.Wanted("k", "")] * (batches.MOST_KEYS + 1)
    with pytest.raises(Fault, match="more than 1000 keys in a batch"):
        list(batches.decoded(batches.encoded(keys)))


def test_no_key_of_a_batch_is_looked_at_before_the_one_before_it_is_paid_for() -> None:
    keys = batches.decoded(b"\x0a\x03\x0a\x01k" + b"\xff" * 100)
    assert next(keys) == batches.Wanted("k", "")
    with pytest.raises(Fault, match="the batch is malformed"):
        next(keys)


def test_a_batch_holds_keys_and_nothing_else() -> None:
    with pytest.raises(Fault, match="the batch is malformed"):
        list(batches.decoded(b"\x12\x00"))
