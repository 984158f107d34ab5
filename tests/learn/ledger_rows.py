"""Transcripts of a few calls, for tests of the inspector."""

from __future__ import annotations

from dataclasses import replace

from chains.blocks import chain
from chains.types import CallKind, Status, Transaction, Transcript
from learn.ledger import inspector
from learn.ledger_entries import Entry


def call(number: int, **rest: object) -> Transaction:
    """A call like all others, but for what is said."""
    plain = Transaction(number, CallKind.INVOKE, "plant", "carbon", "record", {}, Status.OK)
    return replace(plain, **rest)  # type: ignore[arg-type]  # fields by name


def transcript(*calls: Transaction, ledger: str = "main") -> Transcript:
    timed = [replace(each, time=1_700_000_000 + each.number) for each in calls]
    return Transcript(ledger, "chainmaker", "", 1, (), tuple(timed), chain(timed))


def entries_of(*calls: Transaction) -> tuple[Entry, ...]:
    return inspector([transcript(*calls)]).ledgers[0].entries
