"""How many people each organisation has on its way, as the nation may see it: tallies alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import get_language

from accounts.models import Organisation
from courses.models import StageTally, Standing
from reports.queries.nation import ProgrammeName, Scope
from reports.suppression import NATION_K, Cell, Figure, Protected, Where, protect

PROVINCE, KIND, ORGANISATION, PROGRAMME, NOW = 0, 1, 2, 3, 4
ENROLLED, QUALIFIED = "enrolled", "qualified"
GIVEN_UP = (PROGRAMME, ORGANISATION, KIND, NOW, PROVINCE)
"""Small organisations of one province are counted together."""


class Named(NamedTuple):
    """What is listed of an organisation."""

    pk: int
    key: str
    name: str
    kind: str
    province: str


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """An organisation that the centre has verified, and how far its people have come."""

    key: str
    name: str
    kind: str
    province: str
    enrolled: Figure
    qualified: Figure


@dataclass(frozen=True, slots=True)
class OrganisationCounts:
    """The organisations with the most qualified people first, and who is in the small ones."""

    rows: list[OrganisationCount]
    small_enrolled: int
    small_qualified: int


def organisation_counts(scope: Scope, programme: ProgrammeName | None) -> OrganisationCounts:
    """Every verified organisation within the scope. 2 queries.

    A person who is trained by two of them counts for both. Blocks are those of the whole nation,
    whatever is chosen: two choices cannot be compared to make somebody out.
    """
    tallies = StageTally.objects.filter(
        organisation__gt=0,
        cohort=0,
        period=0,
        stage__in=(Standing.Stage.ENROLLED, Standing.Stage.QUALIFIED),
    )
    # Uses index: stage_tally_organisations.
    rows = tallies.values_list("organisation", "programme", "stage").annotate(Sum("value"))
    ordered = rows.order_by("organisation", "programme", "stage")
    organisations = _organisations()
    places = tuple((each.pk, each.province, each.kind) for each in organisations)
    chosen = {PROVINCE: scope.province, KIND: scope.kind}
    where = {dimension: {value} for dimension, value in chosen.items() if value}
    if programme is not None:
        where[PROGRAMME] = {str(programme.pk)}
    listed = [
        each
        for each in organisations
        if scope.province in {"", each.province} and scope.kind in {"", each.kind}
    ]
    return _counted(listed, _cube(places, tuple(ordered)), where)


@lru_cache(maxsize=2)
def _cube(
    places: Sequence[tuple[int, str, str]], tallies: Sequence[tuple[int, int, int, int]]
) -> Protected:
    """A function of its rows, remembered: until somebody comes further they are the same."""
    place_of = {pk: (province, kind, str(pk)) for pk, province, kind in places}
    cells: Counter[Cell] = Counter()
    for pk, programme, stage, people in tallies:
        if pk not in place_of:
            continue
        place = (*place_of[pk], str(programme))
        if stage == Standing.Stage.QUALIFIED:
            cells[*place, QUALIFIED] += people
            cells[*place, ENROLLED] -= people
        else:
            cells[*place, ENROLLED] += people
    return protect(cells, NATION_K, order=GIVEN_UP)


def _counted(listed: Sequence[Named], cube: Protected, where: Where) -> OrganisationCounts:
    """What may be shown of those that are listed. No query."""
    shown: dict[str, dict[str, int]] = {}
    small = {ENROLLED: 0, QUALIFIED: 0}
    partly: set[str] = set()
    for block in cube.blocks:
        if not block.touches(where):
            continue
        own, now = block.values[ORGANISATION], block.values[NOW]
        reached = QUALIFIED if now == {QUALIFIED} else ENROLLED
        is_whole = block.lies_in(where)
        if not is_whole or len(own) > 1 or len(now) > 1:
            partly |= own
        if is_whole and len(own) > 1:
            small[reached] += block.people
        elif is_whole:
            (pk_text,) = own
            people_of = shown.setdefault(pk_text, {ENROLLED: 0, QUALIFIED: 0})
            people_of[reached] += block.people
    rows = [
        _count(each, shown.get(str(each.pk), {}), is_exact=str(each.pk) not in partly)
        for each in listed
        if str(each.pk) in shown or str(each.pk) in partly
    ]
    rows.sort(key=lambda row: (-row.qualified.value, -row.enrolled.value, row.name))
    return OrganisationCounts(rows, small[ENROLLED] + small[QUALIFIED], small[QUALIFIED])


def _organisations() -> list[Named]:
    """Those that the centre has verified, with their names in the reader's language. 1 query."""
    found = Organisation.objects.exclude(verified_at=None)
    is_chinese = (get_language() or "").startswith("zh")
    rows = found.order_by("pk").values_list("pk", "key", "name", "name_zh_hans", "kind", "province")
    return [
        Named(pk, key, (is_chinese and chinese) or name, kind, province)
        for pk, key, name, chinese, kind, province in rows
    ]


def _count(organisation: Named, people: Mapping[str, int], *, is_exact: bool) -> OrganisationCount:
    """Who is qualified is enrolled too."""
    qualified = people.get(QUALIFIED, 0)
    return OrganisationCount(
        organisation.key,
        organisation.name,
        organisation.kind,
        organisation.province,
        Figure(qualified + people.get(ENROLLED, 0), is_exact),
        Figure(qualified, is_exact),
    )
