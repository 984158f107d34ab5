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
from reports.queries.nation import ALONE, UNKNOWN, ProgrammeName, Scope
from reports.suppression import NATION_K, Cell, Figure, protect

PROVINCE, ORGANISATION, NOW = 0, 1, 2
ENROLLED, QUALIFIED = "enrolled", "qualified"
GIVEN_UP = (ORGANISATION, NOW, PROVINCE)
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

    A person who is trained by two of them counts for both.
    """
    tallies = StageTally.objects.filter(
        organisation__gt=0,
        cohort=0,
        period=0,
        stage__in=(Standing.Stage.ENROLLED, Standing.Stage.QUALIFIED),
    )
    if programme is not None:
        tallies = tallies.filter(programme=programme.pk)
    # Uses index: stage_tally_organisations.
    rows = tallies.values_list("organisation", "stage").annotate(Sum("value"))
    return _counted(tuple(_organisations(scope)), tuple(rows.order_by("organisation", "stage")))


@lru_cache(maxsize=4)
def _counted(
    organisations: Sequence[Named], tallies: Sequence[tuple[int, int, int]]
) -> OrganisationCounts:
    """A function of its rows, remembered: until somebody comes further they are the same."""
    named = {organisation.pk: organisation for organisation in organisations}
    cells: Counter[Cell] = Counter()
    for pk, stage, people in tallies:
        found = named.get(pk)
        if found is None:
            continue
        place = (found.province, str(pk))
        if stage == Standing.Stage.QUALIFIED:
            cells[*place, QUALIFIED] += people
            cells[*place, ENROLLED] -= people
        else:
            cells[*place, ENROLLED] += people
    shown: dict[str, dict[str, int]] = {}
    small = {ENROLLED: 0, QUALIFIED: 0}
    partly: set[str] = set()
    for block in protect(cells, NATION_K, order=GIVEN_UP).blocks:
        own, now = block.values[ORGANISATION], block.values[NOW]
        reached = QUALIFIED if now == {QUALIFIED} else ENROLLED
        if len(own) > 1 or len(now) > 1:
            partly |= own
        if len(own) > 1:
            small[reached] += block.people
            continue
        (pk_text,) = own
        people_of = shown.setdefault(pk_text, {ENROLLED: 0, QUALIFIED: 0})
        people_of[reached] += block.people
    rows = [
        _count(each, shown.get(str(each.pk), {}), is_exact=str(each.pk) not in partly)
        for each in organisations
        if str(each.pk) in shown or str(each.pk) in partly
    ]
    rows.sort(key=lambda row: (-row.qualified.value, -row.enrolled.value, row.name))
    return OrganisationCounts(rows, small[ENROLLED] + small[QUALIFIED], small[QUALIFIED])


def _organisations(scope: Scope) -> list[Named]:
    """Those that are listed, with their names in the reader's language. 1 query."""
    found = Organisation.objects.exclude(verified_at=None)
    if scope.province:
        found = found.filter(province="" if scope.province == UNKNOWN else scope.province)
    if scope.kind:
        found = found.filter(kind="" if scope.kind == ALONE else scope.kind)
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
