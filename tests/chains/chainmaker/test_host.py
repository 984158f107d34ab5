"""What contracts may ask of the ledger, by the names of ChainMaker's host interface."""

from __future__ import annotations

import hashlib

import pytest

from chains.chainmaker.inside import batches, limits
from chains.chainmaker.inside.codec import Item, data, encoded, integer, text
from tests.chains.chainmaker.bench import (
    KEPT,
    SENDER,
    Bench,
    digest_of,
    ended,
    items_of,
    keeper,
)
from tests.chains.chainmaker.wat import SCRATCH, Wat


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_installation_writes_and_answers(bench: Bench) -> None:
    outcome = bench.install("keeper", keeper())
    assert outcome == {
        "root": {
            "contract": "keeper",
            "method": "init_contract",
            "args": {},
            "status": "ok",
            "result": "ready",
            "message": "",
            "cost": outcome["root"]["cost"],
            "calls": [],
        },
        "reads": [],
        "writes": [
            ["keeper", "cfg#owner", None, "grid"],
            ["keeper", "cfg#time", None, "noon"],
            ["keeper", "name", None, "carbon"],
        ],
        "events": [],
        "log": [],
    }
    assert bench.state("keeper") == KEPT


def test_state_is_read_in_two_halves_and_each_key_once(bench: Bench) -> None:
    made = keeper()
    made.method(
        "read", made.get("name"), made.get("nothing"), made.get("cfg", "owner"), made.fetched()
    )
    bench.install("keeper", made)
    outcome = bench.run("keeper", "read")
    assert outcome["root"]["result"] == "grid"
    assert outcome["reads"] == [
        ["keeper", "name", "carbon"],
        ["keeper", "nothing", None],
        ["keeper", "cfg#owner", "grid"],
    ]


def test_what_a_transaction_wrote_itself_is_no_read(bench: Bench) -> None:
    made = keeper()
    made.method("go", made.put("name", b"medical"), made.get("name"), made.fetched())
    bench.install("keeper", made)
    outcome = bench.run("keeper", "go")
    assert (outcome["root"]["result"], outcome["reads"]) == ("medical", [])
    assert outcome["writes"] == [["keeper", "name", "carbon", "medical"]]


def test_only_what_differs_is_written(bench: Bench) -> None:
    made = keeper()
    steps = [
        made.put("name", b"x"),
        made.put("name", b"carbon"),
        made.delete("gone"),
        made.delete("cfg", "time"),
        made.put("cfg", b"", "owner"),
        made.put("new", b"\xff\x00"),
    ]
    made.method("go", *steps)
    bench.install("keeper", made)
    assert bench.run("keeper", "go")["writes"] == [
        ["keeper", "cfg#owner", "grid", None],
        ["keeper", "cfg#time", "noon", None],
        ["keeper", "new", None, "\xff\x00"],
    ]
    assert bench.state("keeper") == {"name": "carbon", "new": "\xff\x00"}


def test_a_query_changes_nothing(bench: Bench) -> None:
    made = keeper()
    made.method(
        "go", made.put("name", b"x"), made.event("t", "d"), made.get("name"), made.fetched()
    )
    bench.install("keeper", made)
    outcome = bench.run("keeper", "go", keep=False)
    assert (outcome["root"]["status"], outcome["root"]["result"]) == ("ok", "x")
    assert outcome["writes"] == []
    assert bench.state("keeper") == KEPT


def test_events_keep_their_order_and_bytes(bench: Bench) -> None:
    made = keeper()
    second = made.call(
        "EmitEvent", text("topic", "two"), text("data0", "a"), data("data1", b"\xff")
    )
    made.method("go", made.event("one"), second, made.event("one", *"0123456789abcdef"))
    bench.install("keeper", made)
    assert bench.run("keeper", "go")["events"] == [
        ["keeper", "one", []],
        ["keeper", "two", ["a", "\xff"]],
        ["keeper", "one", [*"0123456789abcdef"]],
    ]


def test_arguments_are_the_callers_and_the_ledgers(bench: Bench) -> None:
    made = keeper()
    made.method("go", made.fetch("GetArg"), made.fetched())
    bench.install("keeper", made)
    args = {"asset": "A1", "__sender_role__": "admin", "__method__": "forged"}
    outcome = bench.run("keeper", "go", args=args, sender=["b.example", "light", "pk", "addr"])
    found = [(item.key, item.value) for item in items_of(outcome)]
    expected = {
        "asset": "A1",
        "__creator_org_id__": SENDER[0],
        "__creator_role__": SENDER[1],
        "__creator_pk__": SENDER[2],
        "__sender_org_id__": "b.example",
        "__sender_role__": "light",
        "__sender_pk__": "pk",
        "__block_height__": "2",
        "__tx_id__": f"{2:064x}",
        "__tx_time_stamp__": "1700000002",
        "__context_ptr__": "1",
        "__method__": "go",
        "__contract_name__": "keeper",
        "__contract_addr__": hashlib.new("sm3", b"keeper").hexdigest()[-40:],
    }
    assert found == [(key, value.encode()) for key, value in expected.items()]
    assert outcome["root"]["args"] == args


def test_arguments_are_put_where_allocate_says(bench: Bench) -> None:
    made = keeper()
    made.method("go", f"(drop {made.raw('SuccessResult', '(i32.const 131072) (i32.const 20)')})")
    bench.install("keeper", made)
    assert bench.run("keeper", "go")["root"]["result"][:16] == "cmecv1.0" + "\xff" * 8


def test_the_senders_address_and_a_digest(bench: Bench) -> None:
    made = keeper()
    made.method("who", made.fetch("GetSenderAddress"), made.fetched())
    hashing = made.call("Sha256", data("hashInput", b"abc"), integer("value_ptr", SCRATCH))
    result = made.raw("SuccessResult", f"(i32.const {SCRATCH}) (i32.const 32)")
    made.method("digest", hashing, f"(drop {result})")
    bench.install("keeper", made)
    assert bench.run("keeper", "who")["root"]["result"] == SENDER[3]
    digest = bench.run("keeper", "digest")["root"]["result"].encode("latin-1")
    assert digest == hashlib.sha256(b"abc").digest()


def test_a_batch_of_keys(bench: Bench) -> None:
    made = keeper()
    wanted = batches.encoded([batches.Wanted("cfg", "owner"), batches.Wanted("none", "")])
    made.method("go", made.fetch("GetBatchState", data("BatchKeys", wanted)), made.fetched())
    bench.install("keeper", made)
    outcome = bench.run("keeper", "go")
    found = [batches.Wanted("cfg", "owner", b"grid"), batches.Wanted("none", "")]
    assert outcome["root"]["result"].encode("latin-1") == batches.encoded(found)
    assert outcome["reads"] == [["keeper", "cfg#owner", "grid"], ["keeper", "none", None]]


def test_an_error_takes_everything_back(bench: Bench) -> None:
    made = keeper()
    made.method(
        "go",
        made.put("name", b"x"),
        made.event("t"),
        made.log("so far"),
        made.success(b"fine"),
        made.error("no"),
        made.error("not at all"),
        made.success(b"fine after all"),
    )
    bench.install("keeper", made)
    outcome = bench.run("keeper", "go")
    assert ended(outcome) == ("failed", "no; not at all")
    assert (outcome["root"]["result"], outcome["writes"], outcome["events"]) == ("", [], [])
    assert outcome["log"] == ["so far"]
    assert bench.state("keeper") == KEPT


def test_why_it_was_ended_comes_before_its_own_reasons(bench: Bench) -> None:
    made = Wat()
    outcome = bench.try_method(made.error("first"), made.error("then"), "(unreachable)", made=made)
    assert ended(outcome) == ("trapped", "it panicked; first; then")


def test_a_failed_installation_leaves_no_contract(bench: Bench) -> None:
    made = Wat()
    made.method("init_contract", made.put("k", b"v"), made.error("not today"))
    assert ended(bench.install("keeper", made)) == ("failed", "not today")
    assert bench.state("keeper") == {}
    assert bench.run("keeper", "go") == {"refused": "there is no contract 'keeper'"}
    assert ended(bench.install("keeper", keeper())) == ("ok", "")


def test_an_upgrade_keeps_the_state_and_the_creator(bench: Bench) -> None:
    bench.install("keeper", keeper())
    made = Wat()
    made.method("upgrade", made.get("name"), made.put("version", b"2"), made.fetched())
    made.method("go", made.fetch("GetArg"), made.fetched())
    code = made.module()
    bench.load(code)
    other = ["b.example", "admin", "pk", "addr"]
    outcome = bench.run("keeper", "", digest=digest_of(code), sender=other)
    assert (outcome["root"]["method"], outcome["root"]["result"]) == ("upgrade", "carbon")
    assert bench.state("keeper") == KEPT | {"version": "2"}
    found = {item.key: item.value for item in items_of(bench.run("keeper", "go"))}
    assert found["__creator_org_id__"] == SENDER[0].encode()


def test_a_failed_upgrade_leaves_the_old_contract(bench: Bench) -> None:
    made = keeper()
    made.method("go", made.success(b"old"))
    bench.install("keeper", made)
    broken = Wat()
    broken.method("upgrade", broken.put("name", b"x"), "(unreachable)")
    code = broken.module()
    bench.load(code)
    assert ended(bench.run("keeper", "", digest=digest_of(code))) == ("trapped", "it panicked")
    assert bench.run("keeper", "go")["root"]["result"] == "old"
    assert bench.state("keeper") == KEPT


@pytest.mark.parametrize("method", ["init_contract", "upgrade"])
def test_the_ledgers_own_methods_are_not_for_callers(bench: Bench, method: str) -> None:
    bench.install("keeper", keeper())
    assert bench.run("keeper", method) == {"refused": f"{method} is run by the ledger only"}


def test_a_method_that_is_not_there(bench: Bench) -> None:
    made = keeper()
    made.extra('(func (export "number") (result i32) (i32.const 1)) (func (export "_initialize"))')
    bench.install("keeper", made)
    for method in ("nothing", "number", "_initialize", "memory", "allocate"):
        assert ended(bench.run("keeper", method)) == (
            "failed",
            f"the contract has no method {method}",
        )


def test_one_export_may_serve_all_methods(bench: Bench) -> None:
    made = keeper()
    made.method("invoke_contract", made.fetch("GetArg"), made.fetched())
    bench.install("keeper", made)
    found = {item.key: item.value for item in items_of(bench.run("keeper", "anything"))}
    assert found["__method__"] == b"anything"


def test_a_reactor_is_initialised_first(bench: Bench) -> None:
    made = keeper()
    made.extra("(global $up (mut i32) (i32.const 0))")
    made.extra('(func (export "_initialize") (global.set $up (i32.const 1)))')
    made.method("go", "(if (i32.eqz (global.get $up)) (then (unreachable)))")
    bench.install("keeper", made)
    assert ended(bench.run("keeper", "go")) == ("ok", "")


@pytest.mark.parametrize(
    ("method", "items", "why"),
    [
        ("PutState", [text("key", "")], "the key is empty"),
        ("PutState", [data("value", b"v")], "the request has no bytes key"),
        ("PutState", [text("key", "k")], "the request has no bytes value"),
        ("PutState", [text("key", "a/b"), data("value", b"v")], "the key 'a/b' has more in it"),
        ("PutState", [text("key", "a#b"), data("value", b"v")], "the key 'a#b' has more in it"),
        ("PutState", [text("key", "碳"), data("value", b"v")], "the key '\\u78b3' has more in it"),
        ("PutState", [data("key", b"\xff"), data("value", b"v")], "key is no UTF-8"),
        ("PutState", [integer("key", 1), data("value", b"v")], "the request has no bytes key"),
        ("PutState", [text("key", "k" * 1025)], "the key has 1025 characters, more than 1024"),
        ("DeleteState", [text("key", "k"), text("field", "a b")], "the field 'a b' has more in it"),
        ("GetStateLen", [text("key", "k")], "the request has no number value_ptr"),
        ("GetState", [integer("value_ptr", 0)], "GetState without GetStateLen before it"),
        ("KvIteratorHasNext", [integer("rs_index", 9)], "no iterator 9 is open"),
        ("KvIteratorClose", [], "the request has no number rs_index"),
        ("EmitEvent", [], "an event begins with its topic"),
        ("EmitEvent", [text("data", "d")], "an event begins with its topic"),
        ("EmitEvent", [text("topic", "")], "a topic has 1 to 255 characters, not 0"),
        ("EmitEvent", [text("topic", "t" * 256)], "a topic has 1 to 255 characters, not 256"),
        (
            "EmitEvent",
            [text("topic", "t"), *[text("data", "d")] * 17],
            "an event has at most 16 data, not 17",
        ),
        ("EmitEvent", [text("topic", "t"), integer("data", 1)], "the data of an event are texts"),
        ("ExecuteQuery", [text("sql", "select 1")], "'ExecuteQuery': this ledger has no SQL"),
        ("RSNext", [], "'RSNext': this ledger has no SQL"),
        ("Paint", [], "the ledger knows no 'Paint'"),
    ],
)
def test_what_cannot_be_done_fails_the_transaction(
    bench: Bench, method: str, items: list[Item], why: str
) -> None:
    made = Wat()
    outcome = bench.try_method(made.put("k", b"v"), made.call(method, *items), made=made)
    status, message = ended(outcome)
    assert (status, message[: len(why)], outcome["writes"]) == ("failed", why, [])


def test_a_host_call_that_fails_answers_one(bench: Bench) -> None:
    made = Wat()
    bad = made.raw("PutState", made.constant(encoded([text("key", "")])))
    steps = f"(if (i32.ne {bad} (i32.const 1)) (then (unreachable)))"
    assert ended(bench.try_method(steps, made=made)) == ("failed", "the key is empty")


def test_logs_are_kept_up_to_a_bound(bench: Bench) -> None:
    made = Wat()
    twice = made.log("碳\x00") + made.send("LogMessage", b"\xff")
    line = made.log("x")
    loop = f"(local.set $i (i32.const 150)) (loop {line} (local.set $i (i32.sub (local.get $i) \
        (i32.const 1))) (br_if 0 (local.get $i)))"
    outcome = bench.try_method(twice, loop, made=made)
    assert outcome["log"] == ["碳\x00", "�", *["x"] * 98, "... and 52 more"]


def test_costs_are_the_same_for_the_same(bench: Bench) -> None:
    made = keeper()
    made.method("go", made.get("name"))
    bench.install("keeper", made)
    costs = {bench.run("keeper", "go")["root"]["cost"] for _ in range(3)}
    assert costs == {cost_elsewhere(made)}


def cost_elsewhere(made: Wat) -> int:
    other = Bench()
    other.install("keeper", made)
    return int(other.run("keeper", "go")["root"]["cost"])


def test_host_calls_cost_by_the_byte(bench: Bench) -> None:
    made = Wat()
    made.method("short", made.send("LogMessage", b"x"))
    made.method("large", made.send("LogMessage", b"x" * 1001))
    bench.install("c", made)
    short, long = (bench.run("c", name)["root"]["cost"] for name in ("short", "large"))
    assert long - short == 1000 * limits.HOST_BYTE


def test_ledgers_know_nothing_of_each_other(bench: Bench) -> None:
    bench.install("keeper", keeper())
    bench.ask(do="open", ledger=2)
    assert bench.run("keeper", "go", ledger=2) == {"refused": "there is no contract 'keeper'"}
    assert bench.ask(do="state", ledger=2, contract="keeper") == {"state": []}
    bench.ask(do="close", ledger=1)
    bench.ask(do="open", ledger=1)
    assert bench.state("keeper") == {}


def test_memory_of_one_call_is_gone_in_the_next(bench: Bench) -> None:
    made = keeper()
    at = f"(i32.const {SCRATCH})"
    made.method("mark", f"(i32.store {at} (i32.const 7))")
    made.method("look", f"(if (i32.load {at}) (then (unreachable)))")
    bench.install("keeper", made)
    assert [ended(bench.run("keeper", name))[0] for name in ("mark", "look")] == ["ok", "ok"]


def test_numbers_that_are_none_have_one_form(bench: Bench) -> None:
    """A division of zeros gives the canonical NaN, whatever the processor makes of it."""
    made = Wat()
    zero = "(f64.const 0)"
    made.extra("(global $n (mut i64) (i64.const 0))")
    store = f"(i64.store (i32.const {SCRATCH}) (i64.reinterpret_f64 (f64.div {zero} {zero})))"
    told = f"(drop {made.raw('SuccessResult', f'(i32.const {SCRATCH}) (i32.const 8)')})"
    outcome = bench.try_method(store, told, made=made)
    assert outcome["root"]["result"] == "\0\0\0\0\0\0\xf8\x7f"
