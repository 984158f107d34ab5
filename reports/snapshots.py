"""The figures that the public sees by province and programme: frozen once a day, and held.

A small group is not shown (reports/suppression.py). Nor can one day be compared with the next to
see a few people come: a figure that moved by fewer than `NATION_K` since it was last shown stays
as it was, and who came since is counted in the row of small groups.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from django.db.models import Sum

from courses.models import StageTally, Standing
from reports.models import PublicSnapshot
from reports.queries.nation import UNKNOWN
from reports.suppression import NATION_K, Cell, protect

PROVINCE, PROGRAMME = 0, 1


def freeze_public_figures(today: datetime.date) -> bool:
    """Keep the public figures of today, unless they are kept. Tells whether they were written.

    1 query on most calls.
    """
    if PublicSnapshot.objects.filter(day=today).exists():
        return False
    before = PublicSnapshot.objects.filter(day__lt=today).order_by("-day").first()
    data = public_figures(before.data if before is not None else {})
    _, is_new = PublicSnapshot.objects.get_or_create(day=today, defaults={"data": data})
    return is_new


def public_figures(before: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    """What may be shown now, given what was shown last. 1 query."""
    # Uses index: stage_tally_unique, by its first columns.
    rows = (
        StageTally.objects.filter(
            organisation=0, cohort=0, period=0, stage=Standing.Stage.QUALIFIED
        )
        .values_list("province", "programme__key")
        .annotate(Sum("value"))
    )
    cells: Counter[Cell] = Counter()
    for province, programme, people in rows:
        cells[province or UNKNOWN, programme] += people
    cube = protect(cells, NATION_K, order=(PROGRAMME, PROVINCE))
    figures = {
        name: {
            key: figure.value
            for key, figure in cube.by(dimension).figures.items()
            if figure.value >= NATION_K
        }
        for name, dimension in (("provinces", PROVINCE), ("programmes", PROGRAMME))
    }
    held = {name: hold(shown, before.get(name, {})) for name, shown in figures.items()}
    return {**held, "total": sum(cells.values())}


def hold(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """The figures of now, but for those that moved too little to be shown: these stay."""
    return {
        key: before[key] if key in before and abs(people - before[key]) < NATION_K else people
        for key, people in now.items()
    }
