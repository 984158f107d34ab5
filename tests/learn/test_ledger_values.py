"""Values as people read them, and the state after each transaction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.types import Read, Write
from learn.ledger_values import MOST_CHARACTERS, MOST_ROWS, Value, key, moment, value
from tests.learn.ledger_rows import call, entries_of

KEYS = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.one_of(st.none(), st.sampled_from(["1", "2", ""]))


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=12))
def test_the_state_is_that_of_all_writes_so_far(steps: list[dict[str, str | None]]) -> None:
    state: dict[str, str] = {}
    calls, states = [], []
    for number, puts in enumerate(steps, 1):
        writes = tuple(
            Write("carbon", name, state.get(name), after)
            for name, after in sorted(puts.items())
            if after is not None or name in state
        )
        for write in writes:
            if write.after is None:
                del state[write.key]
            else:
                state[write.key] = write.after
        calls.append(call(number, writes=writes))
        states.append(dict(sorted(state.items())))
    found = [each.after for each in entries_of(*calls)]
    shown = [
        {row.key.text: row.after.text for row in after.rows if row.after is not None}
        for after in found
    ]
    assert shown == states
    assert [after.left_out for after in found] == [0] * len(calls)
    for one, after in zip(calls, found, strict=True):
        marked = {row.key.text for row in after.rows if row.mark}
        assert marked == {write.key for write in one.writes}


def test_what_a_write_did_to_its_key() -> None:
    writes = (
        Write("carbon", "a", None, "1"),
        Write("carbon", "b", "1", "2"),
        Write("carbon", "c", "1", None),
        Write("carbon", "d", "1", "1"),
    )
    (only,) = entries_of(call(1, writes=writes))
    assert [row.mark for row in only.touched] == ["new", "changed", "deleted", "same"]
    assert [row.key.text for row in only.after.rows if row.after is None] == ["c"]


def test_reads_come_in_their_order_and_with_what_was_written_there() -> None:
    reads = (Read("carbon", "z", "9"), Read("carbon", "b", "1"), Read("carbon", "n", None))
    writes = (Write("carbon", "a", None, "1"), Write("carbon", "b", "1", "2"))
    (only,) = entries_of(call(1, reads=reads, writes=writes))
    assert [(row.key.text, row.mark) for row in only.touched] == [
        ("z", "read"),
        ("b", "changed"),
        ("n", "read"),
        ("a", "new"),
    ]
    assert only.touched[2].before is None


def test_a_large_state_keeps_what_was_touched() -> None:
    many = tuple(Write("carbon", f"k{number:03}", None, "1") for number in range(MOST_ROWS + 40))
    late = Write("carbon", "z", None, "1")
    after = entries_of(call(1, writes=many), call(2, writes=(late,)))[1].after
    assert len(after.rows) == MOST_ROWS
    assert after.left_out == 41
    assert [row.key.text for row in after.rows if row.mark] == ["z"]


def test_contracts_have_keys_of_their_own() -> None:
    one, other = Write("a", "k", None, "1"), Write("b", "k", None, "2")
    after = entries_of(call(1, writes=(one,)), call(2, writes=(other,)))[1].after
    assert [(row.contract, row.after) for row in after.rows] == [
        ("a", Value("1")),
        ("b", Value("2")),
    ]


# Values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Value("")),
        ("12", Value("12")),
        ("0x" + "00" * 31 + "0c", Value("12", "0x…0c")),
        ("0x" + "ab" * 32, Value("0x" + "ab" * 32, is_digest=True)),
        ("0x" + "ab" * 20, Value("0x" + "ab" * 20)),
        ('{"a":[1]}', Value('{\n  "a": [\n    1\n  ]\n}', is_long=True)),
        ("{not json", Value("{not json")),
        ("a\nb", Value("a\nb", is_long=True)),
    ],
)
def test_values_as_people_read_them(text: str, expected: Value) -> None:
    assert value(text) == expected


def test_a_value_that_is_too_long_is_cut_and_counted() -> None:
    found = value("x" * (MOST_CHARACTERS + 1234))
    assert found is not None
    assert (len(found.text), found.text[-1]) == (MOST_CHARACTERS + 1, "…")
    assert found.note == "and 1,234 more characters"
    assert value(None) is None


def test_slots_lose_their_zeros() -> None:
    assert key("0x" + "00" * 31 + "20") == Value("0x…20")
    assert key("0x" + "ab" * 32) == Value("0x" + "ab" * 32, is_digest=True)
    assert key("PV#stage") == Value("PV#stage")


def test_moments_are_utc() -> None:
    assert moment(1_700_000_000) == "2023-11-14 22:13:20"
