"""Ledgers of the engine `chainmaker`, their record, and the host in its jail."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chains import blocks, transcripts
from chains.chainmaker import compilers, daemon
from chains.chainmaker.daemon import Host
from chains.chainmaker.engine import ChainMakerEngine
from chains.chainmaker.inside import limits
from chains.chainmaker.ledger import ChainMakerLedger
from chains.types import Artefact, CallKind, Event, Frame, Read, Status, Write
from sandbox.types import BoxBroken, Cause, Stopped, Unavailable
from tests.chains.chainmaker.contracts import needs
from tests.chains.chainmaker.wat import Wat

pytestmark = pytest.mark.slow


def artefact(made: Wat) -> Artefact:
    code = made.module()
    return Artefact("chainmaker", "wat", hashlib.sha256(code).hexdigest(), code)


@pytest.fixture(scope="module")
def engine() -> Iterator[ChainMakerEngine]:
    engine = ChainMakerEngine()
    yield engine
    engine.close()


@pytest.fixture
def opened(engine: ChainMakerEngine) -> Iterator[ChainMakerLedger]:
    with engine.open(seed=7) as opened:
        opened.identity("centre", "babec.example", "admin")
        opened.identity("grid", "grid.example", "client")
        yield opened


def keeper(version: bytes = b"1") -> Wat:
    made = Wat()
    made.method("init_contract", made.put("version", version), made.success(b"ready"))
    made.method("upgrade", made.put("version", version), made.success(b"better"))
    made.method(
        "save", made.get("k"), made.put("k", b"\x00\xff", "f"), made.event("saved", "0xyz", "b")
    )
    made.method("version", made.get("version"), made.fetched())
    made.method("args", made.fetch("GetArg"), made.fetched())
    made.method("refuse", made.put("k", b"v"), made.error("0x no\x1b[31m"))
    made.method("break", made.log("tab\tand\x07bell"), "(unreachable)")
    made.method("spin", "(loop (br 0))")
    return made


def test_a_life(opened: ChainMakerLedger) -> None:
    """Every kind of call, what it answers and what is refused when."""
    first, second = artefact(keeper()), artefact(keeper(b"2"))

    def brief(*found: object) -> list[object]:
        return [
            (each.kind.value, each.status.value, each.result or each.message, each.block)  # type: ignore[attr-defined]
            for each in found
        ]

    found = brief(
        opened.install("keeper", first, by="grid"),
        opened.install("keeper", first, by="centre", args={"a": "b"}),
        opened.install("keeper", first, by="centre"),
        opened.query("keeper", "version", by="grid"),
        opened.upgrade("keeper", second, by="grid"),
        opened.upgrade("keeper", second, by="centre"),
        opened.query("keeper", "version", by="grid"),
        opened.freeze("keeper", by="centre"),
        opened.invoke("keeper", "version", by="grid"),
        opened.query("keeper", "version", by="grid"),
        opened.unfreeze("keeper", by="centre"),
        opened.invoke("keeper", "version", by="grid"),
        opened.revoke("keeper", by="centre"),
        opened.query("keeper", "version", by="grid"),
        opened.query("nobody", "version", by="grid"),
    )
    assert found == [
        ("install", "refused", "not permitted: only an admin may install a contract", 1),
        ("install", "ok", "ready", 2),
        ("install", "refused", "there is a contract keeper already", 3),
        ("query", "ok", "1", None),
        ("upgrade", "refused", "not permitted: only an admin may upgrade a contract", 4),
        ("upgrade", "ok", "better", 5),
        ("query", "ok", "2", None),
        ("freeze", "ok", "", 6),
        ("invoke", "refused", "the contract keeper is frozen", 7),
        ("query", "ok", "2", None),
        ("unfreeze", "ok", "", 8),
        ("invoke", "ok", "2", 9),
        ("revoke", "ok", "", 10),
        ("query", "refused", "the contract keeper is revoked", None),
        ("query", "refused", "there is no contract nobody", None),
    ]


def test_a_transaction_says_all_that_it_left(opened: ChainMakerLedger) -> None:
    opened.install("keeper", artefact(keeper()), by="centre")
    found = opened.invoke("keeper", "save", {"a": "0x6162", "b": "0xff"}, by="grid")
    args = {"a": "ab", "b": "0xff"}
    assert found == replace(
        found,
        number=2,
        kind=CallKind.INVOKE,
        identity="grid",
        contract="keeper",
        method="save",
        args=args,
        status=Status.OK,
        reads=(Read("keeper", "k", None),),
        writes=(Write("keeper", "k#f", None, "0x00ff"),),
        events=(Event("keeper", "saved", ("0x3078797a", "b")),),
        root=Frame("keeper", "save", args, Status.OK, cost=found.cost),
        block=2,
        time=1_700_000_002,
    )
    assert (found.result, found.message, found.log, len(found.id)) == ("", "", (), 64)
    assert opened.state("keeper") == {"k#f": "0x00ff", "version": "1"}


def test_words_of_contracts_are_made_fit_to_show(opened: ChainMakerLedger) -> None:
    opened.install("keeper", artefact(keeper()), by="centre")
    refused = opened.invoke("keeper", "refuse", by="grid")
    broken = opened.invoke("keeper", "break", by="grid")
    assert (refused.status, refused.message, refused.writes) == ("failed", "0x no?[31m", ())
    assert (broken.status, broken.log) == ("trapped", ("tab\tand?bell",))


def test_time_and_height_are_the_ledgers_own(opened: ChainMakerLedger) -> None:
    opened.install("keeper", artefact(keeper()), by="centre")
    later = opened.invoke("keeper", "save", by="grid", after_seconds=60)
    asked = opened.query("keeper", "args", by="grid")
    assert (later.time, asked.time, asked.id) == (1_700_000_062, 1_700_000_062, "")
    assert b"__block_height__".hex() + "02000000" + "01000000" + "32" in asked.result
    assert opened.invoke("keeper", "save", by="grid").time == 1_700_000_063
    with pytest.raises(ValueError, match="time does not go back"):
        opened.invoke("keeper", "save", by="grid", after_seconds=-1)


def recorded(engine: ChainMakerEngine, seed: int) -> bytes:
    with engine.open(seed=seed) as opened:
        opened.identity("centre", "babec.example", "admin")
        opened.install("keeper", artefact(keeper()), by="centre")
        for method in ("save", "args", "refuse", "break", "spin", "nothing"):
            opened.invoke("keeper", method, {"n": method}, by="centre")
        opened.query("keeper", "version", by="centre")
        return transcripts.canonical(opened.transcript())


def test_a_transcript_is_a_function_of_the_calls_and_the_seed(engine: ChainMakerEngine) -> None:
    first = recorded(engine, 1)
    other = ChainMakerEngine()
    try:
        assert recorded(other, 1) == first
    finally:
        other.close()
    assert recorded(engine, 1) == first
    assert recorded(engine, 2) != first


def test_blocks_are_those_of_the_transactions(opened: ChainMakerLedger) -> None:
    opened.install("keeper", artefact(keeper()), by="centre")
    opened.query("keeper", "version", by="grid")
    opened.invoke("keeper", "save", by="grid")
    transcript = opened.transcript()
    assert transcript.blocks == blocks.chain(transcript.transactions)
    assert [block.transactions for block in transcript.blocks] == [(1,), (3,)]
    assert [each.name for each in transcript.identities] == ["centre", "grid"]
    assert transcripts.from_json(transcripts.to_json(transcript)) == transcript


def test_an_identity_is_one(opened: ChainMakerLedger) -> None:
    assert opened.identity("grid", "grid.example", "client").role == "client"
    with pytest.raises(ValueError, match="the identity grid has another organisation or role"):
        opened.identity("grid", "grid.example", "admin")
    with pytest.raises(ValueError, match="nobody is called stranger on this ledger"):
        opened.query("keeper", "version", by="stranger")


def test_arguments_that_are_no_text_of_bytes(opened: ChainMakerLedger) -> None:
    with pytest.raises(ValueError, match="not pairs of hex digits after 0x: 0x123"):
        opened.invoke("keeper", "save", {"a": "0x123"}, by="grid")


def test_ledgers_on_one_host_are_separate(engine: ChainMakerEngine) -> None:
    with engine.open(name="a") as one, engine.open(name="b") as two:
        for each in (one, two):
            each.identity("centre", "babec.example", "admin")
            each.install("keeper", artefact(keeper()), by="centre")
        one.invoke("keeper", "save", by="centre")
        assert one.state("keeper") == {"k#f": "0x00ff", "version": "1"}
        assert two.state("keeper") == {"version": "1"}
    with engine.open(name="a") as again:
        assert again.state("keeper") == {}


def test_fuel_and_recursion_end_with_a_verdict(opened: ChainMakerLedger) -> None:
    made = keeper()
    made.extra("(func $deeper (call $deeper))")
    made.method("deep", "(call $deeper)")
    made.method("grow", "(loop (br_if 0 (i32.ge_s (memory.grow (i32.const 9)) (i32.const 0))))")
    opened.install("keeper", artefact(made), by="centre")
    found = [opened.invoke("keeper", name, by="grid") for name in ("spin", "deep", "grow")]
    assert [(each.status, each.message, each.cost) for each in found] == [
        (Status.EXHAUSTED, "it ran out of fuel", limits.FUEL),
        (Status.EXHAUSTED, "its calls went too deep", limits.FUEL),
        (Status.EXHAUSTED, "it used more than 64 MiB of memory", limits.FUEL),
    ]


def test_the_deepest_recursion_fits_into_the_jail(engine: ChainMakerEngine) -> None:
    with engine.open() as opened:
        opened.identity("centre", "babec.example", "admin")
        for number in range(6):
            made = Wat()
            made.extra("(func $deeper (call $deeper))")
            step = made.cross(f"c{number + 1}", "go") if number < 5 else "(call $deeper)"
            made.method("go", step)
            opened.install(f"c{number}", artefact(made), by="centre")
        found = opened.invoke("c0", "go", by="centre")
        assert (found.status, found.message) == (Status.EXHAUSTED, "its calls went too deep")


def test_a_refused_module_is_a_refused_transaction(opened: ChainMakerLedger) -> None:
    broken = Artefact("chainmaker", "wat", "0" * 64, b"no module")
    found = opened.install("keeper", broken, by="centre")
    why = "the contract is no WebAssembly module that the host can run"
    assert (found.status, found.message, found.block) == (Status.REFUSED, why, 1)
    assert opened.install("keeper", artefact(keeper()), by="centre").status is Status.OK


def padded(made: Wat, size: int) -> Artefact:
    """The contract with so many bytes in a section that means nothing."""
    content = b"\1x" + bytes(size)
    groups = [len(content) >> shift & 0x7F for shift in (0, 7, 14, 21)]
    length = bytes([*(group | 0x80 for group in groups[:3]), groups[3]])
    code = made.module() + b"\0" + length + content
    return Artefact("chainmaker", "wat", hashlib.sha256(code).hexdigest(), code)


def test_the_host_forgets_modules_and_is_told_them_again(opened: ChainMakerLedger) -> None:
    for number in range(4):
        made = padded(keeper(b"%d" % number), 7 << 20)
        assert opened.install(f"keeper{number}", made, by="centre").status is Status.OK
    found = [opened.query(f"keeper{number}", "version", by="grid").result for number in range(4)]
    assert found == ["0", "1", "2", "3"]


def test_a_ledger_ends_with_its_host(engine: ChainMakerEngine, opened: ChainMakerLedger) -> None:
    opened.install("keeper", artefact(keeper()), by="centre")
    engine.close()
    with pytest.raises(Stopped):
        opened.query("keeper", "version", by="grid")
    with engine.open() as fresh:
        fresh.identity("centre", "babec.example", "admin")
        assert fresh.install("keeper", artefact(keeper()), by="centre").result == "ready"


def test_what_runs_over_the_clock_stops_its_ledger_and_no_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = ChainMakerEngine()
    slow = Wat()
    slow.method("go", "(loop (drop (memory.grow (i32.const -1))) (br 0))")
    with engine.open() as opened:
        opened.identity("centre", "babec.example", "admin")
        opened.install("slow", artefact(slow), by="centre")
        monkeypatch.setattr(daemon, "CALL_SECONDS", 0.001)
        for _ in "ab":
            with pytest.raises(Stopped) as caught:
                opened.invoke("slow", "go", by="centre")
            assert caught.value.cause is Cause.TIMEOUT
        monkeypatch.undo()
        assert [each.contract for each in opened.transcript().transactions] == ["slow"]
    with engine.open() as opened:
        opened.identity("centre", "babec.example", "admin")
        assert opened.install("keeper", artefact(keeper()), by="centre").result == "ready"
    engine.close()


def test_a_fault_of_the_host_is_nobodys_verdict() -> None:
    host = Host()
    with pytest.raises(BoxBroken, match=r"(?s)the host of contracts broke: .*KeyError: 99"):
        host.state(99, "keeper")
    assert not host.alive


def test_a_host_is_renewed_when_nobody_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "MOST_LEDGERS", 2)
    engine = ChainMakerEngine()
    with engine.open(), engine.open(), engine.open():
        first = engine._host
    with engine.open():
        assert engine._host is not first
    assert first is not None
    assert not first.alive
    engine.close()


def test_more_ledgers_than_there_may_be() -> None:
    host = Host()
    for _ in range(limits.OPEN_LEDGERS):
        host.open()
    with pytest.raises(BoxBroken, match="no ledger was opened: more than 64 ledgers are open"):
        host.open()
    host.forget(1)
    assert host.open() == limits.OPEN_LEDGERS + 2
    host.close()


def test_what_the_engine_does_not_know(engine: ChainMakerEngine) -> None:
    with pytest.raises(Unavailable, match="the engine chainmaker has no profiles"):
        engine.open(profile="changan")
    with pytest.raises(Unavailable, match="the engine chainmaker knows rust, c, go"):
        engine.compile({}, language="cobol")


@pytest.mark.parametrize("language", ChainMakerEngine.languages)
def test_each_language_runs_a_counter(engine: ChainMakerEngine, language: str) -> None:
    needs(language)
    made = engine.compile(compilers.canary(language), language=language)
    with engine.open() as opened:
        opened.identity("centre", "babec.example", "admin")
        opened.identity("grid", "grid.example", "client")
        opened.install("counter", made, by="centre")
        opened.invoke("counter", "add", {"amount": "5"}, by="grid")
        found = opened.invoke("counter", "add", {"amount": "7"}, by="grid")
        wrong = opened.invoke("counter", "add", {"amount": "many"}, by="grid")
        opened.upgrade("counter", made, by="centre")
        assert (found.status, found.result, found.message) == (Status.OK, "12", "")
        assert found.reads == (Read("counter", "counter#total", "5"),)
        assert found.writes == (Write("counter", "counter#total", "5", "12"),)
        assert found.events == (Event("counter", "added", ("12", "grid.example")),)
        assert (wrong.status, wrong.message) == (Status.FAILED, "amount is no number")
        assert opened.query("counter", "total", by="grid").result == "12"


def test_health_tells_of_each_language(engine: ChainMakerEngine) -> None:
    for language in engine.languages:
        needs(language)
    rows = engine.health()
    assert [(row.engine, row.language, row.available, row.reason) for row in rows] == [
        ("chainmaker", language, True, "") for language in engine.languages
    ]
    for row in rows:
        expected = {"wasmtime": daemon.wasmtime_version(), **compilers.versions(row.language)}
        assert row.versions == expected


def test_health_says_what_is_missing(
    engine: ChainMakerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (row, *_) = engine.health()
    missing = "the package wasmtime is not installed: `pip install wasmtime`"
    assert (row.available, row.versions, row.reason) == (False, {}, missing)
