"""The inspectors and the playground that the style guide shows."""

from __future__ import annotations

from typing import Any

from chains.types import CallKind
from learn import ledger_sample_transfer as transfer
from learn.ledger import inspector
from learn.ledger_playground import Argument, Call, Caller, Method, Playground
from learn.ledger_samples import CARBON_CHECKS, HIDDEN_TITLES, carbon, receipts
from learn.ledger_words import ROLES

RECORD = Method(
    "carbon",
    "record",
    (Argument("asset", "PV-2026-014"), Argument("stage", "generation"), Argument("kg", "12")),
)
TOTAL = Method("carbon", "total", (Argument("asset", "PV-2026-014"),))


def showcase() -> dict[str, Any]:
    """Context of templates/ledger/styleguide.html."""
    return {
        "carbon": inspector(
            [carbon(checks_the_organisation=True)],
            CARBON_CHECKS,
            [carbon(checks_the_organisation=False)],
            scenario="life-cycle",
            title={"en": "A life cycle, stage by stage", "zh-hans": "全生命周期，逐个阶段"},
            hidden_titles=HIDDEN_TITLES,
        ),
        "receipts": inspector([receipts()], left_out={"main": 12}),
        "transfer": inspector(
            [transfer.inland(), transfer.harbour()],
            transfer.CHECKS,
            scenario="transfer",
            order=transfer.ORDER,
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
            call=Call(CallKind.QUERY, "grid", TOTAL, {"asset": "PV-2026-014"}),
        ),
    }
