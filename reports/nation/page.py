"""What the page of the national report shows."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from courses.models import Standing
from courses.queries import qualified_history
from courses.types import china_day
from reports.charts import FanChart, TileMap, fan_chart
from reports.columns import Words
from reports.filters import FilterField, filter_fields
from reports.forecast import BASIS, Forecast, forecast
from reports.months import month_name
from reports.nation import tables
from reports.nation.maps import province_map
from reports.nation.scopes import KINDS, PROVINCES, Asked, in_words
from reports.queries.grading_health import GradingHealth, grading_health
from reports.queries.nation import (
    PROVINCE,
    RETAINED_MONTHS,
    CompetencyCount,
    Stages,
    competency_passes,
    counted_stages,
    cube_of_stages,
    median_days,
    retention,
    weekly,
)
from reports.suppression import NATION_K
from reports.tables import Suppressed, TablePage

Stage = Standing.Stage
COMPETENCIES_SHOWN = 12
MOST_WEEKS_AHEAD = 52 * 12
WEEKS_PAST_GOAL = 26
HEATS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """The way to the goal of the nation."""

    qualified: int
    goal: int
    goal_day: datetime.date
    remaining: int
    percent: float
    forecast: Forecast
    chart: FanChart

    @property
    def rate(self) -> str:
        """People a week, as in the last weeks."""
        return _weekly(self.forecast.per_week)

    @property
    def required(self) -> str:
        """People a week that it takes from now on."""
        return f"{math.ceil(self.forecast.required_per_week):,}"

    @property
    def missing(self) -> str:
        """How many more a week than now these are; "" when none."""
        missing = math.ceil(self.forecast.missing_per_week)
        return f"{missing:,}" if missing else ""

    @property
    def low(self) -> str:
        """The lower end of what is to be expected on the day of the goal."""
        return f"{round(self.forecast.on_goal_day.low):,}"

    @property
    def high(self) -> str:
        """The upper end of it."""
        return f"{round(self.forecast.on_goal_day.high):,}"


def _weekly(people: float) -> str:
    """People a week; a dash where it would tell of fewer than ten in all of the weeks."""
    if people * BASIS < NATION_K:
        return "—"
    return f"{people:,.1f}" if 0 < people < 10 else f"{people:,.0f}"


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One stage of the funnel with its bar, whose width is in percent of the first stage."""

    key: str
    name: Words
    people: str
    conversion: str
    days: str
    width: float
    is_few: bool


@dataclass(frozen=True, slots=True)
class RetentionCell:
    """Of those who enrolled, how many were active so many months later. `heat` is 0 to `HEATS`."""

    text: str
    heat: int


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One month of enrolment."""

    month: str
    enrolled: str
    cells: Sequence[RetentionCell]


@dataclass(frozen=True, slots=True)
class CompetencyBar:
    """A competency with its bar, whose width is in percent of the greatest."""

    name: str
    passes: int
    width: float


@dataclass(frozen=True, slots=True)
class NationPage:
    """All that templates/reports/nation/page.html reads."""

    title: Words
    province: Words
    """Of a reader who is held to one."""
    chosen: Sequence[Words]
    """What is chosen, in words."""
    line: Line
    funnel: Sequence[FunnelStep]
    map: TileMap
    tables: Sequence[TablePage]
    provinces: TablePage
    months: TablePage
    retention: Sequence[RetentionRow]
    retention_heads: Sequence[int]
    competencies: Sequence[CompetencyBar]
    grading: GradingHealth
    filters: Sequence[FilterField]
    as_of: datetime.datetime


def nation_page(asked: Asked, query: QueryDict) -> NationPage:
    """Read all figures of what is asked for: 10 queries."""
    now = timezone.now()
    scope = asked.scope
    history = qualified_history()
    cube = cube_of_stages(asked.names)
    counted = counted_stages(cube, scope.where)
    wider = {at: values for at, values in scope.where.items() if at != PROVINCE}
    everywhere = counted_stages(cube, wider) if scope.province else counted
    medians = median_days(asked.programme)
    own = (tables.kind_table, tables.programme_table, tables.level_table)
    province = Province(scope.held_to).label if scope.held_to else ""
    return NationPage(
        title=province or _("The nation"),
        province=province,
        chosen=_chosen(asked),
        line=goal_line(history, now),
        funnel=funnel(asked, counted, medians),
        map=province_map(asked, everywhere),
        tables=[build(asked, counted, now).page(query) for build in own],
        provinces=tables.province_table(asked, counted, now).page(query),
        months=tables.month_table(now, history).page(query),
        retention=retention_rows(now),
        retention_heads=range(RETAINED_MONTHS),
        competencies=competency_bars(competency_passes(china_day(now))),
        grading=grading_health(),
        filters=filter_fields(asked.filters, query),
        as_of=now,
    )


def _chosen(asked: Asked) -> list[Words]:
    scope = asked.scope
    words: list[Words] = []
    if scope.province and not scope.held_to:
        words.append(dict(PROVINCES)[scope.province])
    if scope.kind:
        words.append(dict(KINDS)[scope.kind])
    if asked.programme:
        words.append(in_words(asked.programme))
    return words


_foreseen = lru_cache(maxsize=4)(forecast)
"""Whole weeks pass once a day, and a forecast is a function of them."""


def goal_line(history: Sequence[tuple[datetime.date, int]], now: datetime.datetime) -> Line:
    """The count against the goal, and what is to be expected. No query."""
    today = china_day(now)
    goal, goal_day = settings.NATIONAL_GOAL, settings.NATIONAL_GOAL_DATE
    qualified = history[-1][1] if history else 0
    weeks_left = max(0, (goal_day - today).days) // 7
    foreseen = _foreseen(
        tuple(weekly(history, today)),
        goal,
        reached=qualified,
        today=today,
        goal_day=goal_day,
        weeks_ahead=min(MOST_WEEKS_AHEAD, weeks_left + WEEKS_PAST_GOAL),
    )
    steps = foreseen.ahead[::4] if history else []
    return Line(
        qualified,
        goal,
        goal_day,
        max(0, goal - qualified),
        100 * qualified / goal,
        foreseen,
        fan_chart(history, steps, today=today, goal=goal, goal_day=goal_day),
    )


def funnel(asked: Asked, counted: Stages, medians: dict[int, int]) -> list[FunnelStep]:
    """The stages with their bars. No query."""
    rows = tables.funnel_rows(asked, counted, medians)
    page = tables.funnel_table(asked, counted, medians, timezone.now()).page(QueryDict())
    steps = []
    for row, cells in zip(rows, page.rows, strict=True):
        is_few = isinstance(row["people"], Suppressed)
        width = row["of_first"] if isinstance(row["of_first"], float) else 0.0
        steps.append(
            FunnelStep(
                row["key"],
                row["name"],
                cells[1].text,
                cells[2].text,
                cells[4].text,
                round(100 * width, 1),
                is_few,
            )
        )
    return steps


def retention_rows(now: datetime.datetime) -> list[RetentionRow]:
    """The triangle of the nation as text and heat. 2 queries."""
    rows = []
    for row in retention(now):
        cells = []
        for active in row.active:
            share = _share(active, row.enrolled)
            cells.append(
                RetentionCell("—", 0)
                if share is None
                else RetentionCell(f"{100 * share:.0f}", min(HEATS, 1 + int(HEATS * share)))
            )
        enrolled = f"{row.enrolled:,}" if row.enrolled else "—"
        rows.append(RetentionRow(month_name(row.month), enrolled, cells))
    return rows


def _share(active: int, enrolled: int) -> float | None:
    """None where it would tell how few people were active, or were not."""
    if not enrolled or active < NATION_K or 0 < enrolled - active < NATION_K:
        return None
    return active / enrolled


def competency_bars(counts: Sequence[CompetencyCount]) -> list[CompetencyBar]:
    """The competencies that are examined the most. No query."""
    shown = counts[:COMPETENCIES_SHOWN]
    most = max((count.passes for count in shown), default=1)
    return [
        CompetencyBar(count.competency, count.passes, round(100 * count.passes / most, 1))
        for count in shown
    ]
