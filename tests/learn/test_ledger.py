"""What the inspector makes of transcripts: states, checks, comparisons, scenarios."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.identities import identity
from chains.transcripts import bounded, to_json
from chains.types import Event, Frame, Status, Transaction, Transcript
from learn.ledger import inspector, report
from learn.ledger_certificates import certificate_facts
from learn.ledger_changes import Comparison, compare_runs
from learn.ledger_checks import Reference, check_anchor, reference, transaction_anchor
from learn.ledger_sample_transfer import CHECKS, ORDER, harbour, inland
from learn.ledger_samples import CARBON_CHECKS, SampleCheck, carbon, receipts
from tests.learn.ledger_rows import call, entries_of, transcript

NOW = carbon(checks_the_organisation=True)
BEFORE = carbon(checks_the_organisation=False)


def test_json_and_the_transcript_itself_show_the_same() -> None:
    assert inspector([to_json(NOW)], CARBON_CHECKS) == inspector(
        [replace(NOW, transactions=tuple(map(sorted_args, NOW.transactions)))], CARBON_CHECKS
    )


def sorted_args(transaction: Transaction) -> Transaction:
    return replace(transaction, args=dict(sorted(transaction.args.items())))


def test_what_is_no_transcript_is_refused() -> None:
    with pytest.raises(ValueError, match="transcript: no blocks"):
        inspector([{"ledger": "main"}])


def test_nothing_is_the_empty_state() -> None:
    assert inspector([]).is_empty
    assert not inspector([NOW]).is_empty
    assert inspector([transcript()]).is_empty


def test_the_first_failed_check_is_shown_first() -> None:
    def chosen(*checks: SampleCheck) -> str:
        return inspector([NOW], checks).ledgers[0].chosen

    wrong = SampleCheck("w", "wrong", {}, "x/main/7")
    assert chosen(wrong) == "tx-main-7"
    assert chosen(replace(wrong, transaction="x/main/9"), wrong) == "tx-main-7", "in their order"
    assert chosen(replace(wrong, outcome="passed")) == "tx-main-9", "else the last"


def test_checks_stand_at_their_transactions() -> None:
    shown = inspector([NOW], CARBON_CHECKS, scenario="life-cycle")
    at = {each.number: [check.key for check in each.checks] for each in shown.ledgers[0].entries}
    assert {number: keys for number, keys in at.items() if keys} == {
        2: ["generation-recorded"],
        4: ["plant-may-not-transmit"],
        7: ["grid-may-not-generate"],
        8: ["freeze-refused"],
        9: ["total-kept"],
    }
    assert [(check.key, check.transaction) for check in shown.failed_checks] == [
        ("grid-may-not-generate", "tx-life-cycle-main-7"),
        ("total-kept", "tx-life-cycle-main-9"),
    ]
    assert shown.link_of("total-kept") == "tx-life-cycle-main-9"
    assert shown.link_of("overflow") == "", "hidden"
    assert [each.number for each in shown.ledgers[0].entries if each.stands_out] == [4, 7, 8, 9]


def test_checks_of_other_scenarios_and_of_no_transaction_stay_away() -> None:
    other = SampleCheck("other", "wrong", {}, "other/main/2")
    none = SampleCheck("none", "wrong", {})
    gone = SampleCheck("gone", "wrong", {}, "this/main/99")
    shown = inspector([NOW], [other, none, gone], scenario="this")
    assert [(check.key, check.transaction) for check in shown.checks] == [("gone", "")]
    assert all(each.checks == () for each in shown.ledgers[0].entries)


def test_of_hidden_checks_nothing_but_title_and_outcome_is_taken() -> None:
    secret = SampleCheck("s", "wrong", {"en": "At the limits"}, "x/main/2", hidden=True)
    shown = inspector([NOW], [secret])
    assert shown.checks == ()
    assert [(check.title, check.outcome) for check in shown.hidden] == [(secret.title, "wrong")]
    assert all(each.checks == () for each in shown.ledgers[0].entries)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("life-cycle/main/7", Reference("life-cycle", "main", 7)),
        ("a/b/12", Reference("a", "b", 12)),
        ("a/7", None),
        ("a/b/c/7", None),
        ("a/b/seven", None),
        ("", None),
    ],
)
def test_references(text: str, expected: Reference | None) -> None:
    assert reference(text) == expected


def test_anchors() -> None:
    assert transaction_anchor("", "main", 7) == "tx-main-7"
    assert transaction_anchor("life-cycle", "main", 7) == "tx-life-cycle-main-7"
    assert check_anchor("total-kept") == "check-total-kept"
    assert check_anchor("a.b/c") == "check-a-b-c"


# Who, what and how much


def test_a_certificate_says_who_it_is_for() -> None:
    pem = identity("grid", "grid.example", "client", 5).certificate
    facts = dict(certificate_facts(pem))
    assert facts.pop("Serial number")
    assert facts == {
        "Subject": "CN=grid.grid.example,OU=client,O=grid.example,C=CN",
        "Issuer": "CN=ca.grid.example,OU=ca,O=grid.example,C=CN",
        "Valid": "2023-11-13 – 2033-11-13",
    }
    assert certificate_facts("no certificate") == ()


def test_an_unknown_caller_keeps_his_name() -> None:
    (only,) = entries_of(call(1, identity="stranger"))
    assert (only.caller.name, only.caller.organisation) == ("stranger", "")


def test_costs_and_shares() -> None:
    rows = entries_of(call(1, cost=300), call(2, cost=100), call(3))
    assert [each.share for each in rows] == [75, 25, 0]
    assert [each.share for each in entries_of(call(1))] == [0]


def test_the_call_tree_is_there_where_somebody_was_called() -> None:
    leaf = Frame("registry", "holder", {"id": "1"}, Status.FAILED, message="no")
    root = Frame("carbon", "record", {}, Status.OK, calls=(leaf,))
    one, other = entries_of(call(1, root=root), call(2, root=replace(root, calls=())))
    assert one.tree is not None
    assert [(each.contract, each.message) for each in one.tree.calls] == [("registry", "no")]
    assert other.tree is None


# The run before


def test_the_same_run_differs_in_nothing() -> None:
    assert compare_runs(None, NOW) == {}
    same = compare_runs(NOW, NOW)
    assert [each.differs for each in same.values()] == [False] * 9


def test_what_ended_differently_is_named() -> None:
    shown = inspector([NOW], (), [BEFORE]).ledgers[0]
    assert [each.number for each in shown.differing] == [4, 6, 9]
    comparison = shown.entries[3].comparison
    assert comparison is not None
    assert [
        (str(change.what), [*map(str, change.before)], [*map(str, change.now)])
        for change in comparison.changes
    ] == [
        ("How it ended", ["Done"], ["Refused by the contract"]),
        ("Result", ["2"], []),
        ("Reason", [], ["transmission is recorded by grid.example, not by plant.example"]),
        ("Written", ["PV-2026-014#transmission = 2"], []),
        ("Events", ["recorded(PV-2026-014, transmission, 2)"], []),
    ]
    assert shown.cost_before == sum(each.cost for each in BEFORE.transactions)


def test_a_call_more_shifts_no_other() -> None:
    one, two = call(1, method="a", result="1"), call(2, method="b", result="2")
    more = transcript(call(1, method="new"), replace(one, number=2), replace(two, number=3))
    assert compare_runs(transcript(one, two), more) == {
        1: Comparison(is_new=True, changes=(), cost_before=0),
        2: Comparison(is_new=False, changes=(), cost_before=0),
        3: Comparison(is_new=False, changes=(), cost_before=0),
    }


def test_another_cost_alone_is_no_difference() -> None:
    found = compare_runs(transcript(call(1, cost=5)), transcript(call(1, cost=9)))
    assert found == {1: Comparison(is_new=False, changes=(), cost_before=5)}
    assert not found[1].differs


def test_the_order_of_events_is_a_difference() -> None:
    one, two = Event("carbon", "a", ()), Event("carbon", "b", ())
    found = compare_runs(
        transcript(call(1, events=(one, two))), transcript(call(1, events=(two, one)))
    )
    (change,) = found[1].changes
    assert (change.before, change.now) == (("a()", "b()"), ("b()", "a()"))


# Two ledgers


def test_messages_are_what_a_call_knew_from_the_other_ledger() -> None:
    picture = inspector([inland(), harbour()], CHECKS, order=ORDER).crossing
    assert picture is not None
    assert [
        (each.topic, each.values, each.source.anchor, each.target.anchor)
        for each in picture.messages
    ] == [
        ("locked", ("X-7f3a90", "LOT-17"), "tx-inland-2", "tx-harbour-2"),
        ("Reserved", ("X-7f3a90",), "tx-harbour-2", "tx-inland-3"),
        ("released", ("X-7f3a90",), "tx-inland-3", "tx-harbour-3"),
        ("locked", ("X-91bd04", "LOT-18"), "tx-inland-4", "tx-harbour-4"),
    ]
    assert [(stop.ledger, stop.number) for stop in picture.stops] == ORDER


def test_short_values_are_the_same_by_chance() -> None:
    event = Event("carbon", "told", ("12", "abc"))
    one = transcript(call(1, events=(event,)), ledger="one")
    other = transcript(call(2, args={"kg": "12"}), ledger="other")
    shown = inspector([one, other]).crossing
    assert shown is not None
    assert shown.messages == ()
    named = transcript(call(2, args={"id": "abc"}), ledger="other")
    again = inspector([one, named]).crossing
    assert again is not None
    assert [each.values for each in again.messages] == [("abc",)]


def test_one_ledger_has_no_crossing() -> None:
    assert inspector([NOW]).crossing is None


# Whole verdicts


def entry(scenario: str, found: Transcript, **more: object) -> dict[str, object]:
    return {"scenario": scenario, "title": {"en": scenario}, "transcript": to_json(found), **more}


def test_a_report_has_an_inspector_for_each_scenario() -> None:
    recorded = [
        entry("life-cycle", NOW),
        entry("transfer", inland(), order=ORDER),
        entry("transfer", harbour(), order=ORDER),
    ]
    found = report(recorded, [*CARBON_CHECKS, *CHECKS], [entry("life-cycle", BEFORE)])
    assert [
        (each.id, [ledger.name for ledger in each.ledgers], len(each.failed_checks))
        for each in found.inspectors
    ] == [("ledger-life-cycle", ["main"], 2), ("ledger-transfer", ["inland", "harbour"], 1)]
    assert [each.is_compared for each in found.inspectors] == [True, False]
    assert [check.key for check in found.hidden] == ["overflow", "key-format"]
    crossing = found.inspectors[1].crossing
    assert crossing is not None
    assert [(stop.ledger, stop.number) for stop in crossing.stops] == ORDER


def test_a_report_of_nothing() -> None:
    found = report([], [SampleCheck("compiles", "error", {})])
    assert (found.inspectors, found.hidden, found.some_failed) == ((), (), False)


def test_what_a_bound_left_out_is_said() -> None:
    many = transcript(*(call(number, result="r" * 50) for number in range(1, 60)))
    short = bounded(many, 6000)
    assert short.shortened[-1].startswith("transactions ")
    ledger = inspector([short]).ledgers[0]
    gaps = [each.number for each in ledger.entries if each.follows_gap]
    (first,) = gaps
    assert [str(words) for words in ledger.shortened][-1].endswith(f" to {first - 1}")
    assert ledger.total == 59
    partial = {each.number: each.after.is_partial for each in ledger.entries}
    assert partial == {number: number >= first for number in partial}


def test_machines_are_named_with_what_they_are_paid_in() -> None:
    machines = {
        (str(ledger.engine), str(ledger.unit))
        for found in (NOW, receipts(), harbour())
        for ledger in inspector([found]).ledgers
    }
    assert machines == {
        ("Chang'An Chain", "fuel"),
        ("Ethereum (EVM)", "gas"),
        ("Chang'An Chain, EVM", "gas"),
    }
