"""Contracts that lie, flood, grow and loop: each gets a verdict, and the host is as before."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.chainmaker.inside import limits
from chains.chainmaker.inside.codec import Item, data, encoded, integer, text
from chains.chainmaker.inside.outcomes import LONGEST_MESSAGE
from tests.chains.chainmaker.bench import Bench, ended
from tests.chains.chainmaker.wat import SCRATCH, Wat

MEMORY = 3 * 65_536
OUT_OF_FUEL = ("exhausted", "it ran out of fuel")
OUT_OF_MEMORY = ("exhausted", "it used more than 64 MiB of memory")
TOO_DEEP = ("exhausted", "its calls went too deep")
OUTSIDE = ("trapped", "it reached outside its memory")

BENCH = Bench()
"""One for all, so that what one attack leaves would be found by the next."""


@pytest.fixture
def bench() -> Any:
    """The same host for all attacks; an honest contract must still work after each."""
    bench = BENCH
    yield bench
    bench.ask(do="close", ledger=1)
    bench.ask(do="open", ledger=1)
    made = Wat()
    outcome = bench.try_method(made.put("k", b"v"), made.get("k"), made.fetched(), made=made)
    assert (outcome["root"]["status"], outcome["root"]["result"]) == ("ok", "v")
    assert bench.server._running == []
    bench.ask(do="close", ledger=1)
    bench.ask(do="open", ledger=1)


def i32(value: int) -> str:
    return f"(i32.const {value})"


def looped(step: str) -> str:
    return f"(loop {step} (br 0))"


PLACES = [
    (-1, 1),
    (0, -1),
    (0, -(2**31)),
    (-1, -1),
    (MEMORY, 1),
    (MEMORY - 1, 2),
    (0, MEMORY + 1),
    (2**31 - 1, 1),
    (-(2**31), 4),
    (0, 2**31 - 1),
    (-4, 8),
]


@pytest.mark.parametrize(("pointer", "length"), PLACES)
@pytest.mark.parametrize("part", ["header", "body"])
def test_lies_about_where_a_request_is(bench: Bench, part: str, pointer: int, length: int) -> None:
    made = Wat()
    if part == "body":
        step = f"(drop {made.raw('PutState', i32(pointer) + i32(length))})"
    else:
        place = i32(pointer) + i32(length)
        step = f"(drop (call $sys_call {place} {made.constant(b'')}))"
    status, message = ended(bench.try_method(made.put("k", b"v"), step, made=made))
    bounds = f"a length of {length} is not 0 to {limits.BODY_BYTES}"
    outside = f"{length} bytes at {pointer & 0xFFFFFFFF} are outside the contract's memory"
    inside = 0 <= length <= limits.BODY_BYTES
    assert (status, message) == ("failed", outside if inside else bounds)


@pytest.mark.parametrize(("pointer", "length"), PLACES)
def test_lies_about_where_a_log_line_is(bench: Bench, pointer: int, length: int) -> None:
    step = f"(call $log_message {i32(pointer)} {i32(length)})"
    outcome = bench.try_method(step, made=Wat())
    assert (outcome["root"]["status"], outcome["log"]) == ("failed", [])


@pytest.mark.parametrize("pointer", [-1, -3, MEMORY, MEMORY - 3, 2**31 - 1, -(2**31)])
def test_lies_about_where_an_answer_shall_go(bench: Bench, pointer: int) -> None:
    made = Wat()
    asked = made.call("GetStateLen", text("key", "k"), integer("value_ptr", pointer))
    status, message = ended(bench.try_method(asked, made=made))
    outside = f"4 bytes at {pointer & 0xFFFFFFFF} are outside the contract's memory"
    assert (status, message) == ("failed", outside)


def test_an_answer_may_overwrite_the_request_that_asked_for_it(bench: Bench) -> None:
    made = Wat()
    at = made.place(b"")
    body = encoded([text("key", "k"), integer("value_ptr", at)])
    asked = f"(drop {made.raw('GetStateLen', made.constant(body))})"
    assert ended(bench.try_method(asked, made.success(b"on"), made=made)) == ("ok", "")


def test_header_and_body_may_be_the_same_bytes(bench: Bench) -> None:
    made = Wat()
    header = encoded([text("method", "PutState"), text("key", "k"), data("value", b"v")])
    same = made.constant(header)
    outcome = bench.try_method(f"(drop (call $sys_call {same} {same}))", made=made)
    assert outcome["writes"] == [["trial", "k", None, "v"]]


def damaged(count: int, tail: bytes = b"") -> bytes:
    return encoded([])[:16] + struct.pack("<i", count) + tail


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (damaged(2**31 - 1), "2147483647 items, not 0 to 128"),
        (damaged(-5), "-5 items, not 0 to 128"),
        (damaged(128), "a length of 8 where 0 bytes are left"),
        (damaged(1, struct.pack("<ii", 1, 2**31 - 1)), "a length of 2147483647 where 0 bytes are"),
        (damaged(1, struct.pack("<ii", 1, -1)), "a length of -1 where 0 bytes are left"),
        (b"\xff" * 64, "it does not begin with the head of EasyCodec"),
    ],
)
def test_requests_that_are_malformed(bench: Bench, body: bytes, why: str) -> None:
    made = Wat()
    status, message = ended(bench.try_method(made.send("PutState", body), made=made))
    assert (status, message[: len(why) + 19]) == ("failed", f"malformed request: {why}")


@pytest.mark.parametrize("name", ["GetState", "KvIteratorNext", "CallContract", "GetArg"])
def test_an_answer_is_given_once_and_to_its_own_question(bench: Bench, name: str) -> None:
    made = Wat()
    asked = made.fetch("GetSenderAddress")
    stolen = made.call(name, integer("value_ptr", SCRATCH))
    why = f"{name} without {name}Len before it"
    assert ended(bench.try_method(asked, stolen, made=made)) == ("failed", why)


LOOPS: dict[str, Callable[[Wat], str]] = {
    "nothing": lambda _: "",
    "logging": lambda made: made.log("x"),
    "reading": lambda made: made.get("k"),
    "writing": lambda made: made.put("k", b"v"),
    "failing": lambda made: made.send("No such method", b""),
    "lying": lambda _: f"(drop (call $sys_call {i32(-1)} {i32(-1)} {i32(-1)} {i32(-1)}))",
    "asking for arguments": lambda made: made.fetch("GetArg"),
    "hashing": lambda made: made.call(
        "Sha256", data("hashInput", bytes(5000)), integer("value_ptr", SCRATCH)
    ),
    "filling memory": lambda _: f"(memory.fill {i32(0)} {i32(0)} {i32(MEMORY)})",
    "copying memory": lambda _: f"(memory.copy {i32(0)} {i32(1)} {i32(MEMORY - 1)})",
    "erring": lambda made: made.error("x" * 100),
}


@pytest.mark.parametrize("name", LOOPS)
def test_endless_loops_run_out_of_fuel(bench: Bench, name: str) -> None:
    made = Wat()
    outcome = bench.try_method(looped(LOOPS[name](made)), made=made)
    status, message = ended(outcome)
    assert (status, outcome["root"]["cost"], outcome["writes"]) == ("exhausted", limits.FUEL, [])
    assert message.split("; ")[0] == "it ran out of fuel"
    assert len(message) <= LONGEST_MESSAGE
    assert len(outcome["log"]) <= limits.LOG_LINES + 1


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        (looped("(drop (memory.grow (i32.const 1)))"), OUT_OF_MEMORY),
        ("(drop (memory.grow (i32.const 1500))) (unreachable)", OUT_OF_MEMORY),
        ("(drop (memory.grow (i32.const 1500)))", OUT_OF_MEMORY),
        ("(drop (memory.grow (i32.const 65000))) (unreachable)", ("trapped", "it panicked")),
        ("(drop (memory.grow (i32.const -1)))", ("ok", "")),
        (f"(drop (i32.load {i32(-4)}))", OUTSIDE),
        (f"(i32.store {i32(MEMORY)} {i32(1)})", OUTSIDE),
        (f"(memory.fill {i32(0)} {i32(1)} {i32(-1)})", OUTSIDE),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", ("trapped", "it divided by zero")),
        (
            "(drop (i32.div_s (i32.const -2147483648) (i32.const -1)))",
            ("trapped", "a division overflowed"),
        ),
        (
            "(drop (i32.trunc_f64_s (f64.const 1e300)))",
            ("trapped", "a division overflowed"),
        ),
        ("(unreachable)", ("trapped", "it panicked")),
    ],
)
def test_memory_and_numbers(bench: Bench, steps: str, verdict: tuple[str, str]) -> None:
    assert ended(bench.try_method(steps, made=Wat())) == verdict


UNREACHABLE = "(then (unreachable)))"
TABLE = "(table $t 2 200000 funcref) (type $v (func)) (type $n (func (param i32))) "


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ("(call_indirect $t (type $v) (i32.const 0))", TOO_DEEP),
        ("(call_indirect $t (type $n) (i32.const 0) (i32.const 0))", None),
        (
            "(call_indirect $t (type $v) (i32.const 1))",
            ("trapped", "it called a function that is not there"),
        ),
        (
            "(call_indirect $t (type $v) (i32.const 2))",
            ("trapped", "it reached outside a table"),
        ),
        (
            "(if (i32.ge_s (table.grow $t (ref.null func) (i32.const 150000)) (i32.const 0))"
            + UNREACHABLE,
            ("ok", ""),
        ),
        (looped("(drop (table.grow $t (ref.null func) (i32.const 10)))"), OUT_OF_FUEL),
    ],
)
def test_tables(bench: Bench, steps: str, verdict: tuple[str, str] | None) -> None:
    made = Wat()
    made.extra(TABLE)
    made.extra("(func $again (call_indirect $t (type $v) (i32.const 0)))")
    made.extra("(elem (table $t) (i32.const 0) func $again)")
    wrong_type = ("trapped", "it called a function as one of another type")
    assert ended(bench.try_method(steps, made=made)) == (verdict or wrong_type)


def test_recursion_ends(bench: Bench) -> None:
    made = Wat()
    made.extra("(func $deeper (call $deeper))")
    assert ended(bench.try_method("(call $deeper)", made=made)) == TOO_DEEP


def test_recursion_in_the_deepest_call_ends(bench: Bench) -> None:
    made = Wat()
    made.extra("(func $deeper (call $deeper))")
    made.method("go", "(call $deeper)")
    bench.install("c5", made)
    for number in range(5):
        caller = Wat()
        caller.method("go", caller.cross(f"c{number + 1}", "go"))
        bench.install(f"c{number}", caller)
    assert ended(bench.run("c0", "go")) == TOO_DEEP


def test_a_contract_that_calls_itself_ends(bench: Bench) -> None:
    made = Wat()
    again = made.cross("trial", "go")
    verdict = ended(bench.try_method(made.put("k", b"v"), again, made=made))
    assert verdict == ("exhausted", "contracts called each other more than 5 deep")


def test_calls_that_call_twice_each_run_out_of_fuel(bench: Bench) -> None:
    """2^5 calls are few, but each may begin a loop of calls."""
    for number in range(5, -1, -1):
        made = Wat()
        step = made.cross(f"c{number + 1}", "go", name="TryCallContract") if number < 5 else ""
        made.method("go", looped(step))
        bench.install(f"c{number}", made)
    assert ended(bench.run("c0", "go")) == OUT_OF_FUEL


def opening(made: Wat) -> str:
    return made.call("KvPreIterator", text("start_key", "k"), integer("value_ptr", SCRATCH))


def test_iterators_are_left_open_and_gone(bench: Bench) -> None:
    made = Wat()
    made.method("leave", *[opening(made)] * limits.OPEN_ITERATORS)
    made.method("use", made.call("KvIteratorClose", integer("rs_index", 1)))
    made.method("flood", *[opening(made)] * (limits.OPEN_ITERATORS + 1))
    bench.install("trial", made)
    found = [ended(bench.run("trial", name)) for name in ("leave", "use", "flood")]
    many = f"more than {limits.OPEN_ITERATORS} iterators are open"
    assert found == [("ok", ""), ("failed", "no iterator 1 is open"), ("failed", many)]


def test_an_iterator_is_not_for_the_contract_that_is_called(bench: Bench) -> None:
    thief = Wat()
    thief.method("go", thief.call("KvIteratorClose", integer("rs_index", 1)))
    bench.install("thief", thief)
    made = Wat()
    verdict = ended(bench.try_method(opening(made), made.cross("thief", "go"), made=made))
    assert verdict[0] == "failed"
    assert verdict[1].startswith("thief.go: no iterator 1 is open")


def test_iterating_again_and_again_costs_by_the_key(bench: Bench) -> None:
    made = Wat()
    made.method("init_contract", *[made.put(f"k{n}", b"v") for n in range(200)])
    made.method("once", opening(made), made.call("KvIteratorClose", integer("rs_index", 1)))
    bench.install("trial", made)
    assert bench.run("trial", "once")["root"]["cost"] > 200 * limits.SCANNED_KEY


def test_events_do_not_flood(bench: Bench) -> None:
    made = Wat()
    outcome = bench.try_method(looped(made.event("t")), made=made)
    assert ended(outcome) == ("exhausted", "it emitted more than 256 events")
    assert outcome["events"] == []


def test_a_transaction_does_not_record_without_end(bench: Bench) -> None:
    """Large values are read back and forth until more is read than anybody wants to keep."""
    made = Wat()
    keys = [f"k{n}" for n in range(9)]
    for key in keys:
        item = encoded([text("key", key), data("value", b"")])[:-4] + struct.pack("<i", 500_000)
        made.method(f"put{key}", grown(made, item, 500_000))
    made.method(
        "read",
        *[made.call("GetStateLen", text("key", k), integer("value_ptr", SCRATCH)) for k in keys],
    )
    bench.install("trial", made)
    assert {ended(bench.run("trial", f"put{key}")) for key in keys} == {("ok", "")}
    outcome = bench.run("trial", "read")
    assert ended(outcome) == ("exhausted", "the transaction would record more than 2 MiB")
    assert (outcome["reads"], outcome["root"]["cost"]) == ([], limits.FUEL)


def grown(made: Wat, head: bytes, size: int) -> str:
    """PutState of a value of so many zeros, in memory that is grown for it."""
    at = 3 * 65_536
    copied = f"(memory.copy {i32(at)} {i32(made.place(head))} {i32(len(head))})"
    grow = "(drop (memory.grow (i32.const 20)))"
    return f"{grow}{copied}(drop {made.raw('PutState', i32(at) + i32(len(head) + size))})"


def test_a_ledger_does_not_fill_without_end(bench: Bench) -> None:
    made = Wat()
    item = encoded([text("key", "k"), data("value", b"")])[:-4] + struct.pack("<i", 1_000_000)
    made.method("fill", grown(made, item, 1_000_000))
    made.method("clear", made.delete("k"))
    bench.install("trial", made)
    verdicts = []
    for _ in range(35):
        verdicts.append(ended(bench.run("trial", "fill")))
        bench.run("trial", "clear")
    assert verdicts[:33] == [("ok", "")] * 33
    assert verdicts[33:] == [("exhausted", "the ledger would hold more than 32 MiB")] * 2


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({f"a{n}": "" for n in range(51)}, "51 arguments, more than 50"),
        ({"a b": ""}, "'a b' is no name of an argument"),
        ({"": ""}, "'' is no name of an argument"),
        ({"a": "x" * (limits.BODY_BYTES + 1)}, "the argument 'a' has 1048577 bytes, more than"),
    ],
)
def test_arguments_that_are_not_taken(bench: Bench, args: dict[str, str], why: str) -> None:
    bench.install("trial", Wat())
    outcome = bench.run("trial", "go", args=args)
    assert outcome["refused"].startswith(why)


NUMBERS = st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, -1, 16, MEMORY]))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=8))
def test_any_numbers_are_given_a_verdict(calls: list[tuple[int, int, int, int]]) -> None:
    bench = Bench()
    steps = [f"(drop (call $sys_call {''.join(map(i32, call))}))" for call in calls]
    assert bench.try_method(*steps, made=Wat())["root"]["status"] == "failed"


METHODS = [
    *("GetStateLen", "GetState", "PutState", "DeleteState", "EmitEvent", "CallContractLen"),
    *("TryCallContractLen", "KvIterator", "KvPreIterator", "KvIteratorHasNext", "Sha256"),
    *("KvIteratorNextLen", "KvIteratorClose", "HistoryKvIterator", "HistoryKvIterNextLen"),
    *("GetBatchStateLen", "GetSenderAddressLen", "GetArgLen", "SuccessResult", "ErrorResult"),
]
NAMES = ["key", "field", "value", "value_ptr", "rs_index", "topic", "start_key", "start_field"]
NAMES += ["limit_key", "contract_name", "method", "param", "BatchKeys", "hashInput"]
VALUES = st.one_of(
    st.builds(integer, st.sampled_from(NAMES), NUMBERS),
    st.builds(
        text, st.sampled_from(NAMES), st.sampled_from(["", "k", "a.b", "a b", "trial", "go"])
    ),
    st.builds(data, st.sampled_from(NAMES), st.binary(max_size=30)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(METHODS), st.lists(VALUES, max_size=8)), max_size=8))
def test_any_requests_are_given_a_verdict(calls: list[tuple[str, list[Item]]]) -> None:
    bench = Bench()
    made = Wat()
    steps = [made.call(method, *items) for method, items in calls]
    outcome = bench.try_method(*steps, made=made)
    assert outcome["root"]["status"] in ("ok", "failed", "exhausted")
    if outcome["root"]["status"] != "ok":
        assert (outcome["writes"], outcome["events"]) == ([], [])
