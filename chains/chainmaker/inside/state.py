"""What an open ledger knows: its contracts, their values, and every change of a value."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import limits

Place = tuple[str, str]
"""A contract and a key of it; the key is `key` or `key#field`."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever called, as contracts see them."""

    organisation: str
    role: str
    public_key: str
    address: str


@dataclass(slots=True)
class Contract:
    digest: str
    creator: Sender
    standing: str = "active"
    """Or `frozen` or `revoked`: see `chains.lifecycle`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction's change of one value."""

    value: bytes | None
    transaction: str
    height: int
    time: int


@dataclass(slots=True)
class World:
    """One ledger. Values that are gone or empty are absent, as on the real chain."""

    contracts: dict[str, Contract] = field(default_factory=dict)
    values: dict[Place, bytes] = field(default_factory=dict)
    history: dict[Place, list[Change]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    """Of each contract, sorted."""
    held_bytes: int = 0

    def room_for(self, writes: Mapping[Place, bytes | None]) -> bool:
        return self.held_bytes + _size(writes) <= limits.LEDGER_BYTES

    def keys_between(self, contract: str, low: str, high: str) -> list[str]:
        """From `low` to before `high`, in order."""
        keys = self.keys.get(contract, [])
        return keys[bisect_left(keys, low) : bisect_left(keys, high)]

    def commit(
        self, writes: Mapping[Place, bytes | None], transaction: str, height: int, time: int
    ) -> None:
        """Take over what a transaction changed."""
        self.held_bytes += _size(writes)
        for place, value in writes.items():
            self._put(place, value)
            change = Change(value, transaction, height, time)
            self.history.setdefault(place, []).append(change)

    def _put(self, place: Place, value: bytes | None) -> None:
        contract, key = place
        keys = self.keys.setdefault(contract, [])
        if value is None:
            if self.values.pop(place, None) is not None:
                del keys[bisect_left(keys, key)]
            return
        if place not in self.values:
            insort(keys, key)
        self.values[place] = value

    def of(self, contract: str) -> Iterator[tuple[str, bytes]]:
        """The contract's whole state, in the order of keys."""
        for key in self.keys.get(contract, []):
            yield key, self.values[contract, key]


def _size(writes: Mapping[Place, bytes | None]) -> int:
    return sum(len(key) + len(value or b"") for (_, key), value in writes.items())
