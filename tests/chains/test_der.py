"""DER: one encoding for each value, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import der


@given(st.integers(-(2**80), 2**80))
def test_integers_come_back(value: int) -> None:
    assert der.read_integer(der.read(der.integer(value))[0]) == value


@given(st.lists(st.integers(0, 2**40), max_size=6), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back(rest: list[int], first: int, second: int) -> None:
    for start in (second, *([second + 1000] if first == 2 else [])):
        dotted = ".".join(map(str, (first, start, *rest)))
        assert der.read_oid(der.read(der.oid(dotted))[0]) == dotted


@given(st.integers(-(2**31), 2**34))
def test_times_come_back(seconds: int) -> None:
    if seconds >= 0:  # two digits of a year reach from 1970, by our reading, to 2049
        assert der.read_time(der.read(der.time(seconds))[0]) == seconds


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_come_back(size: int) -> None:
    content = b"x" * size
    assert der.read(der.item(der.OCTET_STRING, content) + b"rest") == (
        (der.OCTET_STRING, content),
        b"rest",
    )


def test_lengths_are_the_shortest() -> None:
    assert der.item(4, b"x" * 127)[:2] == b"\x04\x7f"
    assert der.item(4, b"x" * 128)[:3] == b"\x04\x81\x80"
    assert der.item(4, b"x" * 256)[:4] == b"\x04\x82\x01\x00"


def test_well_known_encodings() -> None:
    # X.690 §8.19.5 for the identifier, §8.3 for integers, RFC 5280 §4.1.2.5 for times.
    assert der.oid("2.999.3").hex() == "0603883703"
    assert der.oid("1.2.156.10197.1.301").hex() == "06082a811ccf5501822d"
    numbers = [0, 127, 128, 255, 256, -128, -129]
    assert [der.integer(number).hex() for number in numbers] == [
        "020100",
        "02017f",
        "02020080",
        "020200ff",
        "02020100",
        "020180",
        "0202ff7f",
    ]
    assert der.time(2_524_607_999) == b"\x17\x0d491231235959Z"
    assert der.time(2_524_608_000) == b"\x18\x0f20500101000000Z"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "02",
        "0201",
        "028101ff",
        "0281",
        "02817f" + "01" * 127,
        "0282008001" + "01" * 127,
        "02820001ff",
        "0280",
        "02850000000001ff",
        "0285010000000001",
        "0200",
        "02020001",
        "0202ffff",
        "040101",
    ],
)
def test_other_integers_are_refused(data: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever it says
        der.read_integer(der.read(bytes.fromhex(data))[0])


@pytest.mark.parametrize(
    "data", ["0600", "060188", "06038001", "0604558001ff", "0603550080", "0400"]
)
def test_other_object_identifiers_are_refused(data: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever it says
        der.read_oid(der.read(bytes.fromhex(data))[0])


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (der.UTC_TIME, b"231113221320"),
        (der.UTC_TIME, b"2311132213Z"),
        (der.UTC_TIME, b"231113221320+0800"),
        (der.UTC_TIME, b"231313221320Z"),
        (der.UTC_TIME, b"20231113221320Z"),
        (der.UTC_TIME, b"500101000000Z"),
        (der.UTC_TIME, b"\xff31113221320Z"),
        (der.GENERALIZED_TIME, b"20231113221320Z"),
        (der.UTF8, b"231113221320Z"),
    ],
)
def test_other_times_are_refused(tag: int, text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever it says
        der.read_time((tag, text))


def test_what_is_behind_is_refused() -> None:
    good = der.sequence(der.integer(1))
    assert der.read_sequence(good) == [(der.INTEGER, b"\x01")]
    for other in (good + b"\0", good[:-1], der.set_of(der.integer(1)), b""):
        with pytest.raises(ValueError):  # noqa: PT011  # whatever it says
            der.read_sequence(other)


def test_bit_strings_are_whole_bytes() -> None:
    assert der.read_bits(der.read(der.bits(b"ab"))[0]) == b"ab"
    for other in (der.bits(b"\x80", 7), der.item(der.BIT_STRING, b""), der.integer(1)):
        with pytest.raises(ValueError):  # noqa: PT011  # whatever it says
            der.read_bits(der.read(other)[0])


def test_sets_are_sorted() -> None:
    assert der.set_of(b"\x02\x01\x05", b"\x02\x01\x01").hex() == "3106020101020105"
