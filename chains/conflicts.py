"""Which transactions of a block may run side by side: the DAG of their read-write sets.

As on ChainMaker (docs, tech/核心交易流程说明, 并行调度): two transactions conflict where one writes
what the other reads or writes, and the later one then waits for the earlier. Whoever replays the
block may run it in any order that keeps to the DAG, and comes to the same state as in the order of
the block. ChainMaker takes the order in which its proposer's threads happened to finish; here it is
that of the transcript, so that the DAG is a function of it.

A read-write set knows the keys that were met, not those that were looked for in a range and not
found: a key that another transaction adds to a range is no conflict here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chains.types import CallKind, Transaction


class Conflict(StrEnum):
    """How the later transaction meets the earlier one on a key."""

    WRITE_READ = "wr"
    """The earlier writes what the later reads."""
    READ_WRITE = "rw"
    """The earlier reads what the later writes."""
    WRITE_WRITE = "ww"


@dataclass(frozen=True, slots=True)
class Edge:
    """The transaction `later` waits for `earlier`. Both are numbers of transactions."""

    earlier: int
    later: int
    conflicts: tuple[Conflict, ...]
    keys: tuple[tuple[str, str], ...]
    """(contract, key) of all that they meet on, sorted."""


def edges(transactions: Sequence[Transaction]) -> tuple[Edge, ...]:
    """An edge for every pair that conflicts and for no other, in their serial order. Queries write
    nothing and are in no block: they are passed over."""
    sets = [_Sets.of(each) for each in transactions if each.kind is not CallKind.QUERY]
    found = []
    for place, later in enumerate(sets):
        for earlier in sets[:place]:
            met = {
                Conflict.WRITE_READ: earlier.written & later.read,
                Conflict.READ_WRITE: earlier.read & later.written,
                Conflict.WRITE_WRITE: earlier.written & later.written,
            }
            if keys := frozenset().union(*met.values()):
                conflicts = tuple(conflict for conflict in Conflict if met[conflict])
                found.append(Edge(earlier.number, later.number, conflicts, tuple(sorted(keys))))
    return tuple(found)


def dag(transactions: Sequence[Transaction]) -> tuple[Edge, ...]:
    """The edges without those that a way over other transactions makes needless: the fewest that
    keep the same waiting."""
    found = edges(transactions)
    waits: dict[int, list[Edge]] = {}
    for edge in found:
        waits.setdefault(edge.later, []).append(edge)
    kept: set[Edge] = set()
    behind: dict[int, set[int]] = {}
    for number, its_edges in waits.items():
        reached: set[int] = set()
        for edge in reversed(its_edges):  # the nearest first: a farther one may be behind it
            if edge.earlier not in reached:
                kept.add(edge)
                reached |= {edge.earlier} | behind.get(edge.earlier, set())
        behind[number] = reached
    return tuple(edge for edge in found if edge in kept)


def layers(transactions: Sequence[Transaction]) -> tuple[tuple[int, ...], ...]:
    """A parallel plan with the fewest rounds: the numbers of the transactions of each round, every
    one in the first round after all that it waits for."""
    level = {each.number: 0 for each in transactions if each.kind is not CallKind.QUERY}
    for edge in edges(transactions):
        level[edge.later] = max(level[edge.later], level[edge.earlier] + 1)
    rounds: list[list[int]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for number, place in level.items():
        rounds[place].append(number)
    return tuple(map(tuple, rounds))


@dataclass(frozen=True, slots=True)
class _Sets:
    number: int
    read: frozenset[tuple[str, str]]
    written: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, transaction: Transaction) -> _Sets:
        return cls(
            number=transaction.number,
            read=frozenset((each.contract, each.key) for each in transaction.reads),
            written=frozenset((each.contract, each.key) for each in transaction.writes),
        )
