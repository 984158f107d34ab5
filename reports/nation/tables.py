"""The tables of the national report, as its page shows them and as files hold them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Standing
from courses.queries import qualified_history
from reports.definitions import DEFINITIONS, meaning
from reports.months import month_name
from reports.nation.organisation_rows import organisation_rows
from reports.nation.scopes import KINDS, PROVINCES, Asked, asked_for, in_words
from reports.populations import per_hundred_thousand
from reports.queries.count import by_period
from reports.queries.nation import (
    KIND,
    NOBODY,
    PROGRAMME,
    PROVINCE,
    Scope,
    Stages,
    counted_stages,
    cube_of_stages,
    median_days,
)
from reports.suppression import Figure
from reports.tables import Column, Kind, Reader, Suppressed, Table, Value, Words

Stage = Standing.Stage
LEVELS: Mapping[str, Words] = {
    "foundations": _("Foundations"),
    "practitioner": _("Practitioner"),
    "specialist": _("Specialist"),
}
SHOWN = {Stage.ENROLLED: "enrolled", Stage.ACTIVE: "active", Stage.QUALIFIED: "qualified"}
"""Stages that have a column, and its key, which is that of its definition too."""
MONTHS = 24
SMALL = _("Groups of fewer than 10 people are counted in the row of small groups alone.")
PERIODS = _("Months in which fewer than 10 became qualified are counted with their neighbours.")
Row = dict[str, Any]


def shown_figure(figure: Figure) -> int | Suppressed:
    """The people of groups that may be shown. Nobody and a few look alike: neither is shown."""
    return figure.value or Suppressed()


def added(figures: Sequence[Figure]) -> Figure:
    """The sum of figures that may be shown, which may be shown too."""
    return Figure(
        sum(figure.value for figure in figures), all(figure.is_exact for figure in figures)
    )


def share_of(part: Value, whole: Value) -> float | Suppressed | None:
    """A share of two figures, shown where both are."""
    if isinstance(part, Suppressed) or isinstance(whole, Suppressed):
        return Suppressed()
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return part / whole


def _share() -> Column:
    """Of those who enrolled, how many are qualified."""
    return Column(
        "share",
        DEFINITIONS["qualified-share"].title,
        Kind.PERCENT,
        meaning("qualified-share"),
        value=lambda row: share_of(row["qualified"], row["enrolled"]),
    )


def _figures(name: str, title: Words, link: Callable[[Row], str] | None = None) -> list[Column]:
    """A name, a column for each stage that is shown, and the share that came through."""
    return [
        Column(name, title, link=link),
        *(Column(key, DEFINITIONS[key].title, Kind.NUMBER, meaning(key)) for key in SHOWN.values()),
        _share(),
    ]


def _rows(
    counted: Stages, scope: Scope, dimension: int, values: Iterable[tuple[str, Words]]
) -> tuple[list[Row], Row]:
    """A row for each value of a dimension, small groups last, and the row of sums."""
    columns = {key: counted.by(dimension, stage) for stage, key in SHOWN.items()}
    rows: list[Row] = [
        {
            "key": value,
            "name": words,
            **{
                key: shown_figure(column.figures.get(value, NOBODY))
                for key, column in columns.items()
            },
        }
        for value, words in values
        if any(column.figures.get(value, NOBODY).value for column in columns.values())
    ]
    total = {key: shown_figure(counted.figure(stage)) for stage, key in SHOWN.items()}
    rows.sort(key=lambda row: -_number(row["qualified"]))
    rest = {key: column.small_groups for key, column in columns.items()}
    if any(rest.values()):
        rows.append({"key": "", "name": DEFINITIONS["small-groups"].title, **rest})
    return rows, {"key": "", "name": _("Together"), **total}


def _number(value: int | Suppressed) -> int:
    """What a figure is sorted by: one that is not shown stands last."""
    return -1 if isinstance(value, Suppressed) else value


def has_small(rows: Sequence[Row]) -> bool:
    """Whether the last row is that of small groups."""
    return bool(rows) and not rows[-1]["key"]


def filtered(key: str) -> Callable[[Row], str]:
    """The link of a row: the same page with what the row is about chosen."""

    def link(row: Row) -> str:
        return f"?{row['kept']}{key}={row['key']}" if row["key"] else ""

    return link


def _linked(rows: list[Row], scope: Scope, own: str) -> list[Row]:
    chosen = {"province": scope.province, "kind": scope.kind, "programme": scope.programme}
    if scope.held_to:
        chosen.pop("province")
    kept = "".join(f"{key}={value}&" for key, value in chosen.items() if value and key != own)
    return [{**row, "kept": kept} for row in rows]


def province_table(asked: Asked, counted: Stages, now: datetime.datetime) -> Table:
    """By province, with people for every 100,000 who live there."""
    rows, total = _rows(counted, asked.scope, PROVINCE, PROVINCES)
    for row in [*rows, total]:
        qualified = row["qualified"]
        is_few = isinstance(qualified, Suppressed)
        row["density"] = Suppressed() if is_few else per_hundred_thousand(qualified, row["key"])
    density = DEFINITIONS["density"]
    link = None if asked.scope.held_to else filtered("province")
    columns = [
        *_figures("name", _("Province"), link),
        Column("density", density.title, Kind.DECIMAL, density.words),
    ]
    return Table(
        "national-provinces",
        _("By province"),
        columns,
        _linked(rows, asked.scope, "province"),
        now,
        filters=asked.filters,
        foot=_linked([total], asked.scope, "province")[0],
        note=SMALL if has_small(rows) else "",
        prefix="province-",
    )


def kind_table(asked: Asked, counted: Stages, now: datetime.datetime) -> Table:
    """By the kind of organisation in which people learn."""
    rows, total = _rows(counted, asked.scope, KIND, KINDS)
    return Table(
        "national-kinds",
        _("By kind of organisation"),
        _figures("name", _("Kind of organisation"), filtered("kind")),
        _linked(rows, asked.scope, "kind"),
        now,
        filters=asked.filters,
        foot=_linked([total], asked.scope, "kind")[0],
        note=SMALL if has_small(rows) else "",
        prefix="kind-",
    )


def programme_table(asked: Asked, counted: Stages, now: datetime.datetime) -> Table:
    """By programme, each with its level."""
    values = [(name.key, in_words(name)) for name in asked.names]
    rows, total = _rows(counted, asked.scope, PROGRAMME, values)
    levels = {name.key: LEVELS.get(name.level, name.level) for name in asked.names}
    for row in [*rows, total]:
        row["level"] = levels.get(row["key"], "")
    name, *figures = _figures("name", _("Programme"), filtered("programme"))
    return Table(
        "national-programmes",
        _("By programme"),
        [name, Column("level", _("Level")), *figures],
        _linked(rows, asked.scope, "programme"),
        now,
        filters=asked.filters,
        foot=_linked([total], asked.scope, "programme")[0],
        note=SMALL if has_small(rows) else "",
        prefix="programme-",
    )


def level_table(asked: Asked, counted: Stages, now: datetime.datetime) -> Table:
    """By level: the programmes of one level together."""
    columns = {key: counted.by(PROGRAMME, stage).figures for stage, key in SHOWN.items()}
    rows: list[Row] = []
    for level in dict.fromkeys(name.level for name in asked.names):
        own = [name.key for name in asked.names if name.level == level]
        row = {
            key: shown_figure(added([column.get(programme, NOBODY) for programme in own]))
            for key, column in columns.items()
        }
        if not all(isinstance(value, Suppressed) for value in row.values()):
            rows.append({"key": "", "name": LEVELS.get(level, level or _("Not said")), **row})
    return Table(
        "national-levels",
        _("By level"),
        _figures("name", _("Level")),
        rows,
        now,
        filters=asked.filters,
        order="-qualified",
        prefix="level-",
    )


def month_table(now: datetime.datetime, history: Sequence[tuple[datetime.date, int]]) -> Table:
    """Qualified people by month, the latest first: of the nation, whatever else is chosen.

    Months of one province beside its other figures would tell small groups apart
    (docs/decisions/0017). No query: `history` has been read.
    """
    return Table(
        "national-months",
        _("By month"),
        (
            Column("month", _("Month")),
            Column(
                "people",
                DEFINITIONS["qualified-people"].title,
                Kind.NUMBER,
                meaning("qualified-people"),
            ),
        ),
        [
            {"month": _period(months), "people": people}
            for months, people in by_period(history, now, MONTHS)
        ],
        now,
        prefix="month-",
        per_page=MONTHS,
        note=PERIODS,
    )


def _period(months: tuple[int, int]) -> str:
    first, last = months
    return month_name(first) if first == last else f"{month_name(first)} – {month_name(last)}"


def funnel_rows(asked: Asked, counted: Stages, medians: Mapping[int, int]) -> list[Row]:
    """A row for each stage: how many, of those before, of the first, and the days it took."""
    rows: list[Row] = []
    before: int | Suppressed | None = None
    first: int | Suppressed | None = None
    for stage in Stage:
        people = shown_figure(counted.figure(stage))
        first = people if first is None else first
        key = Stage(stage).name.lower()
        rows.append(
            {
                "key": key,
                "name": DEFINITIONS[key].title,
                "people": people,
                "conversion": None if before is None else share_of(people, before),
                "of_first": share_of(people, first),
                "days": medians.get(stage),
            }
        )
        before = people
    return rows


def funnel_table(
    asked: Asked, counted: Stages, medians: Mapping[int, int], now: datetime.datetime
) -> Table:
    """The funnel as a table."""
    columns = (
        Column("name", _("Stage")),
        Column("people", DEFINITIONS["learners"].title, Kind.NUMBER, meaning("learners")),
        Column("conversion", DEFINITIONS["conversion"].title, Kind.PERCENT, meaning("conversion")),
        Column("of_first", _("Of all"), Kind.PERCENT, _("Of everybody who was ever counted.")),
        Column("days", DEFINITIONS["median-days"].title, Kind.DAYS, meaning("median-days")),
    )
    rows = funnel_rows(asked, counted, medians)
    return Table("national-funnel", _("Funnel"), columns, rows, now, filters=asked.filters)


def stages_of(asked: Asked) -> Stages:
    """How far people have come within what is asked for. 1 query."""
    return counted_stages(cube_of_stages(asked.names), asked.scope.where)


def provinces(user: Reader, query: QueryDict, of: str) -> Table:
    """The table by province, for the registry. 2 queries."""
    asked = asked_for(user, query)
    return province_table(asked, stages_of(asked), timezone.now())


def kinds(user: Reader, query: QueryDict, of: str) -> Table:
    """The table by kind of organisation. 2 queries."""
    asked = asked_for(user, query)
    return kind_table(asked, stages_of(asked), timezone.now())


def programmes(user: Reader, query: QueryDict, of: str) -> Table:
    """The table by programme. 2 queries."""
    asked = asked_for(user, query)
    return programme_table(asked, stages_of(asked), timezone.now())


def funnel(user: Reader, query: QueryDict, of: str) -> Table:
    """The funnel. 3 queries."""
    asked = asked_for(user, query)
    medians = median_days(asked.programme)
    return funnel_table(asked, stages_of(asked), medians, timezone.now())


def levels(user: Reader, query: QueryDict, of: str) -> Table:
    """The table by level. 2 queries."""
    asked = asked_for(user, query)
    return level_table(asked, stages_of(asked), timezone.now())


def organisations(user: Reader, query: QueryDict, of: str) -> Table:
    """The table of organisations, counted within the last minute. At most 5 queries."""
    asked = asked_for(user, query)
    counted = organisation_rows(asked.scope, asked.names)
    columns = (
        Column("name", _("Organisation")),
        Column("kind", _("Kind of organisation")),
        Column("province", _("Province")),
        *(
            Column(key, DEFINITIONS[key].title, Kind.NUMBER, meaning(key))
            for key in ("enrolled", "qualified")
        ),
        _share(),
    )
    return Table(
        "national-organisations",
        _("Organisations"),
        columns,
        counted.rows,
        counted.at,
        filters=[each for each in asked.filters if each.key != "programme"],
        note=_(
            "Verified by the centre, all programmes together. Who is trained by two organisations "
            "counts for both. A figure is shown where the others of the province and kind are "
            "enough not to be told from it."
        ),
    )


def months(user: Reader, query: QueryDict, of: str) -> Table:
    """The table by month. 3 queries."""
    asked_for(user, query)
    return month_table(timezone.now(), qualified_history())
