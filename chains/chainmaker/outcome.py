"""What the host tells of a transaction, read into the words of `chains.types`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chains.transcripts import UNPRINTABLE, shown
from chains.types import Event, Frame, Read, Status, Transaction, Write


def read_outcome(transaction: Transaction, outcome: Mapping[str, Any]) -> Transaction:
    """The transaction with all that the host told of it (see `inside.server`)."""
    root = _frame(outcome["root"])
    return replace(
        transaction,
        status=root.status,
        result=root.result,
        message=root.message,
        cost=root.cost,
        reads=tuple(
            Read(contract, key, _value(value)) for contract, key, value in outcome["reads"]
        ),
        writes=tuple(
            Write(contract, key, _value(before), _value(after))
            for contract, key, before, after in outcome["writes"]
        ),
        events=tuple(
            Event(contract, _sentence(topic), tuple(_bytes(datum) for datum in data))
            for contract, topic, data in outcome["events"]
        ),
        root=root,
        log=tuple(_sentence(line) for line in outcome["log"]),
    )


def _frame(told: Mapping[str, Any]) -> Frame:
    return Frame(
        contract=told["contract"],
        method=told["method"],
        args={name: _bytes(value) for name, value in told["args"].items()},
        status=Status(told["status"]),
        result=_bytes(told["result"]),
        message=_sentence(told["message"]),
        cost=told["cost"],
        calls=tuple(_frame(call) for call in told["calls"]),
    )


def _bytes(text: str) -> str:
    """Bytes come as the characters of their numbers."""
    return shown(text.encode("latin-1"))


def _value(text: str | None) -> str | None:
    return None if text is None else _bytes(text)


def _sentence(text: str) -> str:
    """Words of a contract, without what no page should be given to show."""
    return UNPRINTABLE.sub("?", text)
