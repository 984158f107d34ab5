"""What a transaction did differently from the same transaction of the run before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chains.types import Event, Transaction, Transcript, Write
from learn.ledger_words import STATUSES, Words


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. Only the lines that differ are listed."""

    what: Words
    before: tuple[Words, ...]
    now: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One transaction beside that of the run before."""

    is_new: bool
    """There was no such call before."""
    changes: tuple[Change, ...]
    cost_before: int

    @property
    def differs(self) -> bool:
        """In what it did. A change of the cost alone is no difference."""
        return self.is_new or bool(self.changes)


def compare_runs(before: Transcript | None, now: Transcript) -> dict[int, Comparison]:
    """Number of a transaction of `now` → its comparison; empty without a run before.

    Transactions belong together when the same caller called the same method of the same contract,
    in the same order: one call more or less does not shift all others.
    """
    if before is None:
        return {}
    old, new = before.transactions, now.transactions
    matcher = SequenceMatcher(None, [*map(_call, old)], [*map(_call, new)], autojunk=False)
    found = {each.number: Comparison(is_new=True, changes=(), cost_before=0) for each in new}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            one, other = old[block.a + offset], new[block.b + offset]
            found[other.number] = Comparison(False, tuple(_changes(one, other)), one.cost)
    return found


def _call(transaction: Transaction) -> tuple[str, ...]:
    return transaction.kind, transaction.identity, transaction.contract, transaction.method


def _changes(before: Transaction, now: Transaction) -> Iterable[Change]:
    if before.status != now.status:
        yield Change(
            pgettext_lazy("transaction", "How it ended"),
            (STATUSES[before.status],),
            (STATUSES[now.status],),
        )
    pairs: tuple[tuple[Words, list[str], list[str]], ...] = (
        (_("Arguments"), _arguments(before), _arguments(now)),
        (pgettext_lazy("transaction", "Result"), [before.result], [now.result]),
        (_("Reason"), [before.message], [now.message]),
        (_("Written"), [*map(_write, before.writes)], [*map(_write, now.writes)]),
        (_("Events"), [*map(_event, before.events)], [*map(_event, now.events)]),
    )
    for what, old, new in pairs:
        if old != new:
            gone = tuple(line for line in old if line and line not in new)
            come = tuple(line for line in new if line and line not in old)
            # Neither: the same lines in another order, or another number of times.
            yield Change(what, gone, come) if gone or come else Change(what, tuple(old), tuple(new))


def _arguments(transaction: Transaction) -> list[str]:
    return [f"{name}: {given}" for name, given in transaction.args.items()]


def _write(write: Write) -> str:
    return f"{write.key} = {write.after}" if write.after is not None else f"{write.key} ×"


def _event(event: Event) -> str:
    return f"{event.topic}({', '.join(event.data)})"
