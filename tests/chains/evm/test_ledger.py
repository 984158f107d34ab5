"""What a ledger records of calls to a contract in Solidity."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from chains import blocks, transcripts
from chains.evm.engine import EvmEngine
from chains.evm.keccak import keccak256
from chains.evm.ledger import EvmLedger
from chains.types import CallKind, Event, Frame, Read, Status, Write
from tests.chains.evm.solidity import CARBON, HEAD, compiled, contract, opened


def word(number: int) -> str:
    return f"0x{number:064x}"


@pytest.fixture
def carbon(engine: EvmEngine) -> Iterator[EvmLedger]:
    with opened(engine, CARBON, args={"cap_": "100"}) as ledger:
        yield ledger


def test_a_call_that_goes_well(carbon: EvmLedger) -> None:
    grid = carbon.identity("grid", "grid.example", "client").address
    found = carbon.invoke("main", "record", {"kg": "0x0c", "asset": "a1"}, by="grid")
    assert (found.number, found.kind, found.identity) == (2, CallKind.INVOKE, "grid")
    assert (found.status, found.result, found.message) == (Status.OK, "12", "")
    assert found.args == {"asset": "a1", "kg": "12"}
    assert found.events == (Event("main", "Recorded", ("a1", "12", grid)),)
    assert (found.block, found.time) == (2, 1_700_000_002)
    (held,) = {each.key for each in found.writes} - {word(0)}
    assert found.writes == (
        Write("main", word(0), None, word(12)),
        Write("main", held, None, word(12)),
    )
    assert found.reads == (Read("main", word(0), None), Read("main", held, None))
    assert found.root == Frame(
        "main", "record", {"asset": "a1", "kg": "12"}, Status.OK, "12", cost=found.cost
    )
    assert 60_000 < found.cost < 90_000


def test_installing_says_where_it_lies_and_what_the_constructor_did(carbon: EvmLedger) -> None:
    (found,) = carbon.transcript().transactions
    centre = carbon.identity("centre", "centre.example", "admin").address
    assert (found.kind, found.method, found.args) == (
        CallKind.INSTALL,
        "constructor",
        {"cap_": "100"},
    )
    assert found.events == (Event("main", "Recorded", ("start", "100", found.result)),)
    owner = f"0x{centre[2:].zfill(64)}"
    assert found.writes == (Write("main", word(1), None, owner),)
    assert carbon.state("main") == {word(1): owner}


def test_a_custom_error_names_its_values_and_nothing_is_written(carbon: EvmLedger) -> None:
    found = carbon.invoke("main", "record", {"asset": "a1", "kg": "101"}, by="grid")
    assert found.status is Status.FAILED
    assert found.message == "TooMuch(cap: 100, wanted: 101)"
    assert (found.writes, found.events, found.result) == ((), (), "")
    assert carbon.query("main", "total", by="grid").result == "0"


def test_a_query_writes_nothing_and_has_no_block(carbon: EvmLedger) -> None:
    carbon.invoke("main", "record", {"asset": "a1", "kg": "5"}, by="grid", after_seconds=60)
    before = carbon.state("main")
    found = carbon.query("main", "record", {"asset": "a1", "kg": "7"}, by="grid")
    assert (found.status, found.result) == (Status.OK, "12")
    assert (found.writes, found.events, found.id, found.block) == ((), (), "", None)
    assert found.time == 1_700_000_062
    assert carbon.state("main") == before
    assert len(carbon.transcript().blocks) == 2


def test_getters_without_names_take_places(carbon: EvmLedger) -> None:
    carbon.invoke("main", "record", {"asset": "a1", "kg": "5"}, by="grid")
    found = carbon.query("main", "held", {"0": "@grid"}, by="centre")
    assert found.result == "5"
    assert list(found.args) == ["0"]


def test_a_word_of_zero_is_nothing(carbon: EvmLedger) -> None:
    carbon.invoke("main", "record", {"asset": "a1", "kg": "5"}, by="grid")
    found = carbon.invoke("main", "clear", by="grid")
    assert found.writes == (Write("main", word(0), word(5), None),)
    assert word(0) not in carbon.state("main")


def test_names_of_parameters_are_no_part_of_the_interface(carbon: EvmLedger) -> None:
    found = carbon.invoke("main", "record", {"name": "a1", "amount": "5"}, by="grid")
    assert (found.status, found.args) == (Status.OK, {"asset": "a1", "kg": "5"})


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({"asset": "a1", "kg": "x"}, "record, argument kg: 'x' is no whole number"),
        ({"asset": "a1"}, "record(string,uint256) has 2 arguments, not 1"),
        ({"asset": "a1", "kg": "@ghost"}, "record, argument kg: '@ghost' is no whole number"),
    ],
)
def test_what_the_contract_takes_no_such_arguments_for_fails(
    carbon: EvmLedger, args: dict[str, str], why: str
) -> None:
    failed = carbon.invoke("main", "record", args, by="grid")
    assert (failed.status, failed.message, failed.writes, failed.cost) == (
        Status.FAILED,
        why,
        (),
        0,
    )
    assert carbon.query("main", "record", args, by="grid").message == why
    assert carbon.invoke("main", "clear", by="grid").block == 3


def test_nobody_of_that_name(carbon: EvmLedger) -> None:
    with pytest.raises(ValueError, match="nobody is called ghost"):
        carbon.invoke("main", "clear", by="ghost")
    found = carbon.query("main", "held", {"0": "@contract:ghost"}, by="grid")
    assert (found.status, found.message) == (
        Status.FAILED,
        "held, argument 0: nobody is called @contract:ghost on this ledger",
    )
    with pytest.raises(ValueError, match="grid has another organisation or role"):
        carbon.identity("grid", "grid.example", "admin")


def test_a_method_that_is_not_there_fails_and_takes_a_block(carbon: EvmLedger) -> None:
    found = carbon.invoke("main", "steal", by="grid")
    assert (found.status, found.message) == (
        Status.FAILED,
        "the contract has no method steal",
    )
    later = carbon.invoke("main", "clear", by="grid")
    assert (found.block, later.block) == (2, 3)


def test_contracts_see_the_heights_and_times_of_the_record(engine: EvmEngine) -> None:
    body = """
        function now_() external view returns (uint256 height, uint256 time) {
            return (block.number, block.timestamp);
        }
        function write() external returns (uint256, uint256) { return this.now_(); }
    """
    with opened(engine, contract(body)) as ledger:
        for _ in range(2):
            assert ledger.install("main", compiled(engine, contract(body)), by="grid").message
        written = ledger.invoke("main", "write", by="grid", after_seconds=100)
        asked = ledger.query("main", "now_", by="grid")
    assert (written.block, written.time) == (4, 1_700_000_104)
    assert json.loads(written.result) == [4, 1_700_000_104]
    assert json.loads(asked.result) == {"height": 4, "time": 1_700_000_104}


UNPRINTABLE = b"no \x00 text"
REASONS = """
    error Odd(uint256[] numbers, string why);
    uint256[] list;
    function text() external pure { require(false, "no \\x00 text"); }
    function nothing() external pure { revert(); }
    function custom() external pure {
        uint256[] memory numbers = new uint256[](2);
        revert Odd(numbers, unicode"碳");
    }
    function foreign() external pure { assembly { mstore(0, 0xdeadbeef) revert(28, 4) } }
    function false_() external pure { assert(false); }
    function divide(uint256 by) external pure returns (uint256) { return 7 / by; }
    function index(uint256 at) external view returns (uint256) { return list[at]; }
    function less(uint256 a) external pure returns (uint256) { return a - 1; }
    function pop() external { list.pop(); }
    function invalid() external pure { assembly { invalid() } }
    function endless() external pure { while (true) {} }
    function memory_() external pure { assembly { mstore(0x100000000, 1) } }
"""


@pytest.mark.parametrize(
    ("method", "args", "status", "message"),
    [
        ("text", {}, Status.FAILED, f"0x{UNPRINTABLE.hex()}"),
        ("nothing", {}, Status.FAILED, "reverted without a reason"),
        ("custom", {}, Status.FAILED, "Odd(numbers: [0,0], why: 碳)"),
        ("foreign", {}, Status.FAILED, "reverted with 0xdeadbeef"),
        ("false_", {}, Status.TRAPPED, "Panic 0x01: assert(false)"),
        ("divide", {"by": "0"}, Status.TRAPPED, "Panic 0x12: division or modulo by zero"),
        ("index", {"at": "0"}, Status.TRAPPED, "Panic 0x32: array index out of bounds"),
        ("less", {"a": "0"}, Status.TRAPPED, "Panic 0x11: arithmetic overflow or underflow"),
        ("pop", {}, Status.TRAPPED, "Panic 0x31: pop of an empty array"),
        ("invalid", {}, Status.TRAPPED, "invalid opcode: INVALID"),
        ("endless", {}, Status.EXHAUSTED, "out of gas"),
        ("memory_", {}, Status.EXHAUSTED, "out of gas: reach memory limit"),
    ],
)
def test_why_a_call_ended(
    engine: EvmEngine, method: str, args: dict[str, str], status: Status, message: str
) -> None:
    with opened(engine, contract(REASONS)) as ledger:
        found = ledger.invoke("main", method, args, by="grid")
        asked = ledger.query("main", method, args, by="grid")
    assert (found.status, found.message) == (status, message)
    assert (asked.status, asked.message) == (status, message)


OVERLOADED = """
    function add(uint256 a) external pure returns (uint256) { return a + 1; }
    function add(uint256 a, uint256 b) external pure returns (uint256) { return a + b; }
    function add(string calldata a) external pure returns (string calldata) { return a; }
"""


def test_overloads_are_told_apart_by_parameters_or_signature(engine: EvmEngine) -> None:
    with opened(engine, contract(OVERLOADED)) as ledger:
        assert ledger.query("main", "add", {"a": "1", "b": "2"}, by="grid").result == "3"
        assert ledger.query("main", "add(uint256)", {"a": "1"}, by="grid").result == "2"
        assert ledger.query("main", "add(string)", {"a": "1"}, by="grid").result == "1"
        unclear = ledger.query("main", "add", {"a": "1"}, by="grid")
        assert unclear.status is Status.FAILED
        assert unclear.message.startswith("which one is meant by add: add(uint256)")


TWO = f"""{HEAD}
contract Register {{
    mapping(string => address) public owner;
    error Taken(string key);
    event Kept(string key);
    function keep(string calldata key, address by) external returns (bool) {{
        if (owner[key] != address(0)) revert Taken(key);
        owner[key] = by;
        emit Kept(key);
        return true;
    }}
}}
contract Desk {{
    Register register;
    constructor(Register register_) {{ register = register_; }}
    function ask(string calldata key) external returns (bool) {{
        return register.keep(key, msg.sender);
    }}
    function tryAsk(string calldata key) external returns (bool) {{
        try register.keep(key, msg.sender) {{ return true; }} catch {{ return false; }}
    }}
}}
"""


def test_one_contract_calls_another(engine: EvmEngine) -> None:
    artefact = compiled(engine, TWO)
    assert artefact.interface["contract"] == "Desk"
    with engine.open(seed=1) as ledger:
        ledger.identity("centre", "centre.example", "admin")
        grid = ledger.identity("grid", "grid.example", "client").address
        ledger.install("Register", artefact, by="centre")
        ledger.install("desk", artefact, by="centre", args={"register_": "@contract:Register"})
        first = ledger.invoke("desk", "ask", {"key": "k"}, by="grid")
        second = ledger.invoke("desk", "ask", {"key": "k"}, by="grid")
        third = ledger.invoke("desk", "tryAsk", {"key": "k"}, by="grid")
    assert first.events == (Event("Register", "Kept", ("k",)),)
    assert [each.contract for each in first.writes] == ["Register"]
    assert first.root is not None
    (call,) = first.root.calls
    assert (call.contract, call.method, call.result) == ("Register", "keep", "true")
    assert call.args == {"key": "k", "by": grid}
    assert (second.status, second.message) == (Status.FAILED, "Taken(key: k)")
    assert (third.status, third.result) == (Status.OK, "false")
    assert third.root is not None
    assert (third.root.calls[0].status, third.root.calls[0].message) == (
        Status.FAILED,
        "Taken(key: k)",
    )


EVENTS = """
    event Many(uint256 indexed a, string b, bytes2 indexed c, string indexed d);
    event Secret(uint256) anonymous;
    function all() external {
        emit Many(7, "text", 0x1234, "hashed");
        emit Secret(5);
        assembly { log2(0, 0, 0xaa, 0xbb) }
    }
"""


def test_events_in_their_order(engine: EvmEngine) -> None:
    with opened(engine, contract(EVENTS)) as ledger:
        found = ledger.invoke("main", "all", by="grid").events
    hashed = f"0x{keccak256(b'hashed').hex()}"
    assert found == (
        Event("main", "Many", ("7", "text", "0x1234", hashed)),
        Event("main", "", (word(5),)),
        Event("main", word(0xAA), (word(0xBB), "0x")),
    )


def test_blocks_are_those_of_every_ledger(carbon: EvmLedger) -> None:
    carbon.invoke("main", "record", {"asset": "a1", "kg": "5"}, by="grid")
    carbon.query("main", "total", by="grid")
    carbon.freeze("main", by="grid")
    found = carbon.transcript()
    assert blocks.chain(found.transactions) == found.blocks
    assert transcripts.from_json(transcripts.to_json(found)) == found
