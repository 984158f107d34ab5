"""A report table as data: one object that a page shows, and that exports write.

How to add a report (CONTRIBUTING.md has the whole recipe). Write a *builder* and name it in
reports/registry.py; its view shows what the builder builds:

    COLUMNS = (
        Column("province", _("Province"), link=lambda row: row["url"]),
        Column("people", _("People"), Kind.NUMBER, definition=definitions.PEOPLE),
        Column("share", _("Of the goal"), Kind.PERCENT),
    )
    FILTERS = (Filter("kind", _("Kind of organisation"), Organisation.Kind.choices),)

    def provinces(user: Reader, query: QueryDict, of: str) -> Table:
        may_see(user, of)                      # access first: raises Http404
        chosen = choose(FILTERS, query)        # {"kind": "university"}; "" for all
        return Table(
            "provinces", _("By province"), COLUMNS, rows_of(chosen["kind"]), as_of=now(),
            filters=FILTERS, of=of, order="-people",
        )

    # in the view
    table = provinces(request.user, request.GET, of)
    return render(request, "…", {"table": table.page(request.GET)})

    {# in the template #}
    {% include "reports/_table.html" %}

The same builder is called for an export, in the request or by a worker later on: it decides anew
who may see. Whatever a query string asks for that is not there is ignored; nothing of it fails.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.columns import DASH, Column, Kind, Mark, Suppressed, Value, Words, shown
from reports.filters import Filter, FilterField, choose, filter_fields

__all__ = [
    "CHUNK",
    "DASH",
    "FORMATS",
    "Column",
    "Filter",
    "Kind",
    "Mark",
    "Reader",
    "Suppressed",
    "Table",
    "TablePage",
    "Value",
    "Words",
    "choose",
    "filter_fields",
    "shown",
]

Reader = User | AnonymousUser
FORMATS = ("csv", "xlsx", "parquet")
ROWS_ON_A_PAGE = 50
CHUNK = 1000
"""Rows that an export reads and writes at a time."""
NOTHING = _("There is nothing to count yet")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a page shows it."""

    text: str
    is_numeric: bool
    link: str = ""
    reason: Words = ""
    """Why there is a dash."""
    mark: Mark | None = None
    choice: str = ""
    """The value of a box to tick; "" for none."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column; `url` sorts by it, "" where it cannot be sorted."""

    key: str
    title: Words
    definition: Words
    is_numeric: bool
    url: str
    sorted: str
    """The value of aria-sort: ascending, descending or ""."""


@dataclass(frozen=True, slots=True)
class Group:
    """A head above the heads of `span` columns; "" above those of no group."""

    title: str
    span: int


@dataclass(frozen=True, slots=True)
class Export:
    """A link that writes the whole table, as it is filtered and sorted, to a file."""

    format: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class TablePage:
    """One page of a table: all that templates/reports/_table.html reads."""

    key: str
    title: Words
    groups: Sequence[Group]
    """Above the heads; empty where no column has a group."""
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell]
    as_of: datetime.datetime
    total: int
    number: int
    pages: int
    previous_url: str
    next_url: str
    exports: Sequence[Export]
    filters: Sequence[FilterField]
    kept: Sequence[tuple[str, str]]
    """What else is in the address: hidden fields of the form of filters."""
    empty: Words
    note: Words

    @property
    def is_filtered(self) -> bool:
        return any(field.chosen for field in self.filters)


_Shared = dict[tuple[Value, Mark | None], Cell]
"""Cells of columns of one kind, by what they show."""


@dataclass(frozen=True, slots=True)
class Table:
    """A report table. Reads nothing until `page` or `chunks` is called.

    A table with suppressed figures has a list of rows, whose order by a suppressed figure is the
    one that they came in; a database would sort them by what must not be seen.
    """

    key: str
    """Its name in reports/registry.py; also the id on the page and the name of exported files."""
    title: Words
    columns: Sequence[Column]
    rows: QuerySet[Any, Any] | Sequence[Any]
    as_of: datetime.datetime
    """The moment at which the figures were true."""
    filters: Sequence[Filter] = ()
    of: str = ""
    """What it is about, as the builder takes it: an organisation's key, a cohort's uuid."""
    order: str = ""
    """The sort key where none is asked for: "-people"; "" leaves rows as they come."""
    tie: str = "pk"
    """Of a QuerySet: the field that orders what is equal, so that pages neither lose nor repeat."""
    load: Callable[[list[Any]], Sequence[Any]] | None = None
    """Turns a slice of rows into what the columns read (as many, in order): called once for a page
    and once for each `CHUNK` rows of an export, so that it may ask for what belongs to them."""
    foot: Any = None
    """A row of sums under the others, on the page only."""
    prefix: str = ""
    """Before `sort` and `page` in the address, where two tables stand on one page."""
    per_page: int = ROWS_ON_A_PAGE
    empty: Words = NOTHING
    note: Words = ""
    """A sentence under the table."""
    exports: bool = True

    def page(self, query: QueryDict) -> TablePage:
        """The page that the query string asks for: 2 queries for a QuerySet, none for a list."""
        page: Page[Any] = Paginator(self._sorted(query), self.per_page).get_page(
            query.get(self._page_key)
        )
        rows = self._loaded(list(page.object_list))
        own = {self._sort_key, self._page_key, *(each.key for each in self.filters)}
        return TablePage(
            key=self.key,
            title=self.title,
            groups=self._groups(),
            heads=[self._head(column, query) for column in self._on_page],
            rows=self._cells(rows),
            foot=self._cells([self.foot])[0] if self.foot is not None else (),
            as_of=self.as_of,
            total=page.paginator.count,
            number=page.number,
            pages=page.paginator.num_pages,
            previous_url=self._page_url(query, page.number - 1) if page.has_previous() else "",
            next_url=self._page_url(query, page.number + 1) if page.has_next() else "",
            exports=self._exports(query) if self.exports else [],
            filters=filter_fields(self.filters, query),
            kept=[(key, str(value)) for key, value in query.items() if key not in own],
            empty=self.empty,
            note=self.note,
        )

    def chunks(self, query: QueryDict) -> Iterator[list[list[Value]]]:
        """The values of all rows as filtered and sorted, about `CHUNK` rows at a time.

        A QuerySet is read by a server-side cursor on PostgreSQL: memory does not grow with it.
        """
        with closing(_streamed(self._sorted(query))) as each:
            while slice_ := list(islice(each, CHUNK)):
                yield [[column.of(row) for column in self.columns] for row in self._loaded(slice_)]

    def slice(self, query: QueryDict, start: int, stop: int) -> list[tuple[str, list[Value]]]:
        """The rows from `start` up to `stop`, as sorted: the `key` of each, by which programs know
        it ("" where it has none), and its values. 1 query for a QuerySet."""
        rows = self._loaded(list(self._sorted(query)[start:stop]))
        return [(_key_of(row), [column.of(row) for column in self.columns]) for row in rows]

    def count(self) -> int:
        """How many rows there are. 1 query for a QuerySet."""
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    @property
    def _sort_key(self) -> str:
        return f"{self.prefix}sort"

    @property
    def _page_key(self) -> str:
        return f"{self.prefix}page"

    @property
    def sort_keys(self) -> list[str]:
        """What the address may sort by; with a - before it from the greatest on."""
        return [column.key for column in self.columns if self._sortable(column)]

    def _sortable(self, column: Column) -> bool:
        return bool(column.order) or not isinstance(self.rows, QuerySet)

    def _order(self, query: QueryDict) -> tuple[Column | None, bool]:
        """The column to sort by and whether the greatest comes first."""
        for asked in (query.get(self._sort_key, ""), self.order):
            for column in self.columns:
                if column.key == asked.removeprefix("-") and self._sortable(column):
                    return column, asked.startswith("-")
        return None, False

    def _sorted(self, query: QueryDict) -> QuerySet[Any, Any] | Sequence[Any]:
        column, is_falling = self._order(query)
        if column is None:
            if isinstance(self.rows, QuerySet) and not self.rows.ordered:
                return self.rows.order_by(self.tie)
            return self.rows
        if isinstance(self.rows, QuerySet):
            by = F(column.order)
            order = by.desc(nulls_last=True) if is_falling else by.asc(nulls_last=True)
            return self.rows.order_by(order, self.tie)
        rank = column.rank or column.of
        keyed = [(rank(row), row) for row in self.rows]
        known = [pair for pair in keyed if not _is_missing(pair[0])]
        missing = [row for value, row in keyed if _is_missing(value)]
        known.sort(key=itemgetter(0), reverse=is_falling)
        return [row for _value, row in known] + missing

    def _loaded(self, rows: list[Any]) -> Sequence[Any]:
        return self.load(rows) if self.load is not None and rows else rows

    def _cells(self, rows: Sequence[Any]) -> list[tuple[Cell, ...]]:
        shared: dict[Kind, _Shared] = {kind: {} for kind in Kind}
        columns = [_cells(column, rows, shared[column.kind]) for column in self._on_page]
        return list(zip(*columns, strict=True))

    @property
    def _on_page(self) -> list[Column]:
        return [column for column in self.columns if column.on_page]

    def _groups(self) -> list[Group]:
        titles = [str(column.group) for column in self._on_page]
        groups = [Group(title, len(list(same))) for title, same in groupby(titles)]
        return groups if any(titles) else []

    def _head(self, column: Column, query: QueryDict) -> Head:
        sorted_by, is_falling = self._order(query)
        url, direction = "", ""
        if self._sortable(column):
            # Whoever sorts by a figure looks for the greatest first; names are read from A.
            falls = column.kind.is_numeric
            if column is sorted_by:
                falls = not is_falling
                direction = "descending" if is_falling else "ascending"
            url = self._url(query, {self._sort_key: f"{'-' * falls}{column.key}"})
        return Head(
            column.key,
            column.title,
            column.definition,
            column.kind.is_numeric,
            url,
            direction,
        )

    def _url(self, query: QueryDict, changed: Mapping[str, str]) -> str:
        """The address of this page with other values, leading back to this table."""
        asked = query.copy()
        asked.pop(self._page_key, None)
        for key, value in changed.items():
            asked[key] = value
        return f"?{asked.urlencode()}#{self.key}"

    def _page_url(self, query: QueryDict, number: int) -> str:
        return self._url(query, {self._page_key: str(number)})

    def _exports(self, query: QueryDict) -> list[Export]:
        asked = QueryDict(mutable=True)
        if self.of:
            asked["of"] = self.of
        chosen = choose(self.filters, query)
        asked.update({key: value for key, value in chosen.items() if value})
        column, is_falling = self._order(query)
        if column is not None:
            asked[self._sort_key] = f"{'-' * is_falling}{column.key}"
        names = {"csv": "CSV", "xlsx": "xlsx", "parquet": "Parquet"}
        return [
            Export(name, names[name], f"{reverse('reports:export', args=[self.key, name])}?{tail}")
            for name in FORMATS
            for tail in (asked.urlencode(),)
        ]


def _streamed(rows: QuerySet[Any, Any] | Sequence[Any]) -> Generator[Any, None, None]:
    """Who closes it ends its cursor too, and leaves that to no collector of garbage."""
    yield from rows.iterator(CHUNK) if isinstance(rows, QuerySet) else rows


def _key_of(row: Any) -> str:
    key = row.get("key", "") if isinstance(row, Mapping) else getattr(row, "key", "")
    return str(key)


def _is_missing(value: Value) -> bool:
    return value is None or isinstance(value, Suppressed)


def _cells(column: Column, rows: Sequence[Any], shared: _Shared) -> list[Cell]:
    """The cells of one column. Those that show the same are one, as most of a gradebook are."""
    is_own = column.link is not None or column.choice is not None
    cells: list[Cell] = []
    for row in rows:
        value = column.of(row)
        mark = column.mark(row) if column.mark is not None else None
        cell = None if is_own else shared.get((value, mark))
        if cell is None:
            cell = shared[value, mark] = _cell(column, row, value, mark)
        cells.append(cell)
    return cells


def _cell(column: Column, row: Any, value: Value, mark: Mark | None) -> Cell:
    numeric = column.kind.is_numeric
    if isinstance(value, Suppressed):
        return Cell(DASH, numeric, reason=value.reason)
    return Cell(
        shown(column.kind, value),
        numeric,
        link=column.link(row) if column.link is not None else "",
        mark=mark,
        choice=column.choice(row) if column.choice is not None else "",
    )
