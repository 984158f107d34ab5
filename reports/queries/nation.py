"""The nation's figures, from tallies alone: no query touches a row of a person.

Each query reads a bounded number of rows, whatever the number of learners. What may be shown of
the sums is decided here too (docs/decisions/0017).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Sum

from courses.models import DelayTally, Programme, RetentionTally, StageTally, Standing, Tally
from reports.months import month_after, month_of
from reports.suppression import (
    NATION_K,
    Block,
    Breakdown,
    Cell,
    Figure,
    Protected,
    Where,
    protect,
)

Stage = Standing.Stage
ALONE = "alone"
"""In addresses and cells: the kind of who learns without an organisation."""
UNKNOWN = "none"
"""In addresses and cells: the province of who did not say."""
PROVINCE, KIND, PROGRAMME, NOW = 0, 1, 2, 3
"""Dimensions of a cell; the last one is the stage at which people stand now."""
GIVEN_UP = (KIND, PROGRAMME, PROVINCE, NOW)
"""The order in which small cells are gathered: the stages of the whole country stay exact."""
RETAINED_MONTHS = 12
"""Months of enrolment that the triangle of retention shows, and months after each."""
COMPETENCY_DAYS = 30
NOBODY = Figure(0, is_exact=True)

_DELAYS = DelayTally._meta.db_table  # noqa: SLF001  # Django documents _meta as public


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the nation is looked at; '' is all of it."""

    province: str = ""
    kind: str = ""
    programme: str = ""
    held_to: str = ""
    """The province that the reader may not leave; '' for who sees the nation."""

    @property
    def where(self) -> dict[int, Collection[str]]:
        """The values that are asked for, of each dimension that is held to some."""
        chosen = {PROVINCE: self.province, KIND: self.kind, PROGRAMME: self.programme}
        return {dimension: {value} for dimension, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class ProgrammeName:
    """A programme as reports name it. `title` is a text: language → words."""

    pk: int
    key: str
    title: Mapping[str, str]
    level: str


@dataclass(slots=True)
class _Sum:
    """What blocks add to one figure, by stage: index 0 is unused."""

    standing: list[int] = field(default_factory=lambda: [0] * 9)
    """People of whole blocks, at the lowest stage at which some of them stand."""
    partly: int = 0
    """The highest stage at which somebody stands who is in no whole block here."""
    between: list[tuple[int, int]] = field(default_factory=list)
    """(lowest, highest) stage of blocks that lie here, but not in one stage."""

    def figure(self, stage: int) -> Figure:
        """How many have reached the stage."""
        is_exact = stage > self.partly and not any(
            low < stage <= high for low, high in self.between
        )
        return Figure(sum(self.standing[stage:]), is_exact)


class Stages:
    """How many have reached each stage within a scope: what may be shown of a cube.

    What `Protected.total` and `Protected.by` say of every stage and every dimension, from one look
    at each block. Blocks are in the order of `Scope.where`, with the stage now as the last one.
    """

    def __init__(self, cube: Protected, where: Where) -> None:
        self._all = _Sum(partly=7 if cube.hidden else 0)
        self._by: list[dict[str, _Sum]] = [{}, {}, {}]
        self._small: list[_Sum] = [_Sum(), _Sum(), _Sum()]
        self._hidden = cube.hidden
        for block in cube.blocks:
            if block.touches(where):
                self._add(block, where, is_whole=block.lies_in(where))

    def _add(self, block: Block, where: Where, *, is_whole: bool) -> None:
        now = block.values[NOW]
        low, high = int(min(now)), int(max(now))
        self._place(self._all, block.people, low, high, is_whole=is_whole)
        for dimension in (PROVINCE, KIND, PROGRAMME):
            own = block.values[dimension]
            sums = self._by[dimension]
            is_one = is_whole and len(own) == 1
            if is_whole and not is_one:
                self._small[dimension].standing[low] += block.people
            for value in own if dimension not in where else own & set(where[dimension]):
                if value not in sums:
                    sums[value] = _Sum(partly=7 if self._hidden else 0)
                self._place(sums[value], block.people, low, high, is_whole=is_one)

    @staticmethod
    def _place(into: _Sum, people: int, low: int, high: int, *, is_whole: bool) -> None:
        if not is_whole:
            into.partly = max(into.partly, high)
            return
        into.standing[low] += people
        if low != high:
            into.between.append((low, high))

    def figure(self, stage: int) -> Figure:
        """How many have reached a stage, in all of the scope."""
        return self._all.figure(stage)

    def by(self, dimension: int, stage: int) -> Breakdown:
        """The same for each value of a dimension: `PROVINCE`, `KIND` or `PROGRAMME`."""
        found = {value: each.figure(stage) for value, each in self._by[dimension].items()}
        shown = {value: figure for value, figure in sorted(found.items()) if _says(figure)}
        return Breakdown(shown, self._small[dimension].figure(stage).value)


@lru_cache(maxsize=64)
def _counted(cube: Protected, where: tuple[tuple[int, frozenset[str]], ...]) -> Stages:
    return Stages(cube, dict(where))


def counted_stages(cube: Protected, where: Where) -> Stages:
    """What may be shown of a cube within a scope, remembered as long as the cube is."""
    return _counted(cube, tuple((at, frozenset(values)) for at, values in sorted(where.items())))


def _says(figure: Figure) -> bool:
    """Whether there is anybody: a value of nobody is not named."""
    return bool(figure.value) or not figure.is_exact


def programme_names() -> list[ProgrammeName]:
    """Every programme, by key. 1 query."""
    return [
        ProgrammeName(
            programme.pk,
            programme.key,
            programme.current.about["title"] if programme.current else {"en": programme.key},
            programme.current.about.get("level", "") if programme.current else "",
        )
        for programme in Programme.objects.select_related("current").order_by("key")
    ]


def cube_of_stages(programmes: Sequence[ProgrammeName]) -> Protected:
    """All cells, by province, kind, programme and the stage at which people stand now. 1 query.

    Some thousands of cells, whatever the number of learners: provinces × kinds × programmes.
    """
    # Uses index: stage_tally_nation.
    rows = (
        StageTally.objects.filter(organisation=0, cohort=0, period=0)
        .values_list("stage", "province", "kind", "programme")
        .annotate(Sum("value"))
        .order_by("stage", "province", "kind", "programme")
    )
    return _protected(tuple(rows), tuple((name.pk, name.key) for name in programmes))


@lru_cache(maxsize=4)
def _protected(
    rows: Sequence[tuple[int, str, str, int, int]], programmes: Sequence[tuple[int, str]]
) -> Protected:
    """A function of its rows, remembered: until somebody comes further they are the same."""
    keys = dict(programmes)
    cells: Counter[Cell] = Counter()
    for stage, province, kind, programme, people in rows:
        place = (province or UNKNOWN, kind or ALONE, keys[programme])
        # Who has reached a stage stands there now, or further.
        cells[*place, str(stage)] += people
        cells[*place, str(stage - 1)] -= people
    standing = {cell: people for cell, people in cells.items() if cell[NOW] != "0"}
    return protect(standing, NATION_K, order=GIVEN_UP)


def median_days(programme: ProgrammeName | None) -> dict[int, int]:
    """Stage → days that half of the people needed from the stage before it, nationally. 1 query.

    Of people whose moments at both are known; none where these are fewer than ten.
    """
    where, parameters = ("programme_id = %s", [programme.pk]) if programme else ("1 = 1", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT stage, min(days) FROM (
                SELECT stage, days, sum(sum(value)) OVER (PARTITION BY stage) AS people,
                       sum(sum(value)) OVER (PARTITION BY stage ORDER BY days) AS so_far
                FROM {_DELAYS} WHERE {where} GROUP BY stage, days
            ) AS days_of_stages
            WHERE people >= {NATION_K} AND 2 * so_far >= people GROUP BY stage
            """,  # noqa: S608  # names of our own
            parameters,
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Retention:
    """Who enrolled in a month, and how many of them were active in that and the months after."""

    month: int
    enrolled: Figure
    active: Sequence[Figure]


def retention(until: datetime.datetime) -> list[Retention]:
    """The triangle of the last months, the latest last, of the whole nation. 2 queries.

    Of the nation alone: months of one programme beside its other figures would tell small groups
    apart, since each cube is protected for itself (docs/decisions/0017).
    """
    last = month_of(until)
    starts = [month_after(last, back - RETAINED_MONTHS + 1) for back in range(RETAINED_MONTHS)]
    # Uses index: stage_tally_unique, a range for each month.
    enrolled_rows = (
        StageTally.objects.filter(organisation=0, cohort=0, period__in=starts, stage=Stage.ENROLLED)
        .values_list("period")
        .annotate(Sum("value"))
    )
    # Uses index: retention_tally_unique, by its first columns.
    active_rows = (
        RetentionTally.objects.filter(organisation=0, start__in=starts, months__lt=RETAINED_MONTHS)
        .values_list("start", "months")
        .annotate(Sum("value"))
    )
    enrolled = protect({(str(month),): n for month, n in enrolled_rows}, NATION_K).by(0).figures
    active = protect({(f"{month} {after}",): n for month, after, n in active_rows}, NATION_K)
    of_step = active.by(0).figures
    return [
        Retention(
            month,
            enrolled.get(str(month), NOBODY),
            [of_step.get(f"{month} {after}", NOBODY) for after in range(RETAINED_MONTHS - number)],
        )
        for number, month in enumerate(starts)
    ]


@dataclass(frozen=True, slots=True)
class CompetencyCount:
    """Exercises that examine a competency, passed for the first time."""

    competency: str
    passes: int


def competency_passes(today: datetime.date) -> list[CompetencyCount]:
    """Of the last `COMPETENCY_DAYS` days up to today, the most first. 1 query."""
    # Uses index: tally_unique, a range of days.
    rows = (
        Tally.objects.filter(
            metric=Tally.Metric.COMPETENCY_PASSES,
            day__gt=today - datetime.timedelta(days=COMPETENCY_DAYS),
        )
        .values_list("subject")
        .annotate(passes=Sum("value"))
        .order_by("-passes", "subject")
    )
    return [CompetencyCount(subject, passes) for subject, passes in rows if passes]


def weekly(history: Sequence[tuple[datetime.date, int]], today: datetime.date) -> list[int]:
    """How many came in each whole week up to yesterday, the last week last. No query.

    `history` is the count at the end of each day on which it moved.
    """
    moved: Counter[int] = Counter()
    before = 0
    for day, people in history:
        if day < today:
            moved[((today - day).days - 1) // 7] += people - before
        before = people
    return [moved[back] for back in reversed(range(max(moved, default=-1) + 1))]
