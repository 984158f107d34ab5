"""How many people each organisation has on its way, as the nation may see it: tallies alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

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
    organisations = _organisations(scope)
    tallies = StageTally.objects.filter(
        organisation__gt=0,
        cohort=0,
        period=0,
        stage__in=(Standing.Stage.ENROLLED, Standing.Stage.QUALIFIED),
    )
    if programme is not None:
        tallies = tallies.filter(programme=programme.pk)
    cells: Counter[Cell] = Counter()
    # Uses index: stage_tally_organisations.
    for pk, stage, people in tallies.values_list("organisation", "stage").annotate(Sum("value")):
        found = organisations.get(pk)
        if found is None:
            continue
        place = (found.province, str(pk))
        if stage == Standing.Stage.QUALIFIED:
            cells[*place, QUALIFIED] += people
            cells[*place, ENROLLED] -= people
        else:
            cells[*place, ENROLLED] += people
    cube = protect(cells, NATION_K, order=GIVEN_UP)
    shown: dict[str, dict[str, int]] = {}
    small = {ENROLLED: 0, QUALIFIED: 0}
    partly: set[str] = set()
    for block in cube.blocks:
        own, now = block.values[ORGANISATION], block.values[NOW]
        reached = QUALIFIED if now == {QUALIFIED} else ENROLLED
        if len(own) > 1 or len(now) > 1:
            partly |= own
        if len(own) > 1:
            small[reached] += block.people
            continue
        (pk,) = own
        counted = shown.setdefault(pk, {ENROLLED: 0, QUALIFIED: 0})
        counted[reached] += block.people
    rows = [
        _count(organisation, shown.get(str(pk), {}), is_exact=str(pk) not in partly)
        for pk, organisation in organisations.items()
        if str(pk) in shown or str(pk) in partly
    ]
    rows.sort(key=lambda row: (-row.qualified.value, -row.enrolled.value, row.name))
    return OrganisationCounts(rows, small[ENROLLED] + small[QUALIFIED], small[QUALIFIED])


def _organisations(scope: Scope) -> dict[int, Organisation]:
    """By primary key, with what is listed of them."""
    found = Organisation.objects.exclude(verified_at=None)
    if scope.province:
        found = found.filter(province="" if scope.province == UNKNOWN else scope.province)
    if scope.kind:
        found = found.filter(kind="" if scope.kind == ALONE else scope.kind)
    fields = ("key", "name", "name_zh_hans", "kind", "province")
    return {organisation.pk: organisation for organisation in found.only(*fields)}


def _count(
    organisation: Organisation, people: Mapping[str, int], *, is_exact: bool
) -> OrganisationCount:
    """Who is qualified is enrolled too."""
    is_chinese = (get_language() or "").startswith("zh")
    name = (is_chinese and organisation.name_zh_hans) or organisation.name
    qualified = people.get(QUALIFIED, 0)
    return OrganisationCount(
        organisation.key,
        name,
        organisation.kind,
        organisation.province,
        Figure(qualified + people.get(ENROLLED, 0), is_exact),
        Figure(qualified, is_exact),
    )
