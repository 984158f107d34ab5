"""The state that contracts on one ledger have, and one transaction's changes upon it.

A key is `key`, or `key#field`. Values are bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chains.transcripts import shown
from chains.types import Event, Read, Write

KEY = re.compile(r"[A-Za-z0-9._-]+")
"""ChainMaker's own rule for keys and fields."""
LONGEST_KEY = 1024
LONGEST_VALUE = 64 << 10
MOST_DATA = 16
LONGEST_TOPIC = 255

Place = tuple[str, str]
"""Contract and key."""


class Wrong(Exception):
    """A call that the chain does not take. The contract hears why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a key, for its history."""

    value: bytes | None
    transaction: str
    height: int
    time: int


@dataclass(slots=True)
class World:
    """Everything that the ledger remembers."""

    values: dict[Place, bytes] = field(default_factory=dict)
    history: dict[Place, list[Change]] = field(default_factory=dict)

    def of(self, contract: str) -> dict[str, str]:
        """One contract's state as shown texts, sorted by key."""
        return {
            key: shown(value)
            for (owner, key), value in sorted(self.values.items())
            if owner == contract
        }

    def apply(self, changes: Mapping[Place, bytes | None], how: tuple[str, int, int]) -> None:
        """Make changes last. `how`: transaction id, height, time."""
        for place, value in changes.items():
            if value is None:
                self.values.pop(place, None)
            else:
                self.values[place] = value
            self.history.setdefault(place, []).append(Change(value, *how))


class Changes:
    """What one transaction has read, written and told so far."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reads: dict[Place, bytes | None] = {}
        self._pending: dict[Place, bytes | None] = {}
        self._events: list[Event] = []

    def get(self, contract: str, key: str) -> bytes | None:
        place = (contract, key)
        if place in self._pending:
            return self._pending[place]
        return self._reads.setdefault(place, self._world.values.get(place))

    def put(self, contract: str, key: str, value: bytes | None) -> None:
        self._pending[(contract, key)] = value

    def emit(self, event: Event) -> None:
        self._events.append(event)

    def rows(self, contract: str, first: str, limit: str | None) -> Iterator[tuple[str, bytes]]:
        """Keys from `first` to before `limit` (None: those that begin with `first`), sorted."""
        keys = {key for owner, key in (*self._world.values, *self._pending) if owner == contract}
        for key in sorted(keys):
            inside = key.startswith(first) if limit is None else first <= key < limit
            value = self.get(contract, key) if inside else None
            if value is not None:
                yield key, value

    def history(self, contract: str, key: str) -> list[Change]:
        return list(self._world.history.get((contract, key), ()))

    def mark(self) -> tuple[dict[Place, bytes | None], int]:
        return dict(self._pending), len(self._events)

    def back(self, mark: tuple[dict[Place, bytes | None], int]) -> None:
        """Forget what was written and told since `mark`. What was read stays read."""
        self._pending = mark[0]
        del self._events[mark[1] :]

    @property
    def reads(self) -> tuple[Read, ...]:
        return tuple(
            Read(contract, key, None if value is None else shown(value))
            for (contract, key), value in self._reads.items()
        )

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    def different(self) -> dict[Place, bytes | None]:
        """The changes that change something, sorted."""
        before = self._world.values
        return {
            place: value
            for place, value in sorted(self._pending.items(), key=lambda change: change[0])
            if before.get(place) != value
        }

    def writes(self) -> tuple[Write, ...]:
        before = self._world.values
        return tuple(
            Write(contract, key, _shown(before.get((contract, key))), _shown(value))
            for (contract, key), value in self.different().items()
        )


def _shown(value: bytes | None) -> str | None:
    return None if value is None else shown(value)


def full_key(key: object, part: object) -> str:
    """`key`, or `key#field`. Raises `Wrong`."""
    for name, given in (("key", key), ("field", part)):
        if not isinstance(given, str) or (given and not KEY.fullmatch(given)):
            raise Wrong(f"a {name} has letters, digits, dots, hyphens and underscores only")
        if len(given) > LONGEST_KEY:
            raise Wrong(f"a {name} may have {LONGEST_KEY} characters at most")
    if not key:
        raise Wrong("a key may not be empty")
    return f"{key}#{part}" if part else str(key)
