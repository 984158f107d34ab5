"""Iterators over keys and over the history of a key."""

from __future__ import annotations

import pytest

from chains.chainmaker.inside.codec import Item, data, integer, text
from tests.chains.chainmaker.bench import Bench, ended, items_of, keeper
from tests.chains.chainmaker.wat import SCRATCH, Wat


@pytest.fixture
def bench() -> Bench:
    return Bench()


def rows_of(bench: Bench, made: Wat, opening: str, word: str, rows: int) -> list[list[Item]]:
    """What an iterator yields row by row, each row in a transaction of its own."""
    index = integer("ks_index" if word.startswith("History") else "rs_index", 1)
    found = []
    for count in range(1, rows + 1):
        steps = "".join(made.fetch(f"{word}Next", index) for _ in range(count))
        made.method(f"row{count}", opening, steps, made.fetched())
    bench.install("rows", made)
    bench.run("rows", "change")
    for count in range(1, rows + 1):
        outcome = bench.run("rows", f"row{count}")
        if outcome["root"]["status"] != "ok":
            why = "the iterator has no more rows"
            again = f"{word}Next without {word}NextLen before it"
            assert ended(outcome) == ("failed", f"{why}; {again}")
            break
        found.append(items_of(outcome))
    return found


def row(key: str, field: str, value: bytes) -> list[Item]:
    return [text("key", key), text("field", field), data("value", value)]


def test_iterating_goes_from_the_start_to_before_the_limit(bench: Bench) -> None:
    made = keeper()
    made.method(
        "change", made.delete("cfg", "time"), made.put("dog", b"1"), made.put("name1", b"2")
    )
    opening = made.call(
        "KvIterator",
        text("start_key", "cfg"),
        text("start_field", ""),
        text("limit_key", "name1"),
        text("limit_field", ""),
        integer("value_ptr", SCRATCH),
    )
    assert rows_of(bench, made, opening, "KvIterator", 4) == [
        row("cfg", "owner", b"grid"),
        row("dog", "", b"1"),
        row("name", "", b"carbon"),
    ]


def test_iterating_sees_what_the_transaction_wrote(bench: Bench) -> None:
    made = keeper()
    made.method("change")
    writes = made.put("cfg", b"new", "zone") + made.delete("cfg", "owner")
    opening = made.call(
        "KvPreIterator",
        text("start_key", "cfg"),
        text("start_field", ""),
        integer("value_ptr", SCRATCH),
    )
    assert rows_of(bench, made, writes + opening, "KvIterator", 3) == [
        row("cfg", "time", b"noon"),
        row("cfg", "zone", b"new"),
    ]


def change(value: bytes, height: int, *, deleted: bool) -> list[Item]:
    return [
        data("value", value),
        text("txId", f"{height:064x}"),
        integer("blockHeight", height),
        text("timestamp", str(1_700_000_000 + height)),
        integer("isDelete", int(deleted)),
    ]


def test_an_iterator_tells_whether_there_is_more_and_closes(bench: Bench) -> None:
    made = keeper()
    pointer = integer("value_ptr", SCRATCH)
    opening = made.call("KvPreIterator", text("start_key", "name"), pointer)
    more = made.call("KvIteratorHasNext", integer("rs_index", 1), pointer)
    following = made.fetch("KvIteratorNext", integer("rs_index", 1))
    closing = made.call("KvIteratorClose", integer("rs_index", 1), pointer)
    told = f"(drop {made.raw('SuccessResult', f'(i32.const {SCRATCH}) (i32.const 4)')})"
    made.method("opened", opening, told)
    made.method("first", opening, more, told)
    made.method("last", opening, following, more, told)
    made.method("closed", opening, closing, told)
    made.method("late", opening, closing, more)
    bench.install("keeper", made)
    found = [bench.run("keeper", name)["root"]["result"] for name in ("opened", "first", "closed")]
    assert found == ["\x01\0\0\0"] * 3
    assert bench.run("keeper", "last")["root"]["result"] == "\0\0\0\0"
    assert ended(bench.run("keeper", "late")) == ("failed", "no iterator 1 is open")


def test_only_rows_that_were_taken_are_read(bench: Bench) -> None:
    made = keeper()
    opening = made.call("KvPreIterator", text("start_key", "cfg"), integer("value_ptr", SCRATCH))
    made.method("go", opening, made.fetch("KvIteratorNext", integer("rs_index", 1)))
    bench.install("keeper", made)
    assert bench.run("keeper", "go")["reads"] == [["keeper", "cfg#owner", "grid"]]


def test_the_history_of_a_key_is_told_oldest_first(bench: Bench) -> None:
    made = keeper()
    made.method("change", made.delete("name"))
    opening = made.call(
        "HistoryKvIterator",
        text("start_key", "name"),
        text("start_field", ""),
        integer("value_ptr", SCRATCH),
    )
    assert rows_of(bench, made, opening, "HistoryKvIter", 3) == [
        change(b"carbon", 1, deleted=False),
        change(b"", 2, deleted=True),
    ]
