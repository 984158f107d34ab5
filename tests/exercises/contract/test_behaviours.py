"""What becomes of what learners write, and what they are told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chains.onramp import execution
from chains.types import Artefact, Engine, NotCompiled
from exercises.types import Answer, Broken, Outcome, Tools
from sandbox.types import Unavailable
from tests.exercises.contract.building import (
    KIND,
    contract,
    found,
    graded,
    law,
    scenario,
    spec_of,
    step,
)

RECORD = (
    "    def record(self, chain, kg='1'):\n"
    "        chain.put_state('total', str(int(chain.get_state('total')) + int(kg)))\n"
    "        chain.emit_event('recorded', [kg])\n"
    "        return chain.get_state('total')\n"
)
TWO = scenario(
    step("one", 'call = "record"', 'status = "ok"') + step("two", 'call = "record"', 'result = "2"')
)
OTHER = scenario(step("three", 'call = "record"', 'status = "ok"'), key="t")


def outcomes(verdict: Any) -> dict[str, str]:
    return {check.key: check.outcome.value for check in verdict.checks}


def test_a_right_contract_passes(tools: Tools) -> None:
    verdict = graded(tools, spec_of(TWO), RECORD)
    assert (verdict.outcome, verdict.score) == (Outcome.PASSED, 1.0)
    check = found(verdict, "two-1")
    assert (check.called, check.transaction) == ("plant: record()", "s/main/3")


def test_what_was_got_and_expected_is_shown(tools: Tools) -> None:
    verdict = graded(tools, spec_of(TWO), RECORD.replace("return chain", "return 'x' + chain"))
    check = found(verdict, "two-1")
    assert (check.outcome, check.got, check.expected) == (Outcome.WRONG, "x2", "2")


def test_compiler_errors_come_with_file_and_line(tools: Tools) -> None:
    spec = spec_of(TWO, files={"python": ["contract.py", "other.py"]})
    verdict = graded(tools, spec, "    def record(self)\n", other="import os\n")
    first, second = verdict.checks[:2]
    assert (verdict.outcome, verdict.score) == (Outcome.ERROR, 0.0)
    assert (first.key, first.file, first.line) == ("compile", "contract.py", 6)
    assert first.message["en"] == "expected ':'"
    assert (second.key, second.file, second.line) == ("compile-2", "other.py", 1)
    assert [check.outcome for check in verdict.checks[2:]] == [Outcome.NOT_RUN] * 2


def test_a_trap_is_an_error_with_its_line(tools: Tools) -> None:
    body = "    def record(self, chain):\n        return {}['x']\n"
    check = found(graded(tools, spec_of(TWO), body), "one-1")
    assert (check.outcome, check.file, check.line) == (Outcome.ERROR, "contract.py", 7)
    assert check.message["en"] == "KeyError: 'x' (contract.py:7)"


def test_a_contract_is_not_told_values_by_asking_for_them(tools: Tools) -> None:
    body = "    def record(self, chain):\n        raise KeyError('{{ secret }}')\n"
    check = found(graded(tools, spec_of('[draw]\nsecret = "7 * 1111"\n' + TWO), body), "one-1")
    assert check.message["en"] == "KeyError: '{{ secret }}' (contract.py:7)"


def test_a_trap_is_not_a_refusal_even_where_one_is_due(tools: Tools) -> None:
    checks = scenario(step("one", 'call = "record"', 'status = "failed"'))
    body = "    def record(self, chain):\n        return {}['x']\n"
    assert found(graded(tools, spec_of(checks), body), "one-1").outcome is Outcome.ERROR


def test_an_endless_loop_costs_the_rest_of_its_scenario(tools: Tools) -> None:
    body = (
        "    def record(self, chain):\n"
        "        total = int(chain.get_state('total'))\n"
        "        while total == 1:\n            pass\n"
        "        chain.put_state('total', str(total + 1))\n"
        "        return str(total + 1)\n"
    )
    checks = scenario(
        step("one", 'call = "record"', 'status = "ok"')
        + step("two", 'call = "record"', 'result = "2"')
        + step("later", 'call = "record"', 'result = "3"')
    )
    verdict = graded(tools, spec_of(checks + OTHER), body)
    assert outcomes(verdict) == {
        "one-1": "passed",
        "two-1": "time",
        "later-1": "not_run",
        "three-1": "passed",
    }
    assert "too long" in found(verdict, "two-1").message["en"]
    assert verdict.score == 0.5


def test_after_three_dead_ledgers_nothing_more_is_run(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "LIMITS", replace(execution.LIMITS, cpu_seconds=1))
    body = "    def record(self, chain):\n        while True: pass\n"
    checks = "".join(
        scenario(step(f"one-{key}", 'call = "record"', 'status = "ok"'), key=key) for key in "abcd"
    )
    verdict = graded(tools, spec_of(checks), body)
    assert [check.outcome.value for check in verdict.checks] == ["time"] * 3 + ["not_run"]


def test_a_contract_that_cannot_be_installed_says_why(tools: Tools) -> None:
    spec = spec_of(
        TWO + scenario(step("h", 'call = "record"', 'status = "ok"'), key="t", hidden=True)
    )
    body = "    def init_contract(self, chain):\n        raise Refused('secret reason')\n"
    verdict = graded(tools, spec, body)
    assert outcomes(verdict) == {"one-1": "error", "two-1": "not_run", "h-1": "error"}
    first = found(verdict, "one-1")
    assert first.message["en"] == "Your contract could not be installed: secret reason"
    assert first.transaction == "s/main/1"
    assert "secret reason" not in str(found(verdict, "h-1"))


def test_an_installation_may_be_expected_to_fail(tools: Tools) -> None:
    checks = (
        '[[scenario]]\nkey = "s"\ntitle = { en = "T", zh-hans = "题" }\n'
        '[scenario.install]\nby = "plant"\n'
        '[[scenario.install.expect]]\nkey = "only-admins"\n'
        'title = { en = "T", zh-hans = "题" }\nstatus = "refused"\n'
    )
    assert graded(tools, spec_of(checks), RECORD).score == 1


def test_visible_transcripts_only_and_no_hidden_word(tools: Tools) -> None:
    spec = spec_of(
        TWO
        + scenario(
            step("h", 'call = "record"\nargs = { kg = "MARKED" }', 'result = "9"'),
            key="t",
            hidden=True,
        )
    )
    body = "    def record(self, chain, kg='1'):\n        raise KeyError(kg)\n"
    verdict = graded(tools, spec, body)
    transcripts: list[Any] = list(verdict.transcripts)
    assert [one["scenario"] for one in transcripts] == ["s"]
    assert "MARKED" not in str(verdict)
    assert found(verdict, "h-1").message["en"].startswith("Your contract broke here.")


def test_drawn_values_differ_with_what_is_handed_in(tools: Tools) -> None:
    draw = '[draw]\nkg = "randint(1, 10 ** 9)"\n'
    checks = draw + scenario(
        step("one", 'call = "record"\nargs = { kg = "$kg" }', 'result = "$kg"')
    )
    calls = {
        found(graded(tools, spec_of(checks), RECORD + padding), "one-1").called
        for padding in ("", "", "\n", "\n\n")
    }
    assert len(calls) == 3
    shown: Any = KIND.show(spec_of(checks), KIND.vary(spec_of(checks), 1), None)
    assert shown["scenarios"][0]["steps"][1]["text"] == 'plant: record(kg = "…")'


def test_the_life_cycle_and_fixtures(tools: Tools) -> None:
    before = contract(RECORD.replace("+ int(kg)", "+ 10 * int(kg)"))
    checks = (
        '[[scenario]]\nkey = "s"\ntitle = { en = "T", zh-hans = "题" }\n'
        'install = { by = "centre", from = "before" }\n'
        + step("old", 'call = "record"', 'result = "10"')
        + step("freeze", "freeze = true", 'status = "ok"', by="centre")
        + step("frozen", 'call = "record"', 'status = "refused"')
        + step("thaw", "unfreeze = true", 'status = "ok"', by="centre")
        + step("up", 'upgrade = "submission"', 'writes = { v = "2" }', by="centre")
        + step("new", 'call = "record"', 'result = "11"\nstate = { total = "11", v = "2" }')
        + step("end", "revoke = true", 'status = "ok"', by="centre")
        + step("gone", 'query = "record"', 'message_contains = ["REVOKED"]')
    )
    spec = spec_of(checks, fixtures={"before": {"python": {"contract.py": before}}})
    body = RECORD + "    def upgrade(self, chain):\n        chain.put_state('v', '2')\n"
    verdict = graded(tools, spec, body)
    assert {key for key, outcome in outcomes(verdict).items() if outcome != "passed"} == set()


def test_our_mistakes_are_never_the_learners(tools: Tools) -> None:
    fixture = {"broken": {"python": {"contract.py": "class"}}}
    checks = TWO.replace(
        'install = { by = "centre" }', 'install = { by = "centre", from = "broken" }'
    )
    with pytest.raises(Broken, match="fixture broken"):
        graded(tools, spec_of(checks, fixtures=fixture), RECORD)
    with pytest.raises(Broken, match="needs engines"):
        graded(Tools(boxes=tools.boxes), spec_of(TWO), RECORD)
    with pytest.raises(Broken, match="no engine"):
        graded(tools, spec_of(TWO, engine="evm", languages=["solidity"]), RECORD)


class WithoutCompiler:
    """Engines of a host on which a toolchain is missing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def engine(self, name: str) -> Engine:
        return self  # type: ignore[return-value]  # only `compile` is asked for

    def compile(self, *args: object, **kwargs: object) -> Artefact:
        raise Unavailable("Go is not installed here: apt install golang.")


def test_a_missing_toolchain_is_said_as_it_is(tools: Tools) -> None:
    assert tools.engines is not None
    without = Tools(boxes=tools.boxes, engines=WithoutCompiler(tools.engines.engine("python")))
    with pytest.raises(Unavailable, match="Go is not installed here"):
        graded(without, spec_of(TWO), RECORD)


def test_an_unknown_name_in_checks_is_ours(tools: Tools) -> None:
    spec = spec_of(scenario(step("one", 'call = "record"', 'status = "ok"')))
    spec["checks"]["scenario"][0]["step"][0]["args"] = {"kg": "$nothing"}
    answer: Answer = {"language": "python", "files": {"contract.py": contract(RECORD)}}
    with pytest.raises(Broken, match="nothing"):
        KIND.grade(spec, KIND.vary(spec, 1), answer, tools)


def test_names_of_the_ledger(tools: Tools) -> None:
    body = (
        "    def say(self, chain, **args):\n"
        "        return ' '.join(args[name] for name in sorted(args))\n"
        "    def me(self, chain):\n"
        "        return chain.origin()\n"
    )
    checks = scenario(
        step("me", 'call = "me"', 'result = "@address:plant"')
        + step(
            "say",
            'call = "say"\nargs = { a = "<@result:me>", b = "$$5 @@x", c = "@time:me" }',
            'result = "<@address:plant> $$5 @@x 1700000002"',
        )
    )
    verdict = graded(tools, spec_of(checks), body)
    assert [check.got for check in verdict.checks if check.got] == []
    assert verdict.score == 1


def test_a_law_that_nothing_happened_for_earns_nothing(tools: Tools) -> None:
    body = "    def record(self, chain):\n        raise Refused('never')\n"
    spec = spec_of(TWO + law("l", 'absent = ["secret"]'))
    assert found(graded(tools, spec, body), "l").outcome is Outcome.WRONG


def test_not_compiled_without_a_word_is_still_a_verdict(tools: Tools) -> None:
    class Silent(WithoutCompiler):
        def compile(self, *args: object, **kwargs: object) -> Artefact:
            raise NotCompiled([])

    assert tools.engines is not None
    silent = Tools(boxes=tools.boxes, engines=Silent(tools.engines.engine("python")))
    verdict = graded(silent, spec_of(TWO), RECORD)
    assert [check.outcome.value for check in verdict.checks] == ["error", "not_run", "not_run"]
