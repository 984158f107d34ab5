"""What holds over everything that happened on the ledgers, and not of one transaction only."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from chains.types import CallKind, Status, Transaction, Transcript
from exercises.contract.conditions import LONGEST, apply
from exercises.contract.names import Names
from exercises.types import Broken

LONGEST_NUMBER = 100
"""Digits. The words of an EVM have 78."""


@dataclass(frozen=True, slots=True)
class History:
    """All that happened in one run of a scenario, on all its ledgers."""

    transcripts: Mapping[str, Transcript]
    order: tuple[tuple[str, int], ...]
    """Ledger and number of each transaction, as they happened."""
    contract: str
    names: Names

    def transactions(self) -> Iterator[tuple[str, Transaction]]:
        for ledger, number in self.order:
            yield ledger, self.transcripts[ledger].transactions[number - 1]

    def succeeded(self, kind: CallKind, method: str = "") -> Iterator[tuple[str, Transaction]]:
        for ledger, one in self.transactions():
            if one.kind is kind and one.status is Status.OK and method in ("", one.method):
                yield ledger, one


@dataclass(frozen=True, slots=True)
class Breach:
    """The first transaction after which a law did not hold."""

    ledger: str
    number: int
    got: str
    expected: str


Judge = Callable[[History, Any], Breach | None]


def absent(history: History, wanted: list[str]) -> Breach | None:
    """These texts are in no event, key, value or result; nor their hex or Base64."""
    for ledger, one in history.transactions():
        told = [one.result]
        told += [part for event in one.events for part in (event.topic, *event.data)]
        told += [part for write in one.writes for part in (write.key, write.after or "")]
        for text in history.names.all(wanted):
            for form in forms(text):
                place = next((part for part in told if form in part), None)
                if place is not None:
                    return Breach(ledger, one.number, place[:LONGEST], f"no “{form}”")
    return None


def conserved(history: History, wanted: Mapping[str, Any]) -> Breach | None:
    """The sum over the keys of a pattern is the total after every transaction.

    `total` is a number, or `=key`: the value of another key of the same contract. `ledger` is the
    name of one, `each` or `all`: the sum over all of them. With `at = "end"` it need not hold
    before, as where something is on its way from one ledger to the other.
    """
    contract = wanted.get("contract", history.contract)
    pattern, total = (history.names.text(str(wanted[key])) for key in ("keys", "total"))
    groups = _groups(wanted.get("ledger", "each"), history.transcripts)
    values: dict[str, dict[tuple[str, str], str]] = {name: {} for name in history.transcripts}
    ready: set[str] = set()
    broken: dict[tuple[str, ...], Breach] = {}
    for ledger, one in history.transactions():
        apply(values[ledger], one)
        if (one.kind, one.status, one.contract) == (CallKind.INSTALL, Status.OK, contract):
            ready.add(ledger)
        for group in groups:
            if one.kind is CallKind.QUERY or ledger not in group or not ready.issuperset(group):
                continue
            held = [
                {key: value for (owner, key), value in values[name].items() if owner == contract}
                for name in group
            ]
            got, due = _sum(held, pattern), _due(held, total)
            broken.pop(group, None)
            if got != due:
                words = (f"{pattern}: {got}", f"{pattern}: {due}")
                broken[group] = Breach(ledger, one.number, *words)
                if wanted.get("at") != "end":
                    return broken[group]
    return next(iter(broken.values()), None)


def upgrade_keeps(history: History, wanted: str) -> Breach | None:
    """No upgrade changes a key of this pattern."""
    pattern = history.names.text(wanted)
    for ledger, one in history.succeeded(CallKind.UPGRADE):
        changed = [write.key for write in one.writes if fnmatchcase(write.key, pattern)]
        if changed:
            return Breach(ledger, one.number, f"{', '.join(changed)} changed", f"{pattern} kept")
    return None


def at_most(history: History, wanted: Mapping[str, Any]) -> Breach | None:
    """Each call that succeeds reads, writes and costs no more than this."""
    for ledger, one in history.succeeded(CallKind.INVOKE, wanted.get("call", "")):
        used = {"reads": len(one.reads), "writes": len(one.writes), "cost": one.cost}
        for what, count in used.items():
            if what in wanted and count > wanted[what]:
                return Breach(ledger, one.number, f"{what}: {count}", f"{what} ≤ {wanted[what]}")
    return None


def emits(history: History, wanted: Mapping[str, Any]) -> Breach | None:
    """Each call of this method that succeeds emits such an event so often (once)."""
    count = wanted.get("count", 1)
    for ledger, one in history.succeeded(CallKind.INVOKE, wanted["call"]):
        names = of_transaction(history.names, one)
        data = names.all(wanted["data"]) if "data" in wanted else None
        told = [
            event
            for event in one.events
            if event.topic == wanted["topic"] and (data is None or list(event.data) == data)
        ]
        if len(told) != count:
            what = wanted["topic"] if data is None else f"{wanted['topic']}({', '.join(data)})"
            got = ", ".join(f"{e.topic}({', '.join(e.data)})" for e in one.events) or "–"
            return Breach(ledger, one.number, got[:LONGEST], f"{what} × {count}")
    return None


LAWS: Mapping[str, Judge] = {
    law.__name__: law for law in (absent, conserved, upgrade_keeps, at_most, emits)
}
"""By the name that checks.toml uses."""


def first_breach(history: History, wanted: Mapping[str, Any]) -> Breach | None:
    """The first of the conditions that is broken, in the order of LAWS."""
    for name, law in LAWS.items():
        if name in wanted and (breach := law(history, wanted[name])):
            return breach
    return None


def happened(history: History, wanted: Mapping[str, Any]) -> bool:
    """Whether there is anything that the conditions can hold of. A law that holds because the
    contract refuses everything earns nothing."""
    for name in wanted:
        kind = CallKind.UPGRADE if name == "upgrade_keeps" else CallKind.INVOKE
        method = wanted[name].get("call", "") if name in ("at_most", "emits") else ""
        if next(history.succeeded(kind, method), None) is None:
            return False
    return True


def forms(text: str) -> Iterator[str]:
    """A text as it may be hidden in plain sight."""
    data = text.encode()
    yield text
    yield data.hex()
    whole = len(data) // 3 * 3
    if whole:
        yield base64.b64encode(data[:whole]).decode()


def of_transaction(names: Names, one: Transaction) -> Names:
    """The same names, and `@arg:` and `@by:` of this transaction."""

    def resolve(word: str, path: list[str]) -> str:
        if word == "arg":
            return one.args.get(path[0], "")
        if word == "by":
            return one.identity
        return names.resolve(word, path)

    return Names(names.values, resolve)


def _groups(which: str, ledgers: Mapping[str, object]) -> list[tuple[str, ...]]:
    """Ledgers whose sums are looked at together."""
    if which == "all":
        return [tuple(ledgers)]
    return [(name,) for name in ledgers if which in ("each", name)]


def _sum(held: list[dict[str, str]], pattern: str) -> int:
    return sum(
        _number(value) for part in held for key, value in part.items() if fnmatchcase(key, pattern)
    )


def _number(value: str) -> int:
    """0 for what is none, or longer than anybody's balance: Python writes no sums of any length."""
    try:
        return int(value) if len(value) <= LONGEST_NUMBER else 0
    except ValueError:
        return 0


def _due(held: list[dict[str, str]], total: str) -> int:
    if total.startswith("="):
        return sum(_number(part.get(total[1:], "0")) for part in held)
    try:
        return int(total)
    except ValueError:
        raise Broken(f"checks.toml: the total {total} is no number") from None
