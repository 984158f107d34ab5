"""One profile grades; what the other makes of the same submission is told beside the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chains.engines import Engines, open_engines
from chains.evm.profiles import addresses, contract_address, differences
from chains.transcripts import from_json
from exercises.contract.kind import Contract
from exercises.contract.review import problems_of
from exercises.types import Outcome, Tools, Verdict
from sandbox.types import Boxes, Unavailable
from tests.exercises.contract.loading import EXAMPLES, spec_of

KIND = Contract()


@pytest.fixture(scope="module")
def engines(boxes: Boxes) -> Iterator[Engines]:
    opened = open_engines(boxes)
    yield opened
    opened.close()


def stock(graded: str, compared: str) -> dict[str, Any]:
    spec = {**spec_of(EXAMPLES / "stock-evm"), "profiles": [graded], "compare": compared}
    assert problems_of(spec) == []
    return spec


def graded(spec: dict[str, Any], engines: Engines, source: str = "") -> Verdict:
    variant = KIND.vary(spec, 5)
    answer: Any = KIND.solution(spec, variant)
    if source:
        answer = {**answer, "files": {"contract.sol": source}}
    try:
        return KIND.grade(spec, variant, answer, Tools(boxes=None, engines=engines))
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)


def test_the_other_profile_is_told_beside_each_visible_scenario(engines: Engines) -> None:
    spec = stock("changan", "ethereum")
    verdict = graded(spec, engines)
    assert verdict.outcome is Outcome.PASSED
    for entry in verdict.transcripts:
        told: Any = entry["other"]
        assert told["profile"] == "ethereum"
        here, there = from_json(entry["transcript"]), from_json(told["transcript"])  # type: ignore[arg-type]
        assert {each.field for each in differences(here, there)} == {"cost"}
        assert addresses(here)["Stock"] == contract_address("Stock") != addresses(there)["Stock"]
    alone = graded({**spec, "compare": "ethereum"}, engines)
    assert alone == verdict, "the same again"
    del spec["compare"]
    plain = graded(spec, engines)
    assert all("other" not in entry for entry in plain.transcripts)
    assert replace(plain, transcripts=()) == replace(verdict, transcripts=())


def test_what_needs_a_coin_is_refused_there_with_its_line(engines: Engines) -> None:
    spec = stock("ethereum", "changan")
    solution: str = spec["solution"]["solidity"]["contract.sol"]
    body, end = solution.rstrip().removesuffix("}"), "    receive() external payable {}\n}\n"
    verdict = graded(spec, engines, f"{body}{end}")
    assert verdict.outcome is Outcome.PASSED, "what is judged is the one profile"
    (told,) = {str(entry["other"]) for entry in verdict.transcripts}
    line = body.count("\n") + 1
    assert told.startswith(
        f"{{'profile': 'changan', 'refused': [{{'file': 'contract.sol', 'line': {line}, 'message'"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"compare": "changan"},
        {"compare": "fabric"},
        {"compare": 1},
        {"engine": "chainmaker", "languages": ["go"], "profiles": []},
        {"ledgers": ["a", "b"]},
    ],
    ids=str,
)
def test_only_the_other_profile_of_one_ledger_is_compared(change: dict[str, Any]) -> None:
    spec = {**stock("changan", "ethereum"), **change}
    assert "spec.compare" in {problem.path for problem in problems_of(spec)}
