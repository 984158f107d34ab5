"""Check results beside the transactions that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.template.defaultfilters import slugify

Text = Mapping[str, str]


class Checked(Protocol):
    """What the inspector reads of a result: `exercises.types.CheckResult` has it."""

    @property
    def key(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def message(self) -> Text: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def transaction(self) -> str:
        """`scenario/ledger/number`; "" for a check of no single transaction."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check, and where its transaction is."""

    anchor: str
    """The fragment that leads to it: `check-KEY`."""
    key: str
    outcome: str
    title: Text
    message: Text
    hidden: bool
    transaction: str
    """The fragment of its transaction; "" where none is shown."""
    place: str
    """The number of that transaction, with its ledger where there are two."""

    @property
    def failed(self) -> bool:
        return self.outcome not in {"passed", "not_run"}


@dataclass(frozen=True, slots=True)
class Reference:
    """The transaction that a check names."""

    scenario: str
    ledger: str
    number: int


REFERENCE = re.compile(r"([^/]*)/([^/]*)/(\d+)")


def reference(text: str) -> Reference | None:
    """None for what names no single transaction."""
    found = REFERENCE.fullmatch(text)
    return Reference(found[1], found[2], int(found[3])) if found else None


def check_anchor(key: str) -> str:
    """The fragment of a check: letters, digits, hyphens and underscores of its key."""
    return f"check-{slugify(key.replace('/', '-').replace('.', '-'))}"


def transaction_anchor(scenario: str, ledger: str, number: int) -> str:
    """The fragment of a transaction: `tx-SCENARIO-LEDGER-7`, or `tx-LEDGER-7` of no scenario."""
    return "-".join(["tx", *filter(None, (slugify(scenario), slugify(ledger))), str(number)])


def views(
    checks: Iterable[Checked], anchors: Mapping[tuple[str, int], str], *, several: bool
) -> list[tuple[tuple[str, int] | None, CheckView]]:
    """Each check with the (ledger, number) that it is about; None where that is not shown."""
    found = []
    for check in checks:
        named = reference(check.transaction)
        place = (named.ledger, named.number) if named else None
        if place not in anchors:
            place = None
        found.append((place, _view(check, place, anchors, several=several)))
    return found


def _view(
    check: Checked,
    place: tuple[str, int] | None,
    anchors: Mapping[tuple[str, int], str],
    *,
    several: bool,
) -> CheckView:
    number = "" if place is None else f"{place[0]} {place[1]}" if several else str(place[1])
    return CheckView(
        anchor=check_anchor(check.key),
        key=check.key,
        outcome=check.outcome,
        title=check.title,
        message=check.message,
        hidden=check.hidden,
        transaction=anchors[place] if place else "",
        place=number,
    )
