"""Iterators over keys and over the history of a key: what they yield, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .codec import Item, data, integer, text
from .journal import Journal
from .outcomes import Fault
from .state import Change

SEPARATOR = "#"
_AFTER_ALL = "\U0010ffff"


def joined(key: str, field: str) -> str:
    """How the ledger stores a key with a field."""
    return f"{key}{SEPARATOR}{field}" if field else key


@dataclass(slots=True)
class Rows:
    """An open iterator. What it yields was settled when it was opened; values are read late."""

    count: int
    _row: Callable[[int], list[Item]]
    at: int = 0

    def has_next(self) -> bool:
        return self.at < self.count

    def next(self) -> list[Item]:
        if not self.has_next():
            raise Fault("the iterator has no more rows")
        self.at += 1
        return self._row(self.at - 1)


def over_keys(journal: Journal, contract: str, low: str, high: str) -> Rows:
    """From `low` to before `high`. Each row that is taken is a read."""
    keys = journal.keys_between(contract, low, high)

    def row(index: int) -> list[Item]:
        key, _, field = keys[index].partition(SEPARATOR)
        value = journal.get((contract, keys[index])) or b""
        return [text("key", key), text("field", field), data("value", value)]

    return Rows(len(keys), row)


def over_prefix(journal: Journal, contract: str, prefix: str) -> Rows:
    return over_keys(journal, contract, prefix, prefix + _AFTER_ALL)


def over_history(changes: Sequence[Change]) -> Rows:
    """The changes of a key by earlier transactions, oldest first."""
    settled = tuple(changes)

    def row(index: int) -> list[Item]:
        change = settled[index]
        return [
            data("value", change.value or b""),
            text("txId", change.transaction),
            integer("blockHeight", change.height),
            text("timestamp", str(change.time)),
            integer("isDelete", int(change.value is None)),
        ]

    return Rows(len(settled), row)
