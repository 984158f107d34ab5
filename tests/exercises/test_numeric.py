"""Numbers as learners write them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.numbers import exact, plain, read_number, written
from exercises.registry import kind_named
from exercises.types import Broken, Outcome, Tools, Unreadable, Variant, Verdict
from tests.exercises.specimens import NUMERIC

NUMERICS = kind_named("numeric")


def graded(spec: dict[str, Any], value: str, unit: str = "", seed: int = 1) -> Verdict:
    variant = NUMERICS.vary(spec, seed)
    answer = NUMERICS.read(spec, variant, {"value": [value], "unit": [unit]})
    return NUMERICS.grade(spec, variant, answer, Tools())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("  12 ", 12),
        ("+12", 12),
        ("-0.5", "-1/2"),
        ("− 3", -3),
        ("–3", -3),
        ("１２．５", "25/2"),
        ("3。5", "7/2"),
        ("－７", -7),
        (".5", "1/2"),
        ("5.", 5),
        ("0.1", "1/10"),
        ("1,234,567", 1234567),
        ("１，２３４", 1234),
        ("1,234.5", "2469/2"),
        ("1 234 567", 1234567),
        ("12\u00a0345", 12345),
        ("1_000", 1000),
        ("3.141 592", "3141592/1000000"),
        ("1e3", 1000),
        ("1.5E-3", "3/2000"),
        ("1.5×10^3", 1500),
        ("1.5 x 10^-3", "3/2000"),
        ("2*10**4", 20000),
        ("1.5×10³", 1500),
        ("1.5×10⁻³", "3/2000"),
        ("1e400", 10**400),
        ("9" * 3000, 10**3000 - 1),
    ],
)
def test_a_decimal_number(text: str, number: int | str) -> None:
    assert read_number(plain(text), "decimal") == (Fraction(number), "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        ".",
        "-",
        "1,5",
        "1,23,456",
        "1234,567",
        "1.2.3",
        "1,234,",
        "--1",
        "1e",
        "1e999999999",
        "1e-999999999",
        "1e401",
        "10^999999999",
        "1×10^999999999",
        "1e99999999999999999999",
        "5²",
        "10³",
        "½",
        "٣",
        "∞",
        "NaN",
        "inf",
        "0x10",
        "1" * 4001,
        "５" * 4001,
        "²" * 2001,
    ],
)
def test_no_decimal_number(text: str) -> None:
    spec = {"answer": 1}
    with pytest.raises(Unreadable) as refusal:
        graded(spec, text)
    assert sorted(refusal.value.message) == ["en", "zh-hans"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ff", 255),
        ("0xFF", 255),
        ("0Xff", 255),
        ("ＦＦ", 255),
        ("-0x10", -16),
        ("00ff", 255),
        ("de ad be ef", 0xDEADBEEF),
        ("dead_beef", 0xDEADBEEF),
        ("de:ad", 0xDEAD),
        ("1e3", 0x1E3),
        ("f" * 3000, 16**3000 - 1),
    ],
)
def test_a_hexadecimal_number(text: str, number: int) -> None:
    assert read_number(plain(text), "hexadecimal") == (Fraction(number), "")


@pytest.mark.parametrize("text", ["0x", "xyz", "0xgg", "1.5", "ff h", "0x0x1"])
def test_no_hexadecimal_number(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(plain(text), "hexadecimal")


@pytest.mark.parametrize(("text", "right"), [("12", True), ("12.0", True), ("1.2e1", True)])
def test_a_whole_number_may_be_written_with_a_point(text: str, *, right: bool) -> None:
    assert (graded({"answer": 12, "input": "integer"}, text).score == 1) is right


@pytest.mark.parametrize("text", ["1.5", "1e-1", "0x10", "ff"])
def test_no_whole_number_is_no_try(text: str) -> None:
    with pytest.raises(Unreadable):
        graded({"answer": 12, "input": "integer"}, text)


UNITS = {
    "answer": 2048,
    "units": [
        {"unit": "B", "factor": 1},
        {"unit": "KiB", "factor": 1024},
        {"unit": "%", "factor": 0.01},
        {"unit": "字节", "factor": 1},
    ],
}


@pytest.mark.parametrize(
    ("value", "unit", "score"),
    [
        ("2048", "B", 1),
        ("2048", "", 1),
        ("2", "KiB", 1),
        ("2 KiB", "B", 1),
        ("2KiB", "", 1),
        ("2 kib", "", 1),
        ("２ＫｉＢ", "", 1),
        ("204800%", "", 1),
        ("204800％", "", 1),
        ("2048字节", "", 1),
        ("2 048 B", "", 1),
        ("2e0 KiB", "", 1),
        ("2", "B", 0),
        ("2048", "KiB", 0),
    ],
)
def test_units(value: str, unit: str, score: int) -> None:
    assert graded(UNITS, value, unit).score == score


@pytest.mark.parametrize(("value", "unit"), [("2 MiB", "B"), ("2", "MiB"), ("2 B B", "")])
def test_unknown_units_are_no_try(value: str, unit: str) -> None:
    with pytest.raises(Unreadable, match="B, KiB, %, 字节"):
        graded(UNITS, value, unit)


def test_a_unit_where_none_is_known_is_no_try() -> None:
    with pytest.raises(Unreadable, match="alone"):
        graded({"answer": 2}, "2 KiB")
    assert graded({"answer": 2}, "2", "forged unit").score == 1


@pytest.mark.parametrize(
    ("tolerance", "given", "score"),
    [
        ({}, "0.3", 1),
        ({}, "0.30000000000000001", 0),
        ({"absolute": 0.1}, "0.4", 1),
        ({"absolute": 0.1}, "0.4000000001", 0),
        ({"relative": 0.5}, "0.15", 1),
        ({"relative": 0.5}, "0.1499", 0),
        ({"absolute": 0.01, "relative": 0.5}, "0.45", 1),
    ],
)
def test_tolerance_is_exact_and_holds_at_its_edge(
    tolerance: dict[str, float], given: str, score: int
) -> None:
    assert graded({"answer": 0.3, "tolerance": tolerance}, given).score == score


def test_a_foreseen_mistake_is_answered() -> None:
    variant = NUMERICS.vary(NUMERIC, 1)
    n = variant.values["n"]
    assert isinstance(n, int)
    verdict = graded(NUMERIC, str(2 * n))
    assert verdict.outcome is Outcome.WRONG
    assert [remark.misconception for remark in verdict.feedback] == ["secret-4"]
    assert graded(NUMERIC, "1").feedback == ()


def test_an_answer_that_is_no_number_is_never_the_learners_fault() -> None:
    variant = Variant(1, {"n": 1})
    for answer in ("'x'", "1 / 0", "missing", "[1]", "n == 1"):
        with pytest.raises(Broken):
            NUMERICS.grade({"answer": answer}, variant, {"value": "1", "unit": ""}, Tools())


@given(number=st.integers(min_value=-(10**60), max_value=10**60))
def test_integers_are_read_in_every_writing(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number:_}", f"{number:,}".replace(",", " ")):
        assert read_number(plain(text), "integer") == (Fraction(number), "")
    assert read_number(plain(hex(number)), "hexadecimal") == (Fraction(number), "")


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_an_authors_float_is_what_its_digits_say(number: float) -> None:
    form = written(number, "decimal")
    assert read_number(plain(form), "decimal") == (exact(number), "")
