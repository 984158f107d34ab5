"""Small cells: figures from which nobody can be made out. Pure.

The cells of a cube (province × kind × programme × …) are gathered into *blocks*, each of nobody or
of at least `k` people. Every figure that is shown is a sum of whole blocks that lie inside what
was asked for; people in a block that lies only partly inside are shown in the row of small groups,
so that a column still adds up to its exact total. Whatever figures somebody takes together, they
are sums of blocks: within a block nothing can be told apart (docs/decisions/0017, 0021).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

NATION_K = 10
ORGANISATION_K = 5

Cell = tuple[str, ...]
"""The value of each dimension, in one order for all cells of a cube."""
Where = Mapping[int, Collection[str]]
"""Dimension → the values that are asked for; a dimension that is not named takes all."""


class Figure(NamedTuple):
    """A number of people that may be shown."""

    value: int
    is_exact: bool
    """False: some more belong here, who are shown in the small groups. Then `value` is a lower
    bound, and 0 says nothing."""


class Breakdown(NamedTuple):
    """A column: a figure for each value of a dimension, and who is in none of them."""

    figures: dict[str, Figure]
    small_groups: int


@dataclass(frozen=True, slots=True)
class Block:
    """Cells that are only ever counted together."""

    values: tuple[frozenset[str], ...]
    """Of each dimension those that occur."""
    people: int
    cells: tuple[Cell, ...]

    def lies_in(self, where: Where) -> bool:
        """Whether all of it was asked for."""
        return all(self.values[dimension] <= set(allowed) for dimension, allowed in where.items())

    def touches(self, where: Where) -> bool:
        """Whether some of it may have been asked for."""
        return all(
            not self.values[dimension].isdisjoint(allowed) for dimension, allowed in where.items()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """A cube of which any sum may be shown. Equal to itself alone: it can be a key."""

    blocks: Sequence[Block]
    hidden: int = field(default=0)
    """People who are in no block: fewer than `k` in all."""

    def total(self, where: Where | None = None) -> Figure:
        """How many people are where."""
        asked = where or {}
        value, is_exact = 0, not self.hidden
        for block in self.blocks:
            if block.lies_in(asked):
                value += block.people
            elif block.touches(asked):
                is_exact = False
        return Figure(value, is_exact)

    def by(self, dimension: int, where: Where | None = None) -> Breakdown:
        """How many people there are for each value of a dimension. Values of nobody are not named.

        The figures and the small groups add up to the value of `total(where)`.
        """
        asked = where or {}
        values: dict[str, int] = {}
        inexact: set[str] = set()
        small_groups = 0
        for block in self.blocks:
            own = block.values[dimension]
            if block.lies_in(asked) and len(own) == 1:
                (value,) = own
                values[value] = values.get(value, 0) + block.people
                continue
            if block.lies_in(asked):
                small_groups += block.people
            if block.touches(asked):
                inexact |= own & set(asked.get(dimension, own))
        named = sorted({*values, *inexact})
        figures = {
            value: Figure(values.get(value, 0), value not in inexact and not self.hidden)
            for value in named
        }
        return Breakdown(figures, small_groups)


def protect(cells: Mapping[Cell, int], k: int, *, order: Sequence[int] = ()) -> Protected:
    """Gather cells into blocks of at least `k` people.

    `order`: the dimensions in which small cells are gathered first, the one whose table may lose
    most before the others; by default from the last to the first. Small cells are put together
    with small ones of the same values otherwise; what is still small in the end joins the smallest
    block there is, so that the total is exact. With fewer than `k` people in all nothing is shown.
    """
    present = {cell: people for cell, people in cells.items() if people}
    if sum(present.values()) < k:
        return Protected([], hidden=sum(present.values()))
    if not present:
        return Protected([])
    dimensions = len(next(iter(present)))
    alone = {value: frozenset([value]) for cell in present for value in cell}
    blocks = [
        Block(tuple([alone[value] for value in cell]), people, (cell,))
        for cell, people in sorted(present.items())
    ]
    done = [block for block in blocks if block.people >= k]
    small = [block for block in blocks if block.people < k]
    given_up: set[int] = set()
    for dimension in order or reversed(range(dimensions)):
        given_up.add(dimension)
        joined = [_joined(group) for group in _alike(small, given_up)]
        done += [block for block in joined if block.people >= k]
        small = [block for block in joined if block.people < k]
    if small:
        smallest = min(done, key=lambda block: (block.people, _sortable(block)))
        done.remove(smallest)
        done.append(_joined([smallest, *small]))
    return Protected(done)


def protect_within(
    cells: Mapping[Cell, int],
    k: int,
    groups: Iterable[Collection[Cell]],
    *,
    order: Sequence[int] = (),
) -> Protected:
    """Gather cells so that each group, of which the sum is known already, is a sum of blocks.

    Groups do not overlap; cells in none of them are one more. A group that has come to hold fewer
    than `k` people is gathered with the smallest other.
    """
    left = {cell: people for cell, people in cells.items() if people}
    parts = [{cell: left.pop(cell) for cell in group if cell in left} for group in groups]
    known = sorted(
        (part for part in [*parts, left] if part),
        key=lambda part: (sum(part.values()), sorted(part)),
    )
    while len(known) > 1 and sum(known[0].values()) < k:
        known[:2] = [known[0] | known[1]]
        known.sort(key=lambda part: (sum(part.values()), sorted(part)))
    gathered = [protect(part, k, order=order) for part in known]
    return Protected(
        [block for each in gathered for block in each.blocks],
        hidden=sum(each.hidden for each in gathered),
    )


def _alike(blocks: Iterable[Block], given_up: Collection[int]) -> Iterator[list[Block]]:
    """Blocks with the same values in the dimensions that are still kept apart."""
    groups: dict[tuple[frozenset[str], ...], list[Block]] = {}
    for block in blocks:
        kept = [own for number, own in enumerate(block.values) if number not in given_up]
        groups.setdefault(tuple(kept), []).append(block)
    yield from groups.values()


def _joined(blocks: Sequence[Block]) -> Block:
    columns = zip(*(block.values for block in blocks), strict=True)
    return Block(
        tuple(frozenset().union(*own) for own in columns),
        sum(block.people for block in blocks),
        tuple(itertools.chain.from_iterable(block.cells for block in blocks)),
    )


def _sortable(block: Block) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(own)) for own in block.values)
