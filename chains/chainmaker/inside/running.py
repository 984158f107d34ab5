"""A contract while it runs: its memory, its fuel, and what it may ask the ledger for."""

from __future__ import annotations

import ctypes
from typing import Protocol

import wasmtime

from . import limits
from .codec import Item
from .iterators import Rows
from .journal import Journal, Log, Printer
from .outcomes import Exhausted, Fault, Frame, Status
from .state import Sender
from .wasi import System

WORD = 4


class Transaction(Protocol):
    """What a running contract knows of the transaction that it is part of."""

    id: str
    time: int
    sender: Sender
    journal: Journal
    log: Log

    def cross_call(self, caller: Running, name: str, method: str, args: dict[str, bytes]) -> Frame:
        """Call another contract. Raises `Fault` where there is none to call."""


class Running:
    """One call of one contract, from the start of its module to its end."""

    def __init__(
        self, transaction: Transaction, frame: Frame, store: wasmtime.Store, arguments: list[Item]
    ) -> None:
        self.transaction = transaction
        self.frame = frame
        self.store = store
        self.memory: wasmtime.Memory | None = None
        self.iterators: dict[int, Rows] = {}
        self.arguments = arguments
        self.output = Printer(transaction.log)
        self.complaint = Printer(transaction.log)
        streams = {1: self.output, 2: self.complaint}
        self.system = System(self, transaction.id, transaction.time, streams)
        self._waiting: tuple[str, bytes] | None = None
        self._opened = 0

    def charge(self, amount: int) -> None:
        """Take fuel for what the host does. Raises `Exhausted`."""
        left = self.store.get_fuel() - amount
        self.store.set_fuel(max(left, 0))
        if left < 0:
            raise Exhausted("it ran out of fuel")

    def charge_bytes(self, count: int) -> None:
        self.charge(limits.HOST_BYTE * count)

    def fail(self, message: str) -> None:
        self.frame.end(Status.FAILED, message)

    @property
    def memory_bytes(self) -> int:
        return 0 if self.memory is None else self.memory.data_len(self.store)

    def read(self, pointer: int, length: int) -> bytes:
        """A part of the contract's memory, paid for. Raises `Fault`."""
        if not 0 <= length <= limits.BODY_BYTES:
            raise Fault(f"a length of {length} is not 0 to {limits.BODY_BYTES}")
        self.charge_bytes(length)
        start = self._checked(pointer, length)
        if not length or self.memory is None:
            return b""
        return ctypes.string_at(self._address(self.memory) + start, length)

    def write(self, pointer: int, content: bytes) -> None:
        """Put bytes into the contract's memory, paid for. Raises `Fault`."""
        self.charge_bytes(len(content))
        start = self._checked(pointer, len(content))
        if content and self.memory is not None:
            ctypes.memmove(self._address(self.memory) + start, content, len(content))

    def write_integer(self, pointer: int, number: int) -> None:
        self.write(pointer, number.to_bytes(WORD, "little", signed=True))

    def _address(self, memory: wasmtime.Memory) -> int:
        """Where the memory begins. wasmtime's own `read` and `write` take three times as long."""
        return ctypes.addressof(memory.data_ptr(self.store).contents)

    def _checked(self, pointer: int, length: int) -> int:
        """The pointer as WebAssembly means it: without a sign."""
        start = pointer & 0xFFFF_FFFF
        if start + length > self.memory_bytes:
            raise Fault(f"{length} bytes at {start} are outside the contract's memory")
        return start

    def announce(self, method: str, pointer: int, content: bytes) -> None:
        """First half of reading something long: its length, while the host keeps the bytes."""
        self.charge_bytes(len(content))
        self._waiting = (method, content)
        self.write_integer(pointer, len(content))

    def deliver(self, method: str, pointer: int) -> None:
        """Second half: the bytes."""
        if self._waiting is None or self._waiting[0] != method:
            raise Fault(f"{method} without {method}Len before it")
        content = self._waiting[1]
        self._waiting = None
        self.write(pointer, content)

    def open(self, rows: Rows) -> int:
        """Keep an iterator until it is closed or the call ends; its number."""
        if len(self.iterators) >= limits.OPEN_ITERATORS:
            raise Fault(f"more than {limits.OPEN_ITERATORS} iterators are open")
        self._opened += 1
        self.iterators[self._opened] = rows
        return self._opened
