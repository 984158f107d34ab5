"""How many people each organisation has on its way, as the nation may see it: tallies alone.

Beside the figures by province and kind (reports/queries/nation.py) those of an organisation would
tell of the others there. So of each province and kind no row is shown unless what the rows leave
over is nobody or at least `NATION_K` people (docs/decisions/0021 says why that suffices).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import get_language

from accounts.models import Organisation
from courses.models import StageTally, Standing
from reports.queries.nation import (
    KIND,
    NOW,
    PROVINCE,
    QUALIFIED,
    ProgrammeName,
    Scope,
    Sums,
    cube_of_stages,
    national_sums,
)
from reports.suppression import NATION_K, Protected

Place = tuple[str, str]
"""A province and a kind."""
Stage = Standing.Stage
ON_THE_WAY = frozenset(str(int(stage)) for stage in Stage if Stage.ENROLLED <= stage < 7)
"""The stages of who is enrolled and not qualified."""


class People(NamedTuple):
    """Of an organisation or a place: all programmes together."""

    enrolled: int = 0
    """And not qualified."""
    qualified: int = 0


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """An organisation that the centre has verified, and how far its people have come."""

    key: str
    name: str
    kind: str
    province: str
    enrolled: int | None
    """With the qualified; None where it may not be shown."""
    qualified: int | None


class _Named(NamedTuple):
    """What is listed of an organisation."""

    pk: int
    key: str
    name: str
    kind: str
    province: str


def organisation_counts(scope: Scope, names: Sequence[ProgrammeName]) -> list[OrganisationCount]:
    """Every verified organisation within the scope, whose programme is not asked for; those with
    the most qualified people first. 4 queries.

    A person who is trained by two of them counts for both.
    """
    organisations = _organisations()
    people = _people()
    sums = national_sums()
    cube = cube_of_stages(names, sums)
    of_place: dict[Place, list[_Named]] = {}
    for each in organisations:
        if scope.province in {"", each.province} and scope.kind in {"", each.kind}:
            of_place.setdefault((each.province, each.kind), []).append(each)
    totals = _totals(sums)
    mixed = _mixed(cube, of_place)
    rows: list[OrganisationCount] = []
    for place, listed in of_place.items():
        own = {each.pk: people.get(each.pk, People()) for each in listed}
        shown = shown_of_place(own, totals.get(place, People()), mixed[place])
        rows += [
            OrganisationCount(each.key, each.name, each.kind, each.province, *shown[each.pk])
            for each in listed
        ]
    rows.sort(key=lambda row: (-(row.qualified or 0), -(row.enrolled or 0), row.name))
    return rows


Shown = tuple[int | None, int | None]
"""Enrolled with the qualified, and these alone."""


def shown_of_place(
    own: Mapping[int, People], total: People, mixed: Collection[int]
) -> dict[int, Shown]:
    """What may be shown of the organisations of one province and kind. Pure.

    `total`: what the nation counts there. `mixed`: the indices of `People` of which the national
    figures tell no exact sum there, since some stand in a block with others.
    """
    split = {pk for pk, each in own.items() if min(each) >= NATION_K}
    whole = {pk for pk, each in own.items() if sum(each) >= NATION_K} - split
    while split or whole:
        left_of = [total[at] - sum(own[pk][at] for pk in split) for at in (0, 1)]
        left = sum(left_of) - sum(sum(own[pk]) for pk in whole)
        if split and not all(_is_safe(left_of[at], is_exact=at not in mixed) for at in (0, 1)):
            smallest = min(split, key=lambda pk: (min(own[pk]), pk))
            split.remove(smallest)
            whole.add(smallest)
        elif not _is_safe(left, is_exact=not mixed):
            smallest = min(split | whole, key=lambda pk: (sum(own[pk]), pk))
            split.discard(smallest)
            whole.discard(smallest)
        else:
            break
    return {
        pk: (
            sum(each) if pk in split or pk in whole else None,
            each.qualified if pk in split else None,
        )
        for pk, each in own.items()
    }


def _is_safe(left: int, *, is_exact: bool) -> bool:
    """Whether what is left over may be worked out. `is_exact`: of a sum that is known."""
    return left >= NATION_K or (left == 0 and is_exact)


def _mixed(cube: Protected, places: Collection[Place]) -> dict[Place, set[int]]:
    """Of each place the indices of `People` of whom some may stand in a block with others."""
    found: dict[Place, set[int]] = {place: {0, 1} if cube.hidden else set() for place in places}
    for block in cube.blocks:
        now = block.values[NOW]
        is_one = len(block.values[PROVINCE]) == len(block.values[KIND]) == 1
        if is_one and (now == {QUALIFIED} or now <= ON_THE_WAY):
            continue
        for cell in block.cells:
            at = _index(cell[NOW])
            place = (cell[PROVINCE], cell[KIND])
            if at is not None and place in found:
                found[place].add(at)
    return found


def _index(now: str) -> int | None:
    if now == QUALIFIED:
        return 1
    return 0 if now in ON_THE_WAY else None


def _totals(sums: Sums) -> dict[Place, People]:
    totals: dict[Place, People] = {}
    for stage, province, kind, _programme, people in sums:
        if stage in {Stage.ENROLLED, Stage.QUALIFIED}:
            before = totals.get((province, kind), People())
            totals[province, kind] = _added(before, stage, people)
    return totals


def _people() -> dict[int, People]:
    """Of every organisation, all programmes together. 1 query."""
    tallies = StageTally.objects.filter(
        organisation__gt=0, cohort=0, period=0, stage__in=(Stage.ENROLLED, Stage.QUALIFIED)
    )
    # Uses index: stage_tally_organisations.
    rows = tallies.values_list("organisation", "stage").annotate(Sum("value"))
    found: dict[int, People] = {}
    for pk, stage, people in rows:
        found[pk] = _added(found.get(pk, People()), stage, people)
    return found


def _added(before: People, stage: int, people: int) -> People:
    """Who has reached the qualification had enrolled too."""
    if stage == Stage.QUALIFIED:
        return People(before.enrolled - people, before.qualified + people)
    return People(before.enrolled + people, before.qualified)


def _organisations() -> list[_Named]:
    """Those that the centre has verified, with their names in the reader's language. 1 query."""
    found = Organisation.objects.exclude(verified_at=None)
    is_chinese = (get_language() or "").startswith("zh")
    rows = found.order_by("pk").values_list("pk", "key", "name", "name_zh_hans", "kind", "province")
    return [
        _Named(pk, key, (is_chinese and chinese) or name, kind, province)
        for pk, key, name, chinese, kind, province in rows
    ]
