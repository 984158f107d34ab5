"""Contracts that call contracts: the tree of calls, what is kept, and how deep it goes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from chains.chainmaker.inside import limits
from chains.chainmaker.inside.codec import data, decoded, integer, text
from tests.chains.chainmaker.bench import Bench, ended
from tests.chains.chainmaker.wat import Wat


@pytest.fixture
def bench() -> Bench:
    """With a `callee` that keeps, refuses or breaks."""
    made = Wat()
    change = made.put("k", b"v") + made.event("called", "d")
    made.method("keep", change, made.success(b"kept"))
    made.method("refuse", change, made.error("no"))
    made.method("break", change, "(unreachable)")
    made.method("spin", change, "(loop (br 0))")
    made.method("args", made.fetch("GetArg"), made.fetched())
    bench = Bench()
    bench.install("callee", made)
    return bench


def calling(bench: Bench, method: str, *, name: str = "CallContract", after: str = "") -> Any:
    """A caller that writes, calls, and succeeds with the answer or with what comes `after`."""
    made = Wat()
    call = made.cross("callee", method, data("a", b"1"), name=name)
    made.method("go", made.put("mine", b"1"), made.event("calling"), call, after or made.fetched())
    bench.install("caller", made)
    return bench.run("caller", "go", args={"x": "y"})


def test_a_call_is_a_frame_with_its_own_state(bench: Bench) -> None:
    outcome = calling(bench, "keep")
    root = outcome["root"]
    (call,) = root["calls"]
    assert (root["status"], root["result"], root["args"]) == ("ok", "kept", {"x": "y"})
    assert (call["contract"], call["method"], call["args"]) == ("callee", "keep", {"a": "1"})
    assert (call["status"], call["result"]) == ("ok", "kept")
    assert 0 < call["cost"] < root["cost"]
    assert outcome["writes"] == [["callee", "k", None, "v"], ["caller", "mine", None, "1"]]
    assert outcome["events"] == [["caller", "calling", []], ["callee", "called", ["d"]]]


@pytest.mark.parametrize(
    ("method", "status", "why"),
    [("refuse", "failed", "no"), ("break", "trapped", "it panicked")],
)
def test_a_call_that_fails_takes_its_caller_with_it(
    bench: Bench, method: str, status: str, why: str
) -> None:
    outcome = calling(bench, method)
    assert ended(outcome)[0] == "failed"
    assert ended(outcome)[1].startswith(f"callee.{method}: {why}")
    assert [call["status"] for call in outcome["root"]["calls"]] == [status]
    assert (outcome["writes"], outcome["events"]) == ([], [])
    assert bench.state("callee") == bench.state("caller") == {}


@pytest.mark.parametrize(("method", "why"), [("refuse", "no"), ("break", "it panicked")])
def test_a_call_that_is_tried_takes_back_its_own_only(bench: Bench, method: str, why: str) -> None:
    outcome = calling(bench, method, name="TryCallContract")
    assert ended(outcome) == ("ok", "")
    assert decoded(outcome["root"]["result"].encode("latin-1")) == [
        integer("status", 1),
        text("message", why),
        data("payload", b""),
    ]
    assert outcome["writes"] == [["caller", "mine", None, "1"]]
    assert outcome["events"] == [["caller", "calling", []]]


def test_a_call_that_is_tried_and_succeeds_is_kept(bench: Bench) -> None:
    outcome = calling(bench, "keep", name="TryCallContract")
    assert decoded(outcome["root"]["result"].encode("latin-1")) == [
        integer("status", 0),
        text("message", ""),
        data("payload", b"kept"),
    ]
    assert outcome["writes"] == [["callee", "k", None, "v"], ["caller", "mine", None, "1"]]


def test_a_caller_that_breaks_takes_the_called_with_it(bench: Bench) -> None:
    outcome = calling(bench, "keep", after="(unreachable)")
    assert ended(outcome) == ("trapped", "it panicked")
    assert [call["status"] for call in outcome["root"]["calls"]] == ["ok"]
    assert (outcome["writes"], bench.state("callee")) == ([], {})


@pytest.mark.parametrize("name", ["CallContract", "TryCallContract"])
def test_fuel_is_of_the_whole_transaction(bench: Bench, name: str) -> None:
    outcome = calling(bench, "spin", name=name)
    assert ended(outcome) == ("exhausted", "it ran out of fuel")
    assert [call["status"] for call in outcome["root"]["calls"]] == ["exhausted"]
    assert outcome["root"]["cost"] == limits.FUEL


def test_the_called_learns_who_calls(bench: Bench) -> None:
    outcome = calling(bench, "args")
    found = {item.key: item.value for item in decoded(outcome["root"]["result"].encode("latin-1"))}
    caller = hashlib.new("sm3", b"caller").hexdigest()[-40:]
    names = ("a", "__method__", "__contract_name__", "__cross_caller__")
    assert [found[name] for name in names] == [b"1", b"args", b"callee", caller.encode()]


@pytest.mark.parametrize(
    "name", ["__cross_caller__", "__sender_org_id__", "__sender_role__", "__creator_pk__"]
)
def test_nobody_says_by_an_argument_who_calls(bench: Bench, name: str) -> None:
    told = bench.run("callee", "args", args={"a": "1"})["root"]["result"]
    forged = bench.run("callee", "args", args={"a": "1", name: "f" * 40})["root"]["result"]
    names = {item.key for item in decoded(told.encode("latin-1"))}
    found = {item.key: item.value for item in decoded(forged.encode("latin-1"))}
    assert set(found) == names
    assert b"f" * 40 not in found.values()


@pytest.mark.parametrize(
    ("contract", "method", "why"),
    [
        ("nobody", "keep", "there is no contract 'nobody'"),
        ("", "keep", "there is no contract ''"),
        ("callee", "no method", "'no method' is no name of a method"),
        ("callee", "init_contract", "init_contract is run by the ledger only"),
        ("callee", "upgrade", "upgrade is run by the ledger only"),
    ],
)
def test_what_cannot_be_called(bench: Bench, contract: str, method: str, why: str) -> None:
    made = Wat()
    call = made.call(
        "CallContractLen",
        text("contract_name", contract),
        text("method", method),
        data("param", b""),
        integer("value_ptr", 60_000),
    )
    assert ended(bench.try_method(call, made=made)) == ("failed", why)


@pytest.mark.parametrize("standing", ["frozen", "revoked"])
def test_contracts_that_do_not_stand_are_not_called(bench: Bench, standing: str) -> None:
    bench.ask(do="stand", ledger=1, contract="callee", standing=standing)
    why = f"the contract 'callee' is {standing}"
    assert ended(calling(bench, "keep"))[1].startswith(why)
    answered = bench.run("caller", "go", keep=False)["root"]["status"]
    assert answered == {"frozen": "ok", "revoked": "failed"}[standing]


def chain_of(bench: Bench, length: int) -> Any:
    """`length` contracts of which each calls the next."""
    for number in range(length):
        made = Wat()
        last = number == length - 1
        step = made.success(b"end") if last else made.cross(f"c{number + 1}", "go")
        made.method("go", made.put("seen", b"1"), step, "" if last else made.fetched())
        bench.install(f"c{number}", made)
    return bench.run("c0", "go")


def test_calls_go_five_deep(bench: Bench) -> None:
    outcome = chain_of(bench, 1 + limits.DEEPEST_CALL)
    assert (ended(outcome), outcome["root"]["result"]) == (("ok", ""), "end")
    assert len(outcome["writes"]) == 6


def test_calls_go_no_deeper(bench: Bench) -> None:
    outcome = chain_of(bench, 2 + limits.DEEPEST_CALL)
    assert ended(outcome) == ("exhausted", "contracts called each other more than 5 deep")
    assert outcome["writes"] == []


def test_memory_is_of_the_whole_transaction(bench: Bench) -> None:
    hungry = Wat()
    hungry.method("go", "(drop (memory.grow (i32.const 500)))", hungry.success(b"fed"))
    bench.install("hungry", hungry)
    assert bench.run("hungry", "go")["root"]["status"] == "ok"
    made = Wat()
    made.method("go", "(drop (memory.grow (i32.const 600)))", made.cross("hungry", "go"))
    bench.install("feeder", made)
    assert ended(bench.run("feeder", "go")) == ("exhausted", "it used more than 64 MiB of memory")
