"""The figures that the public sees by province and programme: frozen once a day, and held.

Places (a province and a programme) are gathered into *groups* of at least `NATION_K` people, whose
sums alone are told; everybody else is the *rest*, at least as many. A group may be split later on,
and what has been told apart is not put together again: whatever days are compared, somebody who
comes stands in a group of ten or more that was told as one before (docs/decisions/0021). And a sum
that moved by fewer than `NATION_K` since it was last told stays as it was.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from courses.models import StageTally, Standing
from reports.models import PublicSnapshot
from reports.queries.nation import UNKNOWN, Place
from reports.suppression import NATION_K, Block, Cell, protect

PROVINCE, PROGRAMME = 0, 1


@dataclass(frozen=True, slots=True)
class Group:
    """Places of which one figure is told."""

    places: frozenset[Place]
    people: int
    """As it was last told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the public is told on a day."""

    groups: tuple[Group, ...] = ()
    rest: int = 0
    """Everybody who is qualified elsewhere, as it was last told."""


def freeze_public_figures(today: datetime.date) -> bool:
    """Keep the public figures of today, unless they are kept. Tells whether they were written.

    1 query on most calls.
    """
    if PublicSnapshot.objects.filter(day=today).exists():
        return False
    before = PublicSnapshot.objects.filter(day__lt=today).order_by("-day").first()
    told = tell(_counted(), _read(before.data) if before is not None else Told())
    _, is_new = PublicSnapshot.objects.get_or_create(day=today, defaults={"data": _written(told)})
    return is_new


def _counted() -> dict[Place, int]:
    """How many are qualified in each place. 1 query."""
    # Uses index: stage_tally_unique, by its first columns.
    rows = (
        StageTally.objects.filter(
            organisation=0, cohort=0, period=0, stage=Standing.Stage.QUALIFIED
        )
        .values_list("province", "programme__key")
        .annotate(Sum("value"))
    )
    cells: Counter[Place] = Counter()
    for province, programme, people in rows:
        cells[province or UNKNOWN, programme] += people
    return cells


def tell(cells: Mapping[Place, int], before: Told) -> Told:
    """What may be told now, given what was told last. Pure."""
    groups: list[Group] = []
    rest = set(cells).difference(*(group.places for group in before.groups))
    for group in before.groups:
        people = _sum(cells, group.places)
        if abs(people - group.people) < NATION_K:
            groups.append(group)
        elif people < NATION_K:
            rest |= group.places
        else:
            groups += [_group(block) for block in _blocks(cells, group.places)]
    if before.rest and abs(_sum(cells, rest) - before.rest) < NATION_K:
        return Told(tuple(groups), before.rest)
    blocks = _blocks(cells, rest)
    if not blocks:
        return Told(tuple(groups))
    # One block is never named: the first person of any other place will stand among its people.
    return Told((*groups, *(_group(block) for block in blocks[1:])), blocks[0].people)


def _blocks(cells: Mapping[Place, int], places: Collection[Place]) -> list[Block]:
    """Blocks of at least `NATION_K` people, the smallest first."""
    own: dict[Cell, int] = {place: cells.get(place, 0) for place in places}
    gathered = protect(own, NATION_K, order=(PROGRAMME, PROVINCE)).blocks
    return sorted(gathered, key=lambda block: (block.people, sorted(block.cells)))


def _group(block: Block) -> Group:
    return Group(frozenset((cell[PROVINCE], cell[PROGRAMME]) for cell in block.cells), block.people)


def _sum(cells: Mapping[Place, int], places: Collection[Place]) -> int:
    return sum(cells.get(place, 0) for place in places)


def _by(told: Told, dimension: int) -> dict[str, int]:
    """Value → the people of the groups that lie in it."""
    sums: Counter[str] = Counter()
    for group in told.groups:
        values = {place[dimension] for place in group.places}
        if len(values) == 1:
            sums[values.pop()] += group.people
    return dict(sums)


def _written(told: Told) -> dict[str, Any]:
    """As `PublicSnapshot.data` keeps it."""
    groups = [
        {"places": sorted(map(list, group.places)), "people": group.people} for group in told.groups
    ]
    return {
        "provinces": _by(told, PROVINCE),
        "programmes": _by(told, PROGRAMME),
        "total": told.rest + sum(group.people for group in told.groups),
        "groups": groups,
        "rest": told.rest,
    }


def _read(data: Mapping[str, Any]) -> Told:
    groups = tuple(
        Group(frozenset((place[0], place[1]) for place in group["places"]), group["people"])
        for group in data.get("groups", [])
    )
    return Told(groups, data.get("rest", 0))
