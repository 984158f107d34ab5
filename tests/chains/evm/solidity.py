"""Contracts for tests, and a ledger that they are installed on."""

from __future__ import annotations

from collections.abc import Mapping

from chains.evm.engine import EvmEngine
from chains.evm.ledger import EvmLedger
from chains.types import Artefact, Status

HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n"

CARBON = f"""{HEAD}
contract Carbon {{
    error TooMuch(uint256 cap, uint256 wanted);
    event Recorded(string asset, uint256 kg, address indexed by);

    uint256 public total;
    uint256 immutable cap;
    address owner;
    mapping(address => uint256) public held;

    constructor(uint256 cap_) {{
        cap = cap_;
        owner = msg.sender;
        emit Recorded("start", cap_, address(this));
    }}

    function record(string calldata asset, uint256 kg) external returns (uint256) {{
        if (total + kg > cap) revert TooMuch(cap, total + kg);
        total += kg;
        held[msg.sender] += kg;
        emit Recorded(asset, kg, msg.sender);
        return total;
    }}

    function close() external view {{
        require(msg.sender == owner, "only the owner");
    }}

    function clear() external {{
        total = 0;
    }}
}}
"""


def contract(body: str, name: str = "T") -> str:
    return f"{HEAD}contract {name} {{ {body} }}"


def compiled(engine: EvmEngine, source: str, profile: str = "ethereum") -> Artefact:
    return engine.compile({"contract.sol": source}, language="solidity", profile=profile)


def opened(
    engine: EvmEngine,
    source: str,
    profile: str = "ethereum",
    args: Mapping[str, str] | None = None,
    seed: int = 7,
) -> EvmLedger:
    """A ledger with `centre` (an administrator) and `grid`, on which `main` is installed."""
    artefact = compiled(engine, source, profile)
    ledger = engine.open(profile=profile, seed=seed)
    ledger.identity("centre", "centre.example", "admin")
    ledger.identity("grid", "grid.example", "client")
    installed = ledger.install("main", artefact, by="centre", args=args)
    assert installed.status is Status.OK, installed.message
    return ledger
