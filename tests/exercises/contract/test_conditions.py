"""Each condition of an expectation, and each law, holds and fails."""

from __future__ import annotations

import pytest

from exercises.types import Outcome, Tools
from tests.exercises.contract.building import found, graded, law, scenario, spec_of, step

BODY = (
    "    def upgrade(self, chain):\n"
    "        chain.put_state('total', '0')\n"
    "    def record(self, chain, kg='5'):\n"
    "        chain.get_state('seen')\n"
    "        chain.put_state('a', kg, 'kg')\n"
    "        chain.put_state('total', kg)\n"
    "        chain.emit_event('recorded', ['a', kg])\n"
    "        chain.emit_event('noted', [])\n"
    "        return '{\"kg\": ' + kg + ', \"all\": [1]}'\n"
    "    def wipe(self, chain):\n"
    "        chain.del_state('total')\n"
    "    def refuse(self, chain):\n"
    "        raise Refused('Not Permitted here')\n"
    "    def ask(self, chain):\n"
    "        return chain.call_contract('carbon', 'record').payload\n"
    "    def leak(self, chain, word):\n"
    "        chain.emit_event('told', [word.encode().hex()])\n"
)
HOLDS = [
    ("record", 'status = "ok"'),
    ("record", 'status = ["failed", "ok"]'),
    ("refuse", 'status = "failed"'),
    ("nothing", 'status = "failed"'),
    ("record", 'result_contains = "all"'),
    ("record", "result_json = { all = [1], kg = 5 }"),
    ("refuse", 'message_contains = "permitted"'),
    ("refuse", 'message_contains = ["role", "permitted"]'),
    ("record", 'event = { topic = "recorded" }'),
    ("record", 'event = { topic = "recorded", data = ["a", "5"] }'),
    ("record", 'events = [{ topic = "recorded" }, { topic = "noted", data = [] }]'),
    ("refuse", "events = []"),
    ("record", 'writes = { "a#kg" = "5", total = "5" }'),
    ("wipe", "writes = { total = false }"),
    ("refuse", "writes = {}"),
    ("record", "writes_at_most = 2"),
    ("record", 'reads = ["seen"]'),
    ("record", "reads_at_most = 1"),
    ("record", "cost_at_most = 5000"),
    ("record", 'state = { "a#kg" = "5" }'),
    ("wipe", "state = { total = false }"),
    ("ask", 'calls = ["carbon.record"]'),
    ("record", "calls = []"),
]
FAILS = [
    ("record", 'status = "failed"', "ok", "failed"),
    ("refuse", 'status = "ok"', "failed: Not Permitted here", "ok"),
    ("record", 'result = "5"', '{"kg": 5, "all": [1]}', "5"),
    ("record", "result_json = 5", '{"all": [1], "kg": 5}', "5"),
    ("wipe", "result_json = 5", "", "5"),
    ("refuse", 'message_contains = "role"', "Not Permitted here", "…role…"),
    (
        "record",
        'event = { topic = "recorded", data = ["b"] }',
        "recorded(a, 5), noted()",
        "recorded(b) × 1",
    ),
    (
        "record",
        'events = [{ topic = "noted" }, { topic = "recorded" }]',
        "recorded(a, 5), noted()",
        "noted(…), recorded(…)",
    ),
    ("record", "events = []", "recorded(a, 5), noted()", "–"),
    ("record", 'writes = { total = "5" }', "a#kg = 5, total = 5", "total = 5"),
    ("wipe", 'writes = { total = "1" }', "total = –", "total = 1"),
    ("record", "writes_at_most = 1", "2: a#kg, total", "≤ 1"),
    ("record", "reads = []", "seen", ""),
    ("record", "reads_at_most = 0", "1: seen", "≤ 0"),
    ("record", 'state = { total = "6" }', "total = 5", "total = 6"),
    ("ask", "calls = []", "carbon.record", "–"),
]


def test_conditions_hold(tools: Tools) -> None:
    checks = "".join(
        scenario(step(f"c{number}", f'call = "{method}"', condition), key=f"s{number}")
        for number, (method, condition) in enumerate(HOLDS)
    )
    verdict = graded(tools, spec_of(checks), BODY)
    assert [
        (HOLDS[number][1], check.got)
        for number, check in enumerate(verdict.checks)
        if check.outcome is not Outcome.PASSED
    ] == []


def test_conditions_fail_with_what_was_got_and_expected(tools: Tools) -> None:
    checks = "".join(
        scenario(step(f"c{number}", f'call = "{method}"', condition), key=f"s{number}")
        for number, (method, condition, _, _) in enumerate(FAILS)
    )
    verdict = graded(tools, spec_of(checks), BODY)
    assert [(check.outcome, check.got, check.expected) for check in verdict.checks] == [
        (Outcome.WRONG, got, expected) for _, _, got, expected in FAILS
    ]


def test_the_cost_is_part_of_a_failure(tools: Tools) -> None:
    checks = scenario(step("c", 'call = "record"', "cost_at_most = 1000"))
    check = found(graded(tools, spec_of(checks), BODY), "c-1")
    assert (check.outcome, check.expected) == (Outcome.WRONG, "≤ 1000")
    assert int(check.got) > 1000


def test_conditions_are_and(tools: Tools) -> None:
    both = 'status = "ok"\nreads_at_most = 0'
    checks = scenario(step("c", 'call = "record"', both))
    assert found(graded(tools, spec_of(checks), BODY), "c-1").got == "1: seen"


LAWS = [
    ("record", 'absent = ["secret"]', None),
    ("record", 'absent = ["corded"]', ("recorded", "no “corded”")),
    ("leak", 'absent = ["secret"]', ("736563726574", "no “736563726574”")),
    ("record", 'conserved = { keys = "*#kg", total = "=total" }', None),
    ("record", 'conserved = { keys = "*#kg", total = "5", at = "end" }', None),
    ("record", 'conserved = { keys = "*#kg", total = "5" }', ("*#kg: 0", "*#kg: 5")),
    ("record", 'at_most = { call = "record", reads = 1, writes = 2, cost = 9000 }', None),
    ("record", "at_most = { writes = 1 }", ("writes: 2", "writes ≤ 1")),
    ("record", 'emits = { call = "record", topic = "recorded", data = ["a", "@arg:kg"] }', None),
    (
        "record",
        'emits = { call = "record", topic = "recorded", data = ["@by:name", "@arg:kg"] }',
        ("recorded(a, 7), noted()", "recorded(plant, 7) × 1"),
    ),
    (
        "record",
        'emits = { call = "record", topic = "noted", count = 2 }',
        ("recorded(a, 7), noted()", "noted × 2"),
    ),
]


@pytest.mark.parametrize(("method", "condition", "breach"), LAWS)
def test_laws(tools: Tools, method: str, condition: str, breach: tuple[str, str] | None) -> None:
    args = 'args = { kg = "7" }' if method == "record" else 'args = { word = "secret" }'
    if 'total = "5"' in condition and "end" in condition:
        args = 'args = { kg = "5" }'
    checks = scenario(step("c", f'call = "{method}"\n{args}', 'status = "ok"')) + law(
        "l", condition
    )
    check = found(graded(tools, spec_of(checks), BODY), "l")
    if breach is None:
        assert (check.outcome, check.got) == (Outcome.PASSED, "")
    else:
        assert (check.outcome, check.got, check.expected) == (Outcome.WRONG, *breach)
        number = 1 if "conserved" in condition else 2
        assert check.transaction == f"s/main/{number}"


def test_an_upgrade_keeps_what_it_must(tools: Tools) -> None:
    steps = step("c", 'call = "record"', 'status = "ok"')
    steps += step("up", 'upgrade = "submission"', 'status = "ok"', by="centre")
    checks = scenario(steps) + law("all", 'upgrade_keeps = "*"') + law("a", 'upgrade_keeps = "a#*"')
    verdict = graded(tools, spec_of(checks), BODY)
    assert (found(verdict, "all").got, found(verdict, "all").transaction) == (
        "total changed",
        "s/main/3",
    )
    assert found(verdict, "a").outcome is Outcome.PASSED


def test_a_law_is_not_passed_before_all_its_scenarios_were_run(tools: Tools) -> None:
    endless = BODY + "    def spin(self, chain):\n        while True: pass\n"
    checks = (
        scenario(step("c", 'call = "record"', 'status = "ok"'))
        + scenario(step("d", 'call = "spin"', 'status = "ok"'), key="t")
        + law("l", 'absent = ["secret"]')
    )
    assert found(graded(tools, spec_of(checks), endless), "l").outcome is Outcome.TIME


def test_no_number_is_too_long_for_a_sum(tools: Tools) -> None:
    put = "        chain.put_state('balance', '9' * 4300, '{}')\n"
    body = "    def go(self, chain):\n" + put.format("a") + put.format("b")
    checks = scenario(step("go", 'call = "go"', 'status = "ok"'))
    conserved = 'conserved = { keys = "balance#*", total = "=total" }'
    verdict = graded(tools, spec_of(checks + law("l", conserved)), body)
    assert found(verdict, "l").outcome is Outcome.PASSED
