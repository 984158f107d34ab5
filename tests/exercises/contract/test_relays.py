"""What a learner's relay is told, and what becomes of what it asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exercises.types import Outcome, Tools, Verdict
from tests.exercises.contract.building import TITLE, found, graded, spec_of, step

BODY = (
    "    def lock(self, chain, n='1'):\n"
    "        chain.emit_event('locked', [n])\n"
    "    def other(self, chain):\n"
    "        chain.emit_event('other', [])\n"
    "    def note(self, chain, proof='', n='', header=''):\n"
    "        chain.put_state('count', str(int(chain.get_state('count') or '0') + 1))\n"
    "        chain.put_state('last', n)\n"
    "        chain.put_state('proof', proof)\n"
    "        chain.put_state('header', header)\n"
    "        chain.put_state('time', chain.get_tx_time_stamp())\n"
    "    def count(self, chain):\n"
    "        return chain.get_state('count')\n"
    "    def ping(self, chain):\n"
    "        chain.emit_event('pong', [])\n"
    "    def of(self, chain, key):\n"
    "        return chain.get_state(key)\n"
)
CALL = "{'ledger': 'b', 'method': 'note', 'args': {'n': event['data'][0], 'proof': proof}}"
RELAY = f"def relay(event, proof):\n    return [{CALL}] if event['topic'] == 'locked' else []\n"
TIMEOUT = (
    "def timeout(event, proof):\n"
    "    return [{'ledger': 'a', 'method': 'note', 'args': {'n': 'late'}}]\n"
)


def checks(relay: str, *after: str, conditions: str = "relayed_at_most = 100") -> str:
    text = f'[[scenario]]\nkey = "s"\ntitle = {TITLE}\ninstall = {{ by = "centre" }}\n'
    text += step("lock", 'call = "lock"\nargs = { n = "7" }')
    text += step("other", 'call = "other"')
    text += step("carry", f"relay = {relay}", conditions)
    return text + "".join(after)


def of(key: str, ledger: str, result: str) -> str:
    what = f'ledger = "{ledger}"\nquery = "of"\nargs = {{ key = "{key}" }}'
    return step(f"{key}-{ledger}", what, f'result = "{result}"')


def relayed(tools: Tools, text: str, relay: str = RELAY) -> Verdict:
    spec = spec_of(text, ledgers=["a", "b"], relay=True)
    return graded(tools, spec, BODY, relay=relay)


def failures(verdict: Verdict) -> list[Any]:
    return [(c.key, c.got) for c in verdict.checks if c.outcome is not Outcome.PASSED]


def test_events_are_carried_once(tools: Tools) -> None:
    again = step("again", "relay = {}", "relayed = 0")
    text = checks(
        "{}", of("last", "b", "7"), again, of("count", "b", "1"), conditions="relayed = 1"
    )
    verdict = relayed(tools, text)
    assert failures(verdict) == []
    assert found(verdict, "carry-1").transaction == "s/b/2"


def test_the_relay_is_given_the_true_proof_and_header(tools: Tools) -> None:
    with_header = RELAY.replace("'proof': proof", "'proof': proof, 'header': event['header']")
    text = checks("{}", of("proof", "b", "@proof:a/lock"), of("header", "b", "@header:a/lock"))
    assert failures(relayed(tools, text, with_header)) == []


def test_a_replayed_event_comes_twice(tools: Tools) -> None:
    text = checks('{ faults = [{ fault = "replay", topic = "locked" }] }', of("count", "b", "2"))
    assert failures(relayed(tools, text)) == []


def test_a_forged_proof_is_the_forged_one(tools: Tools) -> None:
    text = checks(
        '{ faults = [{ fault = "forge", topic = "locked", part = "height" }] }',
        of("proof", "b", "@forged:a/lock/height"),
    )
    assert failures(relayed(tools, text)) == []


def test_a_lost_event_times_out(tools: Tools) -> None:
    lost = '{ faults = [{ fault = "drop", topic = "locked" }], timeout_seconds = 500 }'
    text = checks(
        lost, of("count", "b", ""), of("last", "a", "late"), of("time", "a", "1700000504")
    )
    assert failures(relayed(tools, text, RELAY + TIMEOUT)) == []
    silent = relayed(tools, checks(lost, conditions="relayed = 0"))
    assert failures(silent) == []


def test_a_relay_that_answers_itself_is_stopped(tools: Tools) -> None:
    endless = "def relay(event, proof):\n"
    endless += "    return [{'ledger': event['ledger'], 'method': 'ping', 'args': {}}]\n"
    verdict = relayed(tools, checks("{ calls_at_most = 5 }"), endless)
    assert failures(verdict) == [("carry-1", "5 calls, and on")]


@pytest.mark.parametrize(
    ("relay", "message", "line"),
    [
        ("def relay(event, proof):\n    return 1 // 0\n", "ZeroDivisionError", 2),
        ("def relay(event, proof):\n    return None\n", "relay must return a list of calls", None),
        ("def relay(event, proof):\n    return ['x']\n", "a call is", None),
        ("x = (\n", "SyntaxError", 1),
        (
            "def relay(event, proof):\n    return [{'ledger': 'c', 'method': 'm', 'args': {}}]\n",
            "relay asks for a ledger or arguments that cannot be",
            None,
        ),
        (
            (
                "def relay(event, proof):\n"
                "    return [{'ledger': 'a', 'method': 'm', 'args': {'n': 1}}]\n"
            ),
            "relay asks for a ledger or arguments that cannot be",
            None,
        ),
    ],
)
def test_a_faulty_relay_is_told_why(
    tools: Tools, relay: str, message: str, line: int | None
) -> None:
    check = found(relayed(tools, checks("{}"), relay), "carry-1")
    assert check.outcome is Outcome.ERROR
    assert check.message["en"].startswith(message)
    assert (check.line, check.file) == (line, "relay.py" if line else "")


def test_a_relay_that_never_ends_takes_time(tools: Tools) -> None:
    check = found(
        relayed(tools, checks("{}"), "def relay(event, proof):\n    while True: pass\n"), "carry-1"
    )
    assert check.outcome is Outcome.TIME


def test_a_hidden_faulty_relay_tells_nothing(tools: Tools) -> None:
    text = checks("{}").replace('key = "s"\n', 'key = "s"\nhidden = true\n')
    relay = "def relay(event, proof):\n    raise ValueError(event['data'])\n"
    check = found(relayed(tools, text, relay), "carry-1")
    assert (check.outcome, check.line, check.file) == (Outcome.ERROR, None, "")
    assert "ValueError" not in json.dumps(dict(check.message))
