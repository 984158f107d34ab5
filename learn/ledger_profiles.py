"""What another profile of the same engine made of a submission, beside the profile that graded it.

`profiles(...)` gives the context of templates/ledger/profiles.html. Nothing in it earns a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chains.evm.profiles import Difference, addresses, differences
from chains.transcripts import from_json
from chains.types import CallKind, Status, Transaction, Transcript
from learn.ledger_changes import Change
from learn.ledger_checks import transaction_anchor
from learn.ledger_words import KINDS, STATUSES, Words, engine_name

FIELDS: dict[str, Words] = {
    "status": pgettext_lazy("transaction", "How it ended"),
    "result": pgettext_lazy("transaction", "Result"),
    "message": _("Reason"),
    "events": _("Events"),
    "writes": _("Values written"),
}
"""What is said of a difference; that of the cost has a column of its own."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the other profile's compiler does not take."""

    file: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One call on both ledgers."""

    number: int
    anchor: str
    """Of the transaction on the ledger that was graded."""
    caller: str
    call: Words
    is_method: bool
    cost: int
    cost_there: int
    changes: tuple[Change, ...]
    """In what else it differs: `before` is here and `now` is there."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody or a contract is."""

    name: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """One scenario on both ledgers, as far as both went."""

    id: str
    title: Mapping[str, str]
    rows: tuple[Row, ...]
    cost: int
    cost_there: int
    left: int
    """How many calls of this ledger were not made there."""
    addresses: tuple[Address, ...]

    @property
    def differing(self) -> tuple[Row, ...]:
        """Those that differ in more than the cost."""
        return tuple(row for row in self.rows if row.changes)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Context of templates/ledger/profiles.html."""

    here: Words
    there: Words
    refused: tuple[Refusal, ...]
    """Why it was not compiled there; then there are no runs."""
    runs: tuple[ProfileRun, ...]


def profiles(recorded: Sequence[Mapping[str, Any]]) -> Profiles | None:
    """None where no other profile was asked for. Raises `ValueError` as `report` does."""
    told = [entry for entry in recorded if "other" in entry]
    if not told:
        return None
    first = told[0]
    engine, here = first["transcript"]["engine"], first["transcript"].get("profile", "")
    return Profiles(
        here=engine_name(engine, here),
        there=engine_name(engine, first["other"]["profile"]),
        refused=tuple(Refusal(**row) for row in first["other"].get("refused", ())),
        runs=tuple(_run(entry) for entry in told if "transcript" in entry["other"]),
    )


def _run(entry: Mapping[str, Any]) -> ProfileRun:
    one, other = from_json(entry["transcript"]), from_json(entry["other"]["transcript"])
    found: dict[int, list[Difference]] = {}
    both = _on_both(one, other)
    for difference in differences(*both):
        found.setdefault(difference.number, []).append(difference)
    rows = tuple(
        _row(entry["scenario"], one.ledger, left, right, found.get(left.number, ()))
        for left, right in zip(both[0].transactions, both[1].transactions, strict=True)
    )
    here, there = addresses(one), addresses(other)
    return ProfileRun(
        id=f"profiles-{entry['scenario']}",
        title=entry["title"],
        rows=rows,
        cost=sum(row.cost for row in rows),
        cost_there=sum(row.cost_there for row in rows),
        left=len(one.transactions) - len(rows),
        addresses=tuple(
            Address(name, place, there[name]) for name, place in here.items() if there.get(name)
        ),
    )


def _on_both(one: Transcript, other: Transcript) -> tuple[Transcript, Transcript]:
    """The calls that both records have: a contract may be stopped on one ledger, or one of the
    records cut."""
    numbers = {each.number for each in one.transactions} & {
        each.number for each in other.transactions
    }

    def kept(found: Transcript) -> Transcript:
        chosen = tuple(each for each in found.transactions if each.number in numbers)
        return replace(found, transactions=chosen)

    return kept(one), kept(other)


def _row(
    scenario: str,
    ledger: str,
    here: Transaction,
    there: Transaction,
    found: Sequence[Difference],
) -> Row:
    is_method = here.kind in (CallKind.INVOKE, CallKind.QUERY)
    return Row(
        number=here.number,
        anchor=transaction_anchor(scenario, ledger, here.number),
        caller=here.identity,
        call=here.method if is_method else KINDS[here.kind],
        is_method=is_method,
        cost=here.cost,
        cost_there=there.cost,
        changes=tuple(
            Change(FIELDS[each.field], _lines(each.field, each.one), _lines(each.field, each.other))
            for each in found
            if each.field in FIELDS
        ),
    )


def _lines(field: str, text: str) -> tuple[Words, ...]:
    if field == "status":
        return (STATUSES[Status(text)],)
    return tuple(text.split("\n")) if text else ()
