"""Random sequences find what no author thought of, and show it short."""

from __future__ import annotations

from typing import Any

from exercises.contract.conditions import LONGEST
from exercises.contract.plan import Walk
from exercises.contract.walks import drawn
from exercises.seeds import stream
from exercises.types import Outcome, Tools
from tests.exercises.contract.building import found, graded, law, scenario, spec_of, step

BODY = (
    "    def put(self, chain, n):\n"
    "        if int(n) > 50:\n"
    "            raise Refused('too much')\n"
    "        total = int(chain.get_state('total')) + int(n)\n"
    "        {rule}\n"
    "        chain.put_state('total', str(total))\n"
    "    def take(self, chain):\n"
    "        chain.put_state('total', '0')\n"
    "    def total(self, chain):\n"
    "        return chain.get_state('total')\n"
)
RIGHT = BODY.format(rule="total = min(total, 99)")
WRONG = BODY.format(rule="pass")
CHECKS = scenario(step("one", 'call = "take"', 'status = "ok"')) + law(
    "below",
    "[law.random]\ninstall = { by = 'centre' }\nruns = 3\nlength = 8\ncalls = [\n"
    "  { by = ['plant', 'centre'], call = 'put',"
    " args = { n = ['1', '40', '50', '=text(randint(2, 60))'] } },\n"
    "  { by = 'plant', call = 'take', weight = 0.2 },\n]\n"
    "[law.invariant]\nby = 'plant'\nqueries = { t = { query = 'total' } }\nholds = 'int(t) < 100'",
)


def test_an_invariant_that_holds_passes(tools: Tools) -> None:
    check = found(graded(tools, spec_of(CHECKS), RIGHT), "below")
    assert (check.outcome, check.called, check.transaction) == (Outcome.PASSED, "", "")


def test_a_counter_example_is_as_short_as_can_be(tools: Tools) -> None:
    verdict = graded(tools, spec_of(CHECKS), WRONG)
    check = found(verdict, "below")
    lines = check.called.splitlines()
    assert check.outcome is Outcome.WRONG
    assert all("put" in line for line in lines)
    amounts = [int(line.partition('n = "')[2].rstrip('")')) for line in lines]
    assert sum(amounts) >= 100
    assert all(sum(amounts) - one < 100 for one in amounts)
    assert check.expected == "int(t) < 100"
    assert verdict == graded(tools, spec_of(CHECKS), WRONG)
    assert check.got == f"t = {sum(amounts)}"
    walked: list[Any] = [one for one in verdict.transcripts if one["scenario"] == "below"]
    transactions = walked[0]["transcript"]["transactions"]
    assert check.transaction == f"below/main/{transactions[-2]['number']}"
    assert [one["method"] for one in transactions if one["kind"] == "invoke"] == ["put"] * len(
        lines
    )


def test_a_query_that_fails_breaks_an_invariant(tools: Tools) -> None:
    body = WRONG.replace("return chain.get_state('total')", "raise Refused('no')")
    check = found(graded(tools, spec_of(CHECKS), body), "below")
    assert (check.outcome, check.got) == (Outcome.WRONG, "t: failed no")


def test_of_a_long_answer_the_beginning_is_shown(tools: Tools) -> None:
    body = WRONG.replace("return chain.get_state('total')", "return 'x' * 60_000")
    check = found(graded(tools, spec_of(CHECKS), body), "below")
    assert (check.outcome, check.got) == (Outcome.WRONG, "t = " + "x" * (LONGEST - 4))


def test_a_hidden_walk_shows_nothing(tools: Tools) -> None:
    spec = spec_of(CHECKS.replace("hidden = false\n[law", "hidden = true\n[law"))
    verdict = graded(tools, spec, WRONG)
    check = found(verdict, "below")
    assert (check.outcome, check.hidden) == (Outcome.WRONG, True)
    assert (check.called, check.got, check.expected, check.transaction) == ("", "", "", "")
    transcripts: list[Any] = list(verdict.transcripts)
    assert [one["scenario"] for one in transcripts] == ["s"]


def test_a_walk_that_never_ends_takes_time(tools: Tools) -> None:
    body = WRONG.replace("pass", "\n        while total > 90: pass")
    check = found(graded(tools, spec_of(CHECKS), body), "below")
    assert check.outcome is Outcome.TIME
    assert check.called.startswith("1. ")


def test_fixed_steps_come_first(tools: Tools) -> None:
    checks = scenario(step("one", 'call = "take"', 'status = "ok"')) + law(
        "sum",
        "conserved = { keys = 'total', total = '40', at = 'end' }\n"
        "[law.random]\ninstall = { by = 'centre' }\nruns = 2\nlength = 2\n"
        "first = [{ by = 'plant', call = 'put', args = { n = '40' } }]\n"
        "calls = [{ by = 'plant', call = 'put', args = { n = '=text(randint(51, 99))' } }]",
    )
    verdict = graded(tools, spec_of(checks), RIGHT)
    assert found(verdict, "sum").outcome is Outcome.PASSED


def test_weights_are_kept() -> None:
    often = {"by": "a", "call": "often", "contract": "c", "ledger": "main", "weight": 9}
    walk = Walk((often, {**often, "call": "seldom", "weight": 1}), (), length=1000)
    names = [one.step.method for one in drawn(walk, {}, stream(1, "x"))]
    assert 50 < names.count("seldom") < 150
