"""`changan` without coins, `ethereum` beside it, and what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chains.evm import profiles
from chains.evm.engine import EvmEngine
from chains.evm.keccak import keccak256
from chains.evm.profiles import CHANGAN, ETHEREUM
from chains.transcripts import digest
from chains.types import Diagnostic, NotCompiled, Status, Write
from tests.chains.evm.solidity import CARBON, HEAD, compiled, contract, opened
from tests.chains.evm.test_ledger import word

COINS = "there is no coin on the Chang'An Chain"

NEEDS_COINS = [
    ("function f() external payable {}", ["payable"]),
    ("constructor() payable {}", ["payable"]),
    ("receive() external payable {}", ["payable"]),
    ("fallback() external payable {}", ["payable"]),
    ("function(uint) external payable f;", ["payable"]),
    ("address payable a;", ["payable"]),
    ("function f(address a) external pure { payable(a); }", ["payable"]),
    ("function f(address a) external { payable(a).transfer(1); }", [".transfer", "payable"]),
    (
        "function f(address a) external returns (bool) { return payable(a).send(1); }",
        [".send", "payable"],
    ),
    ('function f(address a) external { a.call{value: 1}(""); }', ["{value: …}"]),
    ('function f(address a) external { a.call{gas: 9, value: 1}(""); }', ["{value: …}"]),
    (
        "function f(T t) external payable { t.f{value: 1}(t); }",
        ["payable", "{value: …}"],
    ),
    ("function f() internal view returns (uint) { return msg.value; }", ["msg.value"]),
    ("function f(address a) external view returns (uint) { return a.balance; }", [".balance"]),
    ("function f() external view returns (uint) { return address(this).balance; }", [".balance"]),
    ("function f(address a) external { selfdestruct(payable(a)); }", ["payable", "selfdestruct"]),
    (
        "function f(bytes32 h) external pure returns (address) { return ecrecover(h, 1, h, h); }",
        ["ecrecover"],
    ),
    ("uint constant u = 1 ether + 2 gwei + 3 wei;", ["ether", "gwei", "wei"]),
    (
        "function f() external view returns (uint) { return block.difficulty; }",
        ["block.difficulty"],
    ),
    (
        "function f() external view returns (uint) { return block.prevrandao; }",
        ["block.prevrandao"],
    ),
    ("function f() external { assembly { selfdestruct(0) } }", ["selfdestruct"]),
    ("function f() external payable { assembly { pop(callvalue()) } }", ["msg.value", "payable"]),
    ("function f() external { assembly { pop(call(gas(), 1, 1, 0, 0, 0, 0)) } }", ["call"]),
    ("function f() external { assembly { pop(create(1, 0, 0)) } }", ["create"]),
    (
        "function f() external view { assembly { pop(balance(1)) pop(selfbalance()) } }",
        [
            "balance",
            "selfbalance",
        ],
    ),
]


@pytest.mark.parametrize(("body", "words"), NEEDS_COINS, ids=range(len(NEEDS_COINS)))
def test_what_needs_a_coin_is_refused(engine: EvmEngine, body: str, words: list[str]) -> None:
    with pytest.raises(NotCompiled) as raised:
        compiled(engine, f"{HEAD}contract T {{\n{body}\n}}", "changan")
    found = raised.value.diagnostics
    assert {(each.severity, each.file, each.line) for each in found} == {
        ("error", "contract.sol", 4)
    }
    assert sorted({each.message.split("`")[1] for each in found}) == words


@pytest.mark.parametrize(
    "body",
    [
        "// payable, msg.value, selfdestruct(x), 1 ether\n",
        'string constant s = "msg.value payable";',
        "function transfer(T t, uint) external { t.transfer(t, 1); }",
        "struct M { uint value; } M msg_; function f() external { msg_.value = 1; }",
        "function ecrecover_(bytes32) external {}",
        "uint constant day = 1 days + 1 seconds;",
        "function f(address a) external { assembly { pop(call(gas(), a, 0, 0, 0, 0, 0)) } }",
        "function f() external view returns (uint) { return tx.gasprice; }",
    ],
    ids=range(8),
)
def test_what_needs_none_is_not(engine: EvmEngine, body: str) -> None:
    assert compiled(engine, contract(body), "changan").warnings is not None


def test_a_place_is_said_for_each_in_order(engine: EvmEngine) -> None:
    source = f"{HEAD}contract T {{\n  function f() external payable {{}}\n  uint u = 1 wei;\n}}\n"
    with pytest.raises(NotCompiled) as raised:
        compiled(engine, source, "changan")
    assert raised.value.diagnostics == (
        Diagnostic(
            "error", f"`payable`: {COINS}, and no call carries a value", "contract.sol", 4, 12
        ),
        Diagnostic("error", f"`wei`: {COINS}, so there are no units of it", "contract.sol", 5, 12),
    )


def test_the_address_is_the_hash_of_the_name_from_the_first_instruction(
    engine: EvmEngine,
) -> None:
    body = """
        address public immutable self;
        address public caller;
        constructor() { self = address(this); caller = msg.sender; }
        function me() external view returns (address) { return address(this); }
    """
    expected = f"0x{keccak256(b'main')[12:].hex()}"
    with opened(engine, contract(body), "changan") as ledger:
        centre = ledger.identity("centre", "centre.example", "admin").address
        assert ledger.transcript().transactions[0].result == expected
        assert ledger.query("main", "self", by="grid").result == expected
        assert ledger.query("main", "me", by="grid").result == expected
        assert ledger.query("main", "caller", by="grid").result == centre


def test_callers_are_members_with_certificates(engine: EvmEngine) -> None:
    with engine.open(profile="changan", seed=3) as ledger:
        found = ledger.identity("grid", "grid.example", "client")
    assert found.certificate.startswith("-----BEGIN CERTIFICATE-----")
    assert found.address == f"0x{keccak256(bytes.fromhex(found.public_key))[12:].hex()}"


def test_the_address_of_a_key_of_the_public_chain() -> None:
    """The key 1 and its well-known address, by the same way that identities go."""
    numbers = ec.derive_private_key(1, ec.SECP256K1()).public_key().public_numbers()
    point = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    assert profiles.address(point) == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"
    found = profiles.identity(ETHEREUM, "grid", "grid.example", "client", 3)
    assert found.address == profiles.address(bytes.fromhex(found.public_key))
    assert found != profiles.identity(ETHEREUM, "grid", "grid.example", "client", 4)


NEXT = CARBON.replace(
    "function clear()",
    "function version() external pure returns (uint) { return 2; }\n    function clear()",
)


def test_an_upgrade_keeps_the_state_and_runs_the_constructor(engine: EvmEngine) -> None:
    with opened(engine, CARBON, "changan", {"cap_": "100"}) as ledger:
        ledger.invoke("main", "record", {"asset": "a", "kg": "90"}, by="grid")
        found = ledger.upgrade(
            "main", compiled(engine, NEXT, "changan"), by="centre", args={"cap_": "200"}
        )
        assert (found.status, found.result) == (Status.OK, profiles.contract_address("main"))
        assert ledger.query("main", "version", by="grid").result == "2"
        assert ledger.query("main", "total", by="grid").result == "90"
        last = ledger.invoke("main", "record", {"asset": "a", "kg": "90"}, by="grid")
        assert (last.status, last.result) == (Status.OK, "180")


def test_a_failed_upgrade_leaves_the_old_contract(engine: EvmEngine) -> None:
    bad = CARBON.replace("cap = cap_;", 'cap = cap_; total = 7; require(cap_ > 100, "small");')
    large = CARBON.replace(
        "cap = cap_;",
        "cap = cap_; total = 7; if (cap_ < 50) { assembly { return(0, 24577) } }",
    )
    with opened(engine, CARBON, "changan", {"cap_": "100"}) as ledger:
        before = ledger.state("main")
        one = ledger.upgrade(
            "main", compiled(engine, bad, "changan"), by="centre", args={"cap_": "5"}
        )
        two = ledger.upgrade(
            "main", compiled(engine, large, "changan"), by="centre", args={"cap_": "5"}
        )
        assert ledger.state("main") == before
        after = ledger.invoke("main", "record", {"asset": "a", "kg": "90"}, by="grid")
    assert (one.status, one.message) == (Status.FAILED, "small")
    assert (two.status, two.message, two.writes) == (
        Status.EXHAUSTED,
        "the code of a contract has at most 24576 bytes",
        (),
    )
    assert (after.status, after.result, after.block) == (Status.OK, "90", 4)


def test_a_failed_installation_leaves_the_name_free(engine: EvmEngine) -> None:
    for profile in engine.profiles:
        with engine.open(profile=profile, seed=1) as ledger:
            ledger.identity("centre", "centre.example", "admin")
            broken = contract('constructor() { revert("no"); }')
            first = ledger.install("main", compiled(engine, broken, profile), by="centre")
            second = ledger.install(
                "main", compiled(engine, CARBON, profile), by="centre", args={"cap_": "1"}
            )
            assert (first.status, first.message) == (Status.FAILED, "no")
            assert (second.status, second.block) == (Status.OK, 2)
            assert ledger.query("main", "total", by="centre").result == "0"


def test_life_of_a_contract(engine: EvmEngine) -> None:
    with opened(engine, CARBON, "changan", {"cap_": "100"}) as ledger:
        assert ledger.freeze("main", by="grid").status is Status.REFUSED
        assert ledger.freeze("main", by="centre").status is Status.OK
        frozen = ledger.invoke("main", "clear", by="grid")
        assert (frozen.status, frozen.message) == (Status.REFUSED, "the contract main is frozen")
        assert ledger.query("main", "total", by="grid").status is Status.OK
        assert ledger.unfreeze("main", by="centre").status is Status.OK
        assert ledger.invoke("main", "clear", by="grid").status is Status.OK
        assert ledger.revoke("main", by="centre").status is Status.OK
        assert ledger.query("main", "total", by="grid").status is Status.REFUSED


def test_the_public_chain_has_no_life_cycle(engine: EvmEngine) -> None:
    with opened(engine, CARBON, "ethereum", {"cap_": "100"}) as ledger:
        found = ledger.freeze("main", by="centre")
        assert (found.status, found.message) == (
            Status.REFUSED,
            "the profile ethereum has no freeze: what is deployed there stays",
        )
        artefact = compiled(engine, CARBON)
        assert ledger.upgrade("main", artefact, by="centre").status is Status.REFUSED


def test_the_price_of_gas(engine: EvmEngine) -> None:
    body = "function price() external view returns (uint) { return tx.gasprice; }"
    for found, price in ((ETHEREUM, "0"), (CHANGAN, "1")):
        with opened(engine, contract(body), found.name) as ledger:
            assert ledger.query("main", "price", by="grid").result == price
            assert ledger.invoke("main", "price", by="grid").result == price


def test_code_of_later_rules_does_not_run_on_changan(engine: EvmEngine) -> None:
    """PUSH0, of Shanghai, in machine code that a contract made itself."""
    body = """
        function push0() external returns (bool ok) {
            bytes memory code = hex"605f60005360016000f3";
            address made;
            assembly { made := create(0, add(code, 32), mload(code)) }
            (ok, ) = made.call("");
        }
    """
    results = {}
    for profile in engine.profiles:
        with opened(engine, contract(body), profile) as ledger:
            results[profile] = ledger.invoke("main", "push0", by="grid").result
    assert results == {"ethereum": "true", "changan": "false"}


def test_the_check_of_sm2_signatures_says_that_it_is_not_there(engine: EvmEngine) -> None:
    body = """
        function check(bytes calldata input) external view returns (bytes memory) {
            (bool ok, bytes memory answer) = address(0x03ef).staticcall(input);
            assembly { if iszero(ok) { revert(add(answer, 32), mload(answer)) } }
            return answer;
        }
    """
    with opened(engine, contract(body), "changan") as ledger:
        found = ledger.invoke("main", "check", {"input": "0x1234"}, by="grid")
    assert (found.status, found.message) == (
        Status.FAILED,
        "SM2 verification (0x03ef) is not available here",
    )


def test_the_same_submission_on_both(engine: EvmEngine) -> None:
    transcripts = []
    for profile in engine.profiles:
        with opened(engine, CARBON, profile, {"cap_": "100"}) as ledger:
            ledger.invoke("main", "record", {"asset": "a", "kg": "90"}, by="grid")
            ledger.invoke("main", "record", {"asset": "a", "kg": "90"}, by="grid")
            ledger.query("main", "total", by="grid")
            ledger.freeze("main", by="centre")
            transcripts.append(ledger.transcript())
    found = profiles.differences(*transcripts)
    fields = {(each.number, each.field) for each in found}
    assert {(1, "cost"), (2, "cost"), (5, "status"), (5, "message")} <= fields
    assert {field for number, field in fields if number < 5} == {"cost"}, "addresses are names"
    statuses = [each for each in found if each.field == "status"]
    assert [(each.one, each.other) for each in statuses] == [("refused", "ok")]
    assert profiles.differences(transcripts[0], transcripts[0]) == ()
    shorter = replace(transcripts[1], transactions=transcripts[1].transactions[:-1])
    with pytest.raises(ValueError, match="these are not the same calls"):
        profiles.differences(transcripts[0], shorter)


@pytest.mark.parametrize("profile", ["ethereum", "changan"])
def test_twenty_runs_give_the_same_bytes(engine: EvmEngine, profile: str) -> None:
    body = """
        event Seen(bytes32 hash, uint256 random, address base, uint256 limit, uint256 chain);
        mapping(address => bytes32) public seen;
        function look() external returns (uint) {
            bytes32 hash = blockhash(block.number - 1);
            uint random;
            RANDOM
            seen[msg.sender] = hash;
            emit Seen(hash, random, block.coinbase, block.gaslimit, block.chainid);
            return gasleft();
        }
    """.replace("RANDOM", "random = block.prevrandao;" if profile == "ethereum" else "")
    digests = set()
    for _ in range(20):
        with opened(engine, contract(body), profile, seed=11) as ledger:
            ledger.invoke("main", "look", by="grid", after_seconds=3)
            ledger.invoke("main", "look", by="centre")
            ledger.query("main", "look", by="grid")
            digests.add(digest(ledger.transcript()))
    assert len(digests) == 1


def test_a_seed_gives_other_callers(engine: EvmEngine) -> None:
    found = []
    for seed in (1, 2):
        with opened(engine, CARBON, args={"cap_": "1"}, seed=seed) as ledger:
            found.append(ledger.transcript().transactions[0])
    assert found[0].id != found[1].id
    assert found[0].writes != found[1].writes


def test_giving_itself_up_on_the_public_chain_changes_nothing(engine: EvmEngine) -> None:
    body = """
        uint public kept = 7;
        function end() external { assembly { selfdestruct(caller()) } }
    """
    with opened(engine, contract(body)) as ledger:
        assert ledger.invoke("main", "end", by="grid").status is Status.OK
        assert ledger.query("main", "kept", by="grid").result == "7"
        assert ledger.state("main") == {word(0): word(7)}


def test_giving_itself_up_by_the_rules_of_istanbul_takes_the_state(engine: EvmEngine) -> None:
    """Found in no source: the contract makes the code and runs it as its own."""
    body = """
        uint public kept = 7;
        uint public other = 8;
        function end() external {
            bytes memory code = hex"6133ff6000526002601ef3";
            address made;
            assembly { made := create(0, add(code, 32), mload(code)) }
            (bool ok, ) = made.delegatecall("");
            require(ok);
        }
    """
    with opened(engine, contract(body), "changan") as ledger:
        found = ledger.invoke("main", "end", by="grid")
        assert found.status is Status.OK, found.message
        assert found.writes == (
            Write("main", word(0), word(7), None),
            Write("main", word(1), word(8), None),
        )
        assert ledger.state("main") == {}
        after = ledger.query("main", "kept", by="grid")
    assert (after.status, after.result) == (Status.OK, "0x")
