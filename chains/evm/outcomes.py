"""What a call left, read from the traces that the chain gives.

Reads are what the call looked at in storage, sorted by contract and slot: the chain does not say in
which order. A slot that is written counts as read, since the price of writing depends on what was
there. Slots and words are 32 bytes in hex; a word of zero is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chains.evm.interface import (
    PANIC,
    Function,
    Interface,
    cut,
    decoded_arguments,
    decoded_result,
    merged,
)
from chains.types import Event, Frame, Read, Status, Transaction, Write

Call = Mapping[str, Any]
"""A call as the `callTracer` tells it, made shorter by `inside.bridge`."""
Accounts = Mapping[str, Mapping[str, Any]]
"""Address → what the `prestateTracer` tells of it."""

ZERO = f"0x{'0' * 64}"
LARGEST_CODE = 24_576
"""Bytes of a contract (EIP-170)."""
TOO_LARGE = f"the code of a contract has at most {LARGEST_CODE} bytes"
_NAMELESS = {"CreateContractSizeLimit": TOO_LARGE}
"""Errors that the chain has no words for."""
_EXHAUSTING = ("gas", "depth", "size", "memory limit")
"""Words in the names of errors that mean that something ran out."""


@dataclass(frozen=True, slots=True)
class Contract:
    name: str
    address: str
    interface: Interface


class Book:
    """Who is who on one ledger."""

    def __init__(self) -> None:
        self._contracts: dict[str, Contract] = {}
        self._everything = Interface(())
        self._views: dict[str, Interface] = {}

    def enter(self, contract: Contract, others: Sequence[Interface] = ()) -> None:
        """Know this contract, and the interfaces of what it may create."""
        self._contracts[contract.address] = contract
        self._everything = merged([self._everything, contract.interface, *others])
        self._views.clear()

    def strike(self, address: str) -> None:
        self._contracts.pop(address, None)
        self._views.clear()

    def name(self, address: str) -> str:
        """What the account is called; its address where it has no name."""
        found = self._contracts.get(address)
        return found.name if found else address

    def interface(self, address: str) -> Interface:
        """The account's own, and behind it all that is known: it may pass on what others say."""
        if address not in self._views:
            found = self._contracts.get(address)
            own = [found.interface] if found else []
            self._views[address] = merged([*own, self._everything])
        return self._views[address]


def data_of(text: str) -> bytes | None:
    """Bytes from hex; None for data that were cut."""
    return None if "…" in text else bytes.fromhex(text[2:])


def ending(book: Book, call: Call) -> tuple[Status, str]:
    """How a call ended, and why if not well."""
    error = call.get("error")
    if error is None:
        return Status.OK, ""
    if error == "execution reverted":
        output = data_of(call["output"])
        if output is None:
            return Status.FAILED, f"reverted with {call['output']}"
        status = Status.TRAPPED if output[:4] == PANIC else Status.FAILED
        return status, book.interface(call.get("to", "")).reason(output)
    exhausted = any(word in error.lower() for word in _EXHAUSTING)
    message = cut(str(_NAMELESS.get(error, error)))
    return Status.EXHAUSTED if exhausted else Status.TRAPPED, message


def frame(book: Book, call: Call) -> Frame:
    """The call and all calls in it, with names where they are known."""
    status, message = ending(book, call)
    address = call.get("to") or ""
    method, args, result = _said(book, call, address)
    return Frame(
        contract=book.name(call["from"] if call["type"] == "SELFDESTRUCT" else address),
        method=method,
        args=args,
        status=status,
        result=result if status is Status.OK else "",
        message=message,
        cost=int(call["gasUsed"], 16),
        calls=tuple(frame(book, within) for within in call["calls"]),
    )


def _said(book: Book, call: Call, address: str) -> tuple[str, Mapping[str, str], str]:
    """Method, arguments and result of a call."""
    if call["type"] == "SELFDESTRUCT":
        return "selfdestruct", {}, ""
    if call["type"].startswith("CREATE"):
        return "constructor", {}, address
    sent, returned = data_of(call["input"]), data_of(call["output"])
    function = book.interface(address).called(sent) if sent else None
    if function is None or sent is None:
        selector = call["input"][:10]
        return "" if selector == "0x" else selector, {}, call["output"]
    try:
        args: Mapping[str, str] = decoded_arguments(function.inputs, sent[4:])
    except ValueError:
        args = {}
    return function.name, args, result_of(function, returned, call)


def result_of(function: Function, returned: bytes | None, call: Call) -> str:
    return call["output"] if returned is None else decoded_result(function.outputs, returned)


def events(book: Book, logs: Sequence[Mapping[str, Any]]) -> tuple[Event, ...]:
    found = []
    for log in logs:
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        data = bytes.fromhex(log["data"][2:])
        topic, values = book.interface(log["address"]).event(topics, data)
        found.append(Event(book.name(log["address"]), topic, values))
    return tuple(found)


def reads(book: Book, before: Accounts) -> tuple[Read, ...]:
    """From the `prestateTracer`."""
    found = [
        Read(book.name(address), slot, _word(word))
        for address, account in before.items()
        for slot, word in account.get("storage", {}).items()
    ]
    return tuple(sorted(found, key=lambda each: (each.contract, each.key)))


def writes(book: Book, difference: Mapping[str, Accounts]) -> tuple[Write, ...]:
    """From the `prestateTracer` in its mode of differences."""
    found = []
    for address in {**difference["pre"], **difference["post"]}:
        old = difference["pre"].get(address, {}).get("storage", {})
        new = difference["post"].get(address, {}).get("storage", {})
        for slot in {**old, **new}:
            before, after = _word(old.get(slot)), _word(new.get(slot))
            if before != after:
                found.append(Write(book.name(address), slot, before, after))
    return tuple(sorted(found, key=lambda each: (each.contract, each.key)))


def _word(word: str | None) -> str | None:
    return None if word in (None, ZERO) else word


def unfit(transaction: Transaction, why: str) -> Transaction:
    """One that was not sent: the contract has nothing that takes this call."""
    return replace(transaction, status=Status.FAILED, message=cut(why))
