"""The nation's figures, from tallies alone: no query touches a row of a person.

Each query reads a bounded number of rows, whatever the number of learners. What may be shown of
the sums is decided here too (docs/decisions/0017, 0021).
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
from reports.models import PublicSnapshot
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
    protect_within,
)

Stage = Standing.Stage
ALONE = "alone"
"""In addresses and cells: the kind of who learns without an organisation."""
QUALIFIED = str(int(Stage.QUALIFIED))
"""In cells: the stage at which the qualified stand."""
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


Sums = Sequence[tuple[int, str, str, int, int]]
"""(stage, province, kind, programme, people who have reached it), of the nation."""


def national_sums() -> Sums:
    """The tallies from which all figures of the nation by place are made. 1 query.

    Some thousands of rows, whatever the number of learners: provinces × kinds × programmes.
    """
    # Uses index: stage_tally_nation.
    rows = (
        StageTally.objects.filter(organisation=0, cohort=0, period=0)
        .values_list("stage", "province", "kind", "programme")
        .annotate(Sum("value"))
        .order_by("stage", "province", "kind", "programme")
    )
    return tuple(rows)


def cube_of_stages(programmes: Sequence[ProgrammeName], sums: Sums | None = None) -> Protected:
    """All cells, by province, kind, programme and the stage at which people stand now. 2 queries,
    or 1 where `sums` have been read."""
    read = national_sums() if sums is None else sums
    return _protected(read, tuple((name.pk, name.key) for name in programmes), published_groups())


Place = tuple[str, str]
"""A province and a programme, as in cells."""


def published_groups() -> tuple[frozenset[Place], ...]:
    """What the public has been told as one figure, of who is qualified; the rest is one more.
    1 query."""
    snapshot = PublicSnapshot.objects.order_by("-day").first()
    groups = snapshot.data.get("groups", []) if snapshot is not None else []
    return tuple(frozenset((place[0], place[1]) for place in group["places"]) for group in groups)


@lru_cache(maxsize=4)
def _protected(
    rows: Sums,
    programmes: Sequence[tuple[int, str]],
    published: Sequence[frozenset[Place]],
) -> Protected:
    """A function of its rows, remembered: until somebody comes further they are the same."""
    keys = dict(programmes)
    cells: Counter[Cell] = Counter()
    for stage, province, kind, programme, people in rows:
        place = (province or UNKNOWN, kind or ALONE, keys[programme])
        # Who has reached a stage stands there now, or further.
        cells[*place, str(stage)] += people
        cells[*place, str(stage - 1)] -= people
    return release(cells, published)


def release(cells: Mapping[Cell, int], published: Sequence[frozenset[Place]]) -> Protected:
    """What of the nation may be shown, given what the public has been told. No query.

    What the public was told of who is qualified is a sum of blocks: snapshots, however many, tell
    nothing more of who is in a block (docs/decisions/0021).
    """
    reached: dict[Cell, int] = {}
    on_the_way: dict[Cell, int] = {}
    for cell, people in cells.items():
        if people and cell[NOW] != "0":
            (reached if cell[NOW] == QUALIFIED else on_the_way)[cell] = people
    if sum(reached.values()) < NATION_K:
        return protect(reached | on_the_way, NATION_K, order=GIVEN_UP)
    groups: list[list[Cell]] = [[] for _group in published]
    of_place = {place: number for number, group in enumerate(published) for place in group}
    for cell in reached:
        number = of_place.get((cell[PROVINCE], cell[PROGRAMME]))
        if number is not None:
            groups[number].append(cell)
    qualified = protect_within(reached, NATION_K, groups, order=GIVEN_UP)
    others = protect(on_the_way, NATION_K, order=GIVEN_UP)
    return Protected([*others.blocks, *qualified.blocks], hidden=others.hidden)


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
    enrolled: int
    """0 where it may not be shown."""
    active: Sequence[int]
    """As counted: to be shown as a share, where neither these nor the others are few."""


def retention(until: datetime.datetime) -> list[Retention]:
    """The triangle of the last months, the latest last, of the whole nation. 2 queries.

    Of the nation alone: months of one programme beside its other figures would tell small groups
    apart. Who enrolled before is one more cell, since the funnel tells the total.
    """
    last = month_of(until)
    starts = [month_after(last, back - RETAINED_MONTHS + 1) for back in range(RETAINED_MONTHS)]
    # Uses index: stage_tally_unique, a range for each month.
    enrolled_rows = (
        StageTally.objects.filter(
            organisation=0, cohort=0, period__in=[0, *starts], stage=Stage.ENROLLED
        )
        .values_list("period")
        .annotate(Sum("value"))
    )
    # Uses index: retention_tally_unique, by its first columns.
    active_rows = (
        RetentionTally.objects.filter(organisation=0, start__in=starts, months__lt=RETAINED_MONTHS)
        .values_list("start", "months")
        .annotate(Sum("value"))
    )
    of_month = dict(enrolled_rows)
    before = max(0, of_month.pop(0, 0) - sum(of_month.values()))
    cells: dict[Cell, int] = {(str(month),): people for month, people in of_month.items()}
    cells["before",] = before
    enrolled = protect(cells, NATION_K).by(0).figures
    active = {(month, after): people for month, after, people in active_rows}
    return [
        Retention(
            month,
            enrolled.get(str(month), NOBODY).value,
            [active.get((month, after), 0) for after in range(RETAINED_MONTHS - number)],
        )
        for number, month in enumerate(starts)
    ]


@dataclass(frozen=True, slots=True)
class CompetencyCount:
    """Exercises that examine a competency, passed for the first time: whole tens."""

    competency: str
    passes: int


def competency_passes(today: datetime.date) -> list[CompetencyCount]:
    """Of the last `COMPETENCY_DAYS` days up to today, the most first. 1 query.

    Rounded down to tens: the window moves every day, and the exercise of one person is not seen.
    """
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
    counts = [CompetencyCount(subject, passes // 10 * 10) for subject, passes in rows]
    return [count for count in counts if count.passes > 0]


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
