"""Contracts that mean harm. Each gets a verdict, and the next ledger is as good as new."""

from __future__ import annotations

import pytest

from chains import transcripts
from chains.evm.anvil import Session
from chains.evm.engine import EvmEngine
from chains.evm.ledger import EvmLedger
from chains.types import Frame, Status, Transaction
from sandbox.types import Cause, Stopped
from tests.chains.evm.solidity import CARBON, compiled, contract, opened

CHEATS = "0x7109709ECfa91a80626fF3989D68f67F5b1DD12D"
"""Where other tools answer to calls of a test with power over the chain."""
CONSOLE = "0x000000000000000000636F6e736F6c652e6c6f67"

BOMBS = """
    uint256 kept;
    mapping(uint256 => uint256) many;
    event Note(uint256 number, bytes data);

    function loop() external { while (true) { kept++; } }
    function hash() external pure { bytes32 h; while (true) h = keccak256(abi.encode(h)); }
    function modexp() external view {
        bytes memory input = abi.encode(32, 32, 32, type(uint256).max, type(uint256).max, 3);
        while (true) { (bool ok, ) = address(5).staticcall(input); ok; }
    }
    function twice() external { this.twice(); this.twice(); }
    function deep(uint256 n) external returns (uint256) { return n == 0 ? 0 : this.deep(n - 1); }
    function fill() external { for (uint256 i = 1; gasleft() > 50_000; i++) many[i] = i; }
    function memory_() external pure { assembly { return(0, 1000000) } }
    function longReason() external pure { assembly { revert(0, 300000) } }
    function longText() external pure { revert(string(new bytes(20000))); }
    function logs() external { while (gasleft() > 5_000) { assembly { log0(0, 0) } } }
    function longLog() external { emit Note(1, new bytes(300000)); }
    function creates() external { while (gasleft() > 200_000) { new Child(); } }
    function returns_() external {
        while (gasleft() > 10_000) {
            assembly { pop(staticcall(5000, address(), 0, 0, 0, 0)) }
        }
    }
    fallback() external { assembly { return(0, 10240) } }
    function manyCalls() external {
        while (gasleft() > 10_000) { assembly { pop(staticcall(100, 4, 0, 0, 0, 0)) } }
    }
    function someCalls(uint256 n) external {
        for (; n > 0; n--) { assembly { pop(staticcall(100, 4, 0, 0, 0, 0)) } }
    }
    function spill() external pure returns (uint256[] memory) {
        assembly { mstore(0, 32) mstore(32, not(0)) return(0, 64) }
    }
    function lie() external pure returns (bool) { assembly { mstore(0, 2) return(0, 32) } }
    function over() external pure { assembly { revert(0xffffffffffffffff, 1) } }
"""
CHILD = "contract Child { uint256 x = 1; }"
BOMB = f"{CHILD} {contract(BOMBS)}"

ENDINGS = [
    ("loop", {}, Status.EXHAUSTED),
    ("hash", {}, Status.EXHAUSTED),
    ("modexp", {}, Status.EXHAUSTED),
    ("twice", {}, Status.FAILED),
    ("deep", {"n": "5000"}, Status.FAILED),
    ("fill", {}, Status.OK),
    ("memory_", {}, Status.OK),
    ("longReason", {}, Status.FAILED),
    ("longText", {}, Status.FAILED),
    ("logs", {}, Status.OK),
    ("longLog", {}, Status.OK),
    ("creates", {}, Status.OK),
    ("returns_", {}, Status.OK),
    ("manyCalls", {}, Status.OK),
    ("spill", {}, Status.OK),
    ("lie", {}, Status.OK),
    ("over", {}, Status.EXHAUSTED),
]


def frames(frame: Frame | None) -> int:
    return 0 if frame is None else 1 + sum(frames(call) for call in frame.calls)


def depth(frame: Frame) -> int:
    return 1 + max((depth(call) for call in frame.calls), default=0)


def expect_kept_small(ledger: EvmLedger, found: Transaction) -> None:
    assert frames(found.root) <= 1001
    assert len(found.message) <= 1100
    assert len(found.result) <= 140_000
    transcripts.bounded(ledger.transcript(), 1 << 20)


@pytest.mark.parametrize("profile", ["ethereum", "changan"])
@pytest.mark.parametrize(("method", "args", "status"), ENDINGS, ids=[each[0] for each in ENDINGS])
def test_bombs(
    engine: EvmEngine, profile: str, method: str, args: dict[str, str], status: Status
) -> None:
    with opened(engine, BOMB, profile) as ledger:
        found = ledger.invoke("main", method, args, by="grid")
        asked = ledger.query("main", method, args, by="grid")
        assert (found.status, asked.status) == (status, status), (found.message, asked.message)
        expect_kept_small(ledger, found)
        assert ledger.invoke("main", "lie", by="grid").result == f"0x{2:064x}"


def test_trees_are_cut(engine: EvmEngine) -> None:
    with opened(engine, BOMB) as ledger:
        deep = ledger.invoke("main", "deep", {"n": "200"}, by="grid").root
        wide = ledger.invoke("main", "someCalls", {"n": "1500"}, by="grid").root
        after = ledger.invoke("main", "deep", {"n": "3"}, by="grid")
    assert deep is not None
    assert depth(deep) == 64
    assert frames(wide) == 1001
    assert (after.status, after.result, frames(after.root)) == (Status.OK, "0", 1)


def test_a_flood_of_events_is_recorded_whole(engine: EvmEngine) -> None:
    with opened(engine, BOMB) as ledger:
        found = ledger.invoke("main", "logs", by="grid")
        assert len(found.events) > 5_000
        short = transcripts.bounded(ledger.transcript(), 256 << 10)
    assert "lists" in short.shortened


@pytest.mark.parametrize("profile", ["ethereum", "changan"])
def test_nobody_answers_where_other_tools_have_power(engine: EvmEngine, profile: str) -> None:
    """Each call of the cheat codes does nothing, as any call to an empty account."""
    body = f"""
        address constant VM = {CHEATS};
        uint256 public kept = 1;
        function code() external view returns (uint256, uint256, bytes32) {{
            return (VM.code.length, {CONSOLE}.code.length, VM.codehash);
        }}
        function try_(string calldata signature) external returns (bool ok, uint256 size) {{
            bytes memory answer;
            (ok, answer) = VM.call(abi.encodeWithSignature(
                signature, address(this), bytes32(0), bytes32(uint256(9))));
            size = answer.length;
        }}
        function print() external returns (bool ok) {{
            (ok, ) = {CONSOLE}.call(abi.encodeWithSignature("log(string)", "x"));
        }}
    """
    with opened(engine, contract(body), profile) as ledger:
        empty = f'[0,0,"0x{"0" * 64}"]'
        assert ledger.query("main", "code", by="grid").result == empty
        for name in ("store", "load", "etch", "mockCall", "deal", "prank", "warp", "ffi", "roll"):
            for types in ("(address,bytes32,bytes32)", "(address,bytes)", "(address)", "(uint256)"):
                found = ledger.invoke("main", "try_", {"signature": name + types}, by="grid")
                assert found.result == '{"ok":true,"size":0}'
        assert ledger.invoke("main", "print", by="grid").result == "true"
        assert ledger.query("main", "kept", by="grid").result == "1"
        height = ledger.transcript().blocks[-1].height
        assert height == 1 + 36 + 1


def test_the_chains_own_methods_are_not_the_contracts(engine: EvmEngine) -> None:
    """Whatever a contract emits, returns or stores is data to the bridge."""
    body = """
        event Said(string text);
        mapping(string => string) public kept;
        function say(string calldata text) external returns (string memory) {
            kept[text] = text;
            emit Said(text);
            return text;
        }
    """
    text = '"}]}\n{"jsonrpc":"2.0","id":1,"result":"$transaction"}\n{"session":1,"close":true}'
    with opened(engine, contract(body)) as ledger:
        found = ledger.invoke("main", "say", {"text": text}, by="grid")
        assert (found.result, found.events[0].data) == (text, (text,))
        again = ledger.invoke("main", "say", {"text": "$transaction"}, by="grid")
        assert again.result == "$transaction"


def test_too_much_data_for_a_transaction(engine: EvmEngine) -> None:
    body = "function take(bytes calldata) external {}"
    with opened(engine, contract(body)) as ledger:
        taken = ledger.invoke("main", "take", {"0": f"0x{'00' * 100_000}"}, by="grid")
        refused = ledger.invoke("main", "take", {"0": f"0x{'01' * 400_000}"}, by="grid")
        after = ledger.invoke("main", "take", {"0": "0x"}, by="grid")
    assert taken.status is Status.OK
    assert (refused.status, refused.block) == (Status.EXHAUSTED, 3)
    assert refused.message == "not taken: the data alone cost more than 5000000 gas"
    assert (after.status, after.block, after.time) == (Status.OK, 4, 1_700_000_004)


LARGE = " ".join(
    f"function f{n}() external pure returns (string memory) {{ return '{n}'; }}" for n in range(400)
)


@pytest.mark.parametrize("profile", ["ethereum", "changan"])
def test_too_large_a_contract(engine: EvmEngine, profile: str) -> None:
    artefact = compiled(engine, contract(LARGE), profile)
    with engine.open(profile=profile) as ledger:
        ledger.identity("centre", "centre.example", "admin")
        found = ledger.install("main", artefact, by="centre")
        assert (found.status, found.writes, found.events) == (Status.EXHAUSTED, (), ())
        assert found.message == "the code of a contract has at most 24576 bytes"
        assert ledger.query("main", "f1", by="centre").status is Status.REFUSED


def test_nothing_is_left_for_the_next_ledger(engine: EvmEngine) -> None:
    body = """
        uint256 public kept;
        address public child;
        function keep() external { kept = 7; child = address(new Child()); }
        function look(address other) external view returns (uint256, uint256, uint256) {
            return (other.code.length, block.number, block.timestamp);
        }
    """
    source = f"{CHILD} {contract(body)}"
    with opened(engine, source) as ledger:
        ledger.invoke("main", "keep", by="grid", after_seconds=1000)
        child = ledger.query("main", "child", by="grid").result
        main = ledger.transcript().transactions[0].result
        height = ledger.invoke("main", "look", {"other": child}, by="grid").result
    with opened(engine, source) as ledger:
        assert ledger.query("main", "kept", by="grid").result == "0"
        assert ledger.state("main") == {}
        found = ledger.invoke("main", "look", {"other": child}, by="grid").result
        assert ledger.transcript().transactions[0].result == main
    assert not height.startswith("[0,")
    assert found == "[0,2,1700000002]"


def test_two_ledgers_at_once_know_nothing_of_each_other(engine: EvmEngine) -> None:
    with opened(engine, CARBON, args={"cap_": "9"}) as one:
        with opened(engine, CARBON, "changan", args={"cap_": "9"}) as two:
            one.invoke("main", "record", {"asset": "a", "kg": "1"}, by="grid")
            two.invoke("main", "record", {"asset": "a", "kg": "2"}, by="grid")
            totals = [each.query("main", "total", by="grid").result for each in (one, two)]
        assert totals == ["1", "2"]
        assert one.query("main", "total", by="grid").result == "1"


def test_a_chain_that_ends_ends_its_ledger_and_no_later_one(engine: EvmEngine) -> None:
    with opened(engine, CARBON, args={"cap_": "9"}) as ledger:
        session: Session = ledger._sender._session
        with pytest.raises(Stopped):
            session._daemon.ask({"session": 0, "requests": []}, seconds=5)
        for _ in range(2):
            with pytest.raises(Stopped) as raised:
                ledger.invoke("main", "clear", by="grid")
            assert raised.value.cause is Cause.CRASHED
        assert ledger.transcript().transactions[-1].number == 1
    with opened(engine, CARBON, args={"cap_": "9"}) as ledger:
        assert ledger.query("main", "total", by="grid").result == "0"
