"""Whole exercises, with the real engine `python`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chains.transcripts import from_json as transcript_from_json
from exercises.contract.kind import Contract
from exercises.contract.mutation import mutation_score
from exercises.types import Outcome, Tools, Unreadable, Verdict
from exercises.verdicts import from_json, to_json
from tests.exercises.contract.loading import EXAMPLES, spec_of

KIND = Contract()
NAMES = ["carbon-record", "linked-receipts"]
every = pytest.mark.parametrize("name", NAMES)
WRONG: dict[str, dict[str, set[str]]] = {
    "carbon-record": {
        "any-order.py": {"order-kept", "total-told", "no-fourth", "conserved"},
        "loses-weight.py": {"conserved"},
        "no-role-check.py": {"only-plants", "total-told"},
        "upgrade-forgets.py": {"goes-on", "keeps-state"},
    },
    "linked-receipts": {
        "believes-proofs.py": {"forged-refused", "true-accepted"},
        "claims-twice.py": {"replay-refused"},
        "never-times-out.py": {"comes-back", "conserved"},
        "never-too-late.py": {"late-refused", "conserved"},
    },
}
"""By wrong version the checks that fail."""


VERDICTS: dict[tuple[str, str], Verdict] = {}


def graded(tools: Tools, name: str, wrong: str) -> Verdict:
    """The verdict on a wrong version with seed 5, graded once for all tests."""
    if (name, wrong) not in VERDICTS:
        spec = spec_of(EXAMPLES / name)
        variant = KIND.vary(spec, 5)
        VERDICTS[name, wrong] = KIND.grade(spec, variant, KIND.wrong(spec, variant)[wrong], tools)
    return VERDICTS[name, wrong]


@every
def test_the_spec_has_no_problems(name: str) -> None:
    assert KIND.check(spec_of(EXAMPLES / name)) == []


@every
@pytest.mark.parametrize("seed", [1, 2**61])
def test_the_solution_passes_all(name: str, seed: int, tools: Tools) -> None:
    spec = spec_of(EXAMPLES / name)
    variant = KIND.vary(spec, seed)
    solution = KIND.solution(spec, variant)
    assert solution is not None
    verdict = KIND.grade(spec, variant, solution, tools)
    assert [check.key for check in verdict.checks if check.outcome is not Outcome.PASSED] == []
    assert (verdict.outcome, verdict.score, verdict.feedback) == (Outcome.PASSED, 1.0, ())


@every
def test_each_mistake_fails_its_own_checks(name: str, tools: Tools) -> None:
    failed = {
        wrong: {
            check.key
            for check in graded(tools, name, wrong).checks
            if check.outcome is not Outcome.PASSED
        }
        for wrong in WRONG[name]
    }
    assert failed == WRONG[name]
    spec = spec_of(EXAMPLES / name)
    assert set(KIND.wrong(spec, KIND.vary(spec, 1))) == {"starter.py", *WRONG[name]}
    assert graded(tools, name, "starter.py").score < 0.5


def test_a_misconception_is_named_once(tools: Tools) -> None:
    verdict = graded(tools, "carbon-record", "any-order.py")
    assert [remark.misconception for remark in verdict.feedback] == [
        "stages-in-any-order",
        "total-drifts",
    ]


@every
def test_a_verdict_is_a_function_of_its_arguments_and_survives_storage(
    name: str, tools: Tools
) -> None:
    spec = spec_of(EXAMPLES / name)
    variant = KIND.vary(spec, 5)
    wrong = next(iter(WRONG[name]))
    verdict = graded(tools, name, wrong)
    stored = json.loads(json.dumps(KIND.wrong(spec, variant)[wrong]))
    assert verdict == KIND.grade(spec, variant, stored, tools)
    assert from_json(json.loads(json.dumps(to_json(verdict)))) == verdict


@every
def test_every_named_transaction_is_in_a_transcript(name: str, tools: Tools) -> None:
    for wrong in WRONG[name]:
        verdict = graded(tools, name, wrong)
        stored: list[Any] = list(verdict.transcripts)
        held = {
            f"{one['scenario']}/{one['transcript']['ledger']}/{transaction.number}"
            for one in stored
            for transaction in transcript_from_json(one["transcript"]).transactions
        }
        named = {check.transaction for check in verdict.checks if check.transaction}
        assert named <= held
        assert named


def test_nothing_of_a_hidden_scenario_is_told(tools: Tools) -> None:
    verdict = graded(tools, "carbon-record", "upgrade-forgets.py")
    hidden = [check for check in verdict.checks if check.hidden]
    assert [check.outcome for check in hidden] == [Outcome.WRONG, Outcome.WRONG]
    for check in hidden:
        assert (check.called, check.got, check.expected, check.transaction) == ("", "", "", "")
        assert check.message == {}
    told: list[Any] = list(verdict.transcripts)
    assert [one["scenario"] for one in told] == ["life-cycle", "whole-way"]


def test_a_run_does_the_visible_part_only(tools: Tools) -> None:
    spec = spec_of(EXAMPLES / "carbon-record")
    variant = KIND.vary(spec, 5)
    answer = KIND.wrong(spec, variant)["upgrade-forgets.py"]
    run = Tools(boxes=tools.boxes, engines=tools.engines, visible_only=True)
    verdict = KIND.grade(spec, variant, answer, run)
    assert verdict.outcome is Outcome.PASSED
    assert not any(check.hidden for check in verdict.checks)


@every
def test_what_is_shown_is_read_again_and_holds_no_secret(name: str) -> None:
    spec = spec_of(EXAMPLES / name)
    variant = KIND.vary(spec, 3)
    shown: Any = KIND.show(spec, variant, None)
    assert set(shown) == {
        "languages",
        "language",
        "files",
        "engine",
        "contract",
        "people",
        "ledgers",
        "scenarios",
        "laws",
    }
    posted = {f"file:{file['name']}": [file["text"]] for file in shown["files"]}
    answer = KIND.read(spec, variant, posted | {"language": [shown["language"]]})
    assert answer == KIND.wrong(spec, variant)["starter.py"]
    assert KIND.show(spec, variant, answer) == shown
    page = json.dumps(shown)
    solution: Any = KIND.solution(spec, variant)
    for text in solution["files"].values():
        assert json.dumps(text) not in page
    for scenario in shown["scenarios"]:
        assert (scenario["steps"] == []) == scenario["hidden"]
    assert '"expect' not in page
    assert str(variant.values[next(iter(variant.values))]) in page


def test_a_form_without_a_contract_is_unreadable() -> None:
    spec = spec_of(EXAMPLES / "carbon-record")
    variant = KIND.vary(spec, 3)
    for posted in (
        {},
        {"file:contract.py": [" \n"]},
        {"file:contract.py": ["\0"]},
        {"file:contract.py": ["x" * 128_001]},
        {"file:contract.py": ["x"], "language": ["go"]},
    ):
        with pytest.raises(Unreadable) as refusal:
            KIND.read(spec, variant, posted)
        assert sorted(refusal.value.message) == ["en", "zh-hans"]


def test_no_small_mistake_goes_unnoticed(tools: Tools) -> None:
    spec = spec_of(EXAMPLES / "carbon-record")
    score = mutation_score(spec, KIND.vary(spec, 5), tools)
    assert score.survived == ()
    assert (score.killed, score.not_compiled, score.equivalent, score.share) == (31, 0, 1, 1.0)
