"""Values of a ledger as people read them, and the state of contracts as it grows by writes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import ngettext

from chains.types import Read, Transaction, Write
from learn.ledger_words import MARKS, Words

MOST_CHARACTERS = 2000
"""Of one value on a page; the rest is counted."""
MOST_ROWS = 60
"""Of the state after one transaction; the rest is counted."""
WORD = re.compile(r"0x[0-9a-f]{64}")
"""32 bytes, as an Ethereum machine keeps everything."""
LONG_HEX = re.compile(r"0x[0-9a-f]{45,}")
"""Longer than an address: shown in short, and whole when it is looked at."""
NUMBER_BELOW = 1 << 128
"""A word above is a digest or an address, and as a number says nothing."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, and what helps to read it."""

    text: str
    note: str = ""
    is_long: bool = False
    """More than a line: shown in lines of its own."""
    is_digest: bool = False
    """Many hex digits: shown in short until it is looked at."""


def value(text: str | None) -> Value | None:
    """JSON objects and lists on several lines; a 32-byte word as its number; what is too long
    cut, with the count of what is missing. None stays None: there is nothing."""
    if text is None:
        return None
    if text[:1] in {"{", "["}:
        text = _spread(text)
    if (number := _number(text)) is not None:
        return Value(f"{number}", f"0x…{number:02x}")
    if (more := len(text) - MOST_CHARACTERS) > 0:
        note = ngettext("and %(count)s more character", "and %(count)s more characters", more)
        return Value(f"{text[:MOST_CHARACTERS]}…", note % {"count": f"{more:,}"}, is_long=True)
    if LONG_HEX.fullmatch(text):
        return Value(text, is_digest=True)
    return Value(text, is_long="\n" in text or len(text) > 120)


def key(text: str) -> Value:
    """The name of a key: the slot of an Ethereum machine without its leading zeros."""
    number = _number(text)
    if number is not None:
        return Value(f"0x…{number:02x}")
    return Value(text, is_digest=bool(LONG_HEX.fullmatch(text)))


def _number(text: str) -> int | None:
    """Of a word that is likely to be one."""
    number = int(text, 16) if WORD.fullmatch(text) else NUMBER_BELOW
    return number if number < NUMBER_BELOW else None


def _spread(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def moment(seconds: int) -> str:
    """A time of a ledger, in UTC, as `2023-11-14 22:13:21`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Row:
    """One key: in the table of what a transaction touched, or in that of the state after it."""

    contract: str
    key: Value
    mark: str
    """`read`, `same`, `new`, `changed`, `deleted`; "" for what this transaction did not touch."""
    before: Value | None
    after: Value | None

    @property
    def words(self) -> Words:
        return MARKS[self.mark]


def touched(transaction: Transaction) -> tuple[Row, ...]:
    """What was read, in the order of reading, and then what was written without being read."""
    written = {(write.contract, write.key): write for write in transaction.writes}
    rows = []
    for read in transaction.reads:
        write = written.pop((read.contract, read.key), None)
        rows.append(_written(write) if write else _read(read))
    return (*rows, *map(_written, written.values()))


def _read(read: Read) -> Row:
    shown = value(read.value)
    return Row(read.contract, key(read.key), "read", shown, shown)


def _written(write: Write) -> Row:
    mark, before, after = mark_of(write), value(write.before), value(write.after)
    return Row(write.contract, key(write.key), mark, before, after)


def mark_of(write: Write) -> str:
    """What a write did to its key."""
    if write.after is None:
        return "deleted"
    if write.before is None:
        return "new"
    return "same" if write.before == write.after else "changed"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after one transaction: at most MOST_ROWS of it, what it touched for certain."""

    rows: tuple[Row, ...]
    left_out: int
    """How many keys are not among the rows."""
    is_partial: bool
    """The record has a gap: there may be more, and other values."""


@dataclass(slots=True)
class State:
    """The state of all contracts of a ledger, as it grows by writes from an empty one."""

    is_partial: bool = False
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    """(contract, key) → value."""

    def after(self, transaction: Transaction, *, missed: bool) -> Snapshot:
        """Take in what a transaction wrote. `missed`: others before it are not in the record."""
        self.is_partial = self.is_partial or missed
        marks = {(write.contract, write.key): write for write in transaction.writes}
        for place, write in marks.items():
            if write.after is None:
                self.values.pop(place, None)
            else:
                self.values[place] = write.after
        places = sorted({*self.values, *marks}, key=lambda place: (place not in marks, place))
        kept = sorted(places[:MOST_ROWS])
        rows = tuple(self._row(place, marks.get(place)) for place in kept)
        return Snapshot(rows, len(places) - len(kept), self.is_partial)

    def _row(self, place: tuple[str, str], write: Write | None) -> Row:
        mark = mark_of(write) if write else ""
        before = value(write.before) if write else None
        return Row(place[0], key(place[1]), mark, before, value(self.values.get(place)))
