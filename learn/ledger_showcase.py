"""The inspectors and the playground that the style guide shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chains.transcripts import to_json
from chains.types import CallKind, Status, Transcript
from learn import ledger_sample_transfer as transfer
from learn.ledger import inspector, report
from learn.ledger_playground import Argument, Call, Caller, Method, Playground
from learn.ledger_profiles import profiles
from learn.ledger_samples import CARBON_CHECKS, SampleCheck, carbon, receipts
from learn.ledger_words import ROLES

RECORD = Method(
    "carbon",
    "record",
    (Argument("asset", "PV-2026-014"), Argument("stage", "generation"), Argument("kg", "12")),
)
TOTAL = Method("carbon", "total", (Argument("asset", "PV-2026-014"),))


OPEN_CHECKS = (
    SampleCheck(
        "everybody-writes",
        "wrong",
        {"en": "The plant may not record transmission", "zh-hans": "电厂不得记录输电阶段"},
        "open/main/4",
    ),
)


def _entry(scenario: str, title: dict[str, str], transcript: Transcript) -> dict[str, Any]:
    """As a verdict keeps it."""
    return {"scenario": scenario, "title": title, "transcript": to_json(transcript)}


def _cut(whole: Transcript) -> Transcript:
    """As a bound would leave it."""
    kept = (*whole.transactions[:1], *whole.transactions[2:])
    return replace(whole, transactions=kept, shortened=("logs", "transactions 2-2"))


def _on_another_profile(whole: Transcript) -> dict[str, Any]:
    """As the other profile might have recorded it: cheaper, and the last call is refused."""
    calls = tuple(
        replace(each, cost=each.cost * 9 // 10) if number else replace(each, cost=each.cost // 40)
        for number, each in enumerate(whole.transactions)
    )
    refused = replace(
        calls[-1], status=Status.REFUSED, message="the contract is frozen", result="", events=()
    )
    people = tuple(replace(each, address=f"0x{each.address[:1:-1]}") for each in whole.identities)
    there = replace(whole, identities=people, transactions=(*calls[:-1], refused))
    return {"profile": "changan", "transcript": to_json(there)}


def showcase() -> dict[str, Any]:
    """Context of templates/ledger/styleguide.html."""
    return {
        "carbon": inspector(
            [carbon(checks_the_organisation=True)],
            CARBON_CHECKS,
            [carbon(checks_the_organisation=False)],
            scenario="life-cycle",
            title={"en": "A life cycle, stage by stage", "zh-hans": "全生命周期，逐个阶段"},
        ),
        "receipts": inspector([_cut(receipts())]),
        "transfer": inspector(
            [transfer.inland(), transfer.harbour()],
            transfer.CHECKS,
            scenario="transfer",
            order=transfer.ORDER,
        ),
        "report": report(
            [
                _entry("between", {"en": "Between contracts", "zh-hans": "合约之间"}, receipts()),
                _entry(
                    "open",
                    {"en": "Everybody may write", "zh-hans": "人人可写"},
                    carbon(checks_the_organisation=False),
                ),
            ],
            OPEN_CHECKS,
        ),
        "profiles": profiles(
            [{**_entry("other", {}, receipts()), "other": _on_another_profile(receipts())}]
        ),
        "empty": inspector([], scenario="empty"),
        "playground": Playground(
            url="",
            callers=(
                Caller("plant", "plant.example", ROLES["client"]),
                Caller("grid", "grid.example", ROLES["client"]),
                Caller("centre", "centre.example", ROLES["admin"]),
            ),
            methods=(RECORD, TOTAL),
            inspector=inspector([carbon(checks_the_organisation=False)], scenario="playground"),
            call=Call(CallKind.QUERY, "centre", TOTAL, {"asset": "PV-2026-014"}),
        ),
    }
