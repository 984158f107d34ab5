"""The contracts' rows of `make bench`: compilers, calls, and whole gradings on real ledgers."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from chains.engines import Engines, open_engines
from chains.types import Artefact, Engine, Ledger
from dev.bench import Row
from sandbox import open_boxes

SUFFIX = {"c": "c", "rust": "rs", "go": "go"}
CANARIES = Path("chains/chainmaker/sdk/canaries")
CALLS = 20
TIMES = 15

RECEIPT = """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Receipt {
    address private keeper;
    mapping(bytes32 => uint256) private stock;
    uint256 private total;

    event Kept(bytes32 indexed item, uint256 amount);

    constructor(address keeper_) {
        keeper = keeper_;
    }

    function keep(bytes32 item, uint256 amount) external returns (uint256) {
        require(msg.sender == keeper, "not the keeper");
        require(amount > 0 && amount <= 1000, "between 1 and 1000");
        stock[item] += amount;
        total += amount;
        emit Kept(item, amount);
        return stock[item];
    }
}
"""


def rows() -> Iterator[Row]:
    """Each with sources that nobody has compiled before, in a cache of its own."""
    with tempfile.TemporaryDirectory(prefix="chainwright-bench-") as home:
        os.environ["CHAINWRIGHT_CACHE"] = home
        boxes = open_boxes()
        engines = open_engines(boxes)
        try:
            yield from evm_rows(engines)
            for language in SUFFIX:
                yield from chainmaker_rows(engines, language)
        finally:
            engines.close()
            boxes.close()


def evm_rows(engines: Engines) -> Iterator[Row]:
    engine = engines.engine("evm")

    def grade(note: str) -> None:
        source = {"contract.sol": f"{RECEIPT}// {note}\n"}
        artefact = engine.compile(source, language="solidity", profile="ethereum")
        with engine.open(profile="ethereum") as ledger:
            keeper = ledger.identity("keeper", "store.example", "client")
            ledger.install("receipt", artefact, by="keeper", args={"keeper_": keeper.address})
            item = "0x" + "11" * 32
            for _ in range(CALLS):
                ledger.invoke("receipt", "keep", {"item": item, "amount": "1"}, by="keeper")
            ledger.transcript()

    for _ in range(3):
        grade(uuid.uuid4().hex)
    spent = [milliseconds(lambda: grade(uuid.uuid4().hex)) for _ in range(TIMES)]
    middle = statistics.median(spent)
    yield Row(f"EVM: compile, deploy, {CALLS} calls, p50", middle, "ms", 150)
    yield Row("EVM: the same, one worker", 1000 / statistics.mean(spent), "per s", 10, "more")


def chainmaker_rows(engines: Engines, language: str) -> Iterator[Row]:
    engine = engines.engine("chainmaker")
    source = (CANARIES / f"counter.{SUFFIX[language]}").read_text(encoding="utf-8")

    calls: list[float] = []
    compiling: list[float] = []
    cold: list[float] = []
    seen: list[float] = []
    for _ in range(TIMES // 3):
        files = {f"contract.{SUFFIX[language]}": f"{source}\n// {uuid.uuid4().hex}\n"}
        make = partial(engine.compile, files, language=language)
        compiling.append(milliseconds(make))
        for spent in (cold, seen):
            spent.append(milliseconds(lambda: calls.append(called(engine, make()))))  # noqa: B023
    cold = [first + after for first, after in zip(compiling, cold, strict=True)]
    middle = statistics.median
    yield Row(f"{language}: compile, never seen, p50", middle(compiling), "ms", None)
    yield Row(f"{language}: one call, p50", middle(calls), "ms", 2)
    yield Row(f"{language}: compile, install, {CALLS} calls, p50", middle(cold), "ms", 1500)
    yield Row(f"{language}: the same, source seen, p50", middle(seen), "ms", 100)


def called(engine: Engine, artefact: Artefact) -> float:
    """Install on a fresh ledger and call. Milliseconds of one call."""
    with engine.open() as ledger:
        ledger.identity("bench", "bench.example", "admin")
        ledger.install("counter", artefact, by="bench")
        spent = milliseconds(lambda: call_often(ledger))
        ledger.transcript()
    return spent / CALLS


def call_often(ledger: Ledger) -> None:
    for _ in range(CALLS):
        ledger.invoke("counter", "add", {"amount": "1"}, by="bench")


def milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000
