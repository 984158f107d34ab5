"""One checks.toml judges Go, Rust and C on the Chang'An Chain host; another one Solidity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chains.engines import Engines, open_engines
from chains.types import Engine
from exercises.contract.kind import Contract
from exercises.contract.mutation import mutation_score
from exercises.types import Answer, Outcome, Tools
from sandbox.types import Boxes, Unavailable
from tests.exercises.contract.loading import EXAMPLES, spec_of

KIND = Contract()
ANSWERS = [
    ("carbon-chainmaker", "solution.go", set[str]()),
    ("carbon-chainmaker", "solution.rs", set[str]()),
    ("carbon-chainmaker", "solution.c", set[str]()),
    ("carbon-chainmaker", "no-role-check.go", {"only-plants", "total-told"}),
    ("carbon-chainmaker", "no-role-check.rs", {"only-plants", "total-told"}),
    ("carbon-chainmaker", "any-order.c", {"order-kept", "total-told", "conserved"}),
    ("stock-evm", "solution.sol", set[str]()),
    ("stock-evm", "no-keeper.sol", {"only-keeper"}),
    ("stock-evm", "overwrites.sol", {"sum"}),
]


@pytest.fixture(scope="module")
def engines(boxes: Boxes) -> Iterator[Engines]:
    opened = open_engines(boxes)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", ["carbon-chainmaker", "stock-evm"])
def test_the_specs_have_no_problems(name: str) -> None:
    assert KIND.check(spec_of(EXAMPLES / name)) == []


@pytest.mark.parametrize(("name", "answer", "failing"), ANSWERS)
def test_an_answer_fails_these_checks_only(
    boxes: Boxes, engines: Engines, name: str, answer: str, failing: set[str]
) -> None:
    spec = spec_of(EXAMPLES / name)
    variant = KIND.vary(spec, 5)
    answers = {**KIND.solutions(spec), **KIND.wrong(spec, variant)}
    try:
        verdict = KIND.grade(spec, variant, answers[answer], Tools(boxes=boxes, engines=engines))
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    failed = {check.key for check in verdict.checks if check.outcome is not Outcome.PASSED}
    assert failed == failing
    assert (verdict.score == 1) == (failing == set())


def test_a_contract_that_takes_other_arguments_is_wrong_and_not_ours(
    boxes: Boxes, engines: Engines
) -> None:
    spec = spec_of(EXAMPLES / "stock-evm")
    right = spec["solution"]["solidity"]["contract.sol"]
    changes = {
        "small numbers": right.replace("uint256 amount)", "uint8 amount)"),
        "two of a name": right.replace(
            "    function everything",
            "    function takeIn(bytes32, int256) external {}\n    function everything",
        ).replace("bytes32 item, uint256 amount) external", "bytes32 i, uint256 a) external"),
        "no such constructor": right.replace("address keeper_", "uint256 keeper_, uint256 x"),
    }
    for what, text in changes.items():
        answer: Answer = {"language": "solidity", "files": {"contract.sol": text}}
        tools = Tools(boxes=boxes, engines=engines)
        try:
            verdict = KIND.grade(spec, KIND.vary(spec, 5), answer, tools)
        except Unavailable as unavailable:
            pytest.skip(unavailable.reason)
        assert verdict.score < 1, what


class Killed:
    """An engine whose host is killed from outside, `times` times, just when a ledger is open."""

    def __init__(self, engine: Any, times: int) -> None:
        self._engine = engine
        self.times = times

    def engine(self, name: str) -> Engine:
        return self  # type: ignore[return-value]  # it does what an engine does

    def compile(self, *args: Any, **kwargs: Any) -> Any:
        return self._engine.compile(*args, **kwargs)

    def open(self, **kwargs: Any) -> Any:
        ledger = self._engine.open(**kwargs)
        if self.times:
            self.times -= 1
            ledger.identity("centre", "centre.example", "admin")
            ledger.identity("store", "store.example", "client")
            self._engine._chains._daemon._enclosed.process.kill()
            self._engine._chains._daemon._enclosed.process.wait()
        return ledger


@pytest.mark.parametrize("times", [1, 2])
def test_a_host_that_dies_once_is_not_the_contracts_fault(
    boxes: Boxes, engines: Engines, times: int
) -> None:
    spec = spec_of(EXAMPLES / "stock-evm")
    killed = Killed(engines.engine("evm"), times)
    tools = Tools(boxes=boxes, engines=killed)
    try:
        verdict = KIND.grade(spec, KIND.vary(spec, 5), KIND.solutions(spec)["solution.sol"], tools)
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    assert killed.times == 0
    assert (verdict.score == 1) == (times == 1)


def test_mutants_of_a_solution_compile(boxes: Boxes, engines: Engines) -> None:
    spec = spec_of(EXAMPLES / "stock-evm")
    try:
        score = mutation_score(spec, KIND.vary(spec, 5), Tools(boxes=boxes, engines=engines))
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    assert score.not_compiled == 0
    assert [str(mutant) for mutant in score.survived] == [
        "solution.sol:23 “0” became “1”",
        'solution.sol:23 “"amount"” became “"amount_"”',
    ]
