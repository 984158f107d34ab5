"""What the API answers, as plain values: a page of a report table, and the headline."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from reports.api.problems import bad_request
from reports.queries.count import national_count
from reports.tables import Suppressed, Table, Value, choose

ROWS_ON_A_PAGE = 1000


def headline() -> dict[str, Any]:
    """The national count against the goal. 3 queries."""
    count = national_count()
    return {
        "as_of": count.counted_at.isoformat(),
        "qualified": count.qualified,
        "goal": count.goal,
        "remaining": count.remaining,
        "last_thirty_days": count.last_thirty_days,
        "history": [
            {"day": point.day.isoformat(), "qualified": point.people} for point in count.history
        ],
    }


def table_page(table: Table, query: QueryDict) -> dict[str, Any]:
    """A page of a table as the query string asks for it. Raises `Problem` (400) where it asks for
    what is not there: a program is told, where a person would be shown the whole."""
    table = replace(table, prefix="")  # it is alone here
    number = _checked(table, query)
    total = table.count()
    start = (number - 1) * ROWS_ON_A_PAGE
    rows = table.slice(query, start, start + ROWS_ON_A_PAGE)
    return {
        "report": table.key,
        "title": str(table.title),
        "of": table.of,
        "as_of": table.as_of.isoformat(),
        "language": get_language(),
        "filters": choose(table.filters, query),
        "columns": [
            {
                "key": column.key,
                "title": str(column.title),
                "kind": column.kind.value,
                "definition": str(column.definition),
            }
            for column in table.columns
        ],
        "rows": [_row(table, key, values) for key, values in rows],
        "total": total,
        "page": number,
        "pages": max(1, -(-total // ROWS_ON_A_PAGE)),
    }


def _checked(table: Table, query: QueryDict) -> int:
    """The page that is asked for. Raises `Problem` where anything else is not as it may be."""
    known = {"sort", "page", *(each.key for each in table.filters)}
    for key in query:
        if key not in known:
            raise bad_request(f"There is no parameter {key!r}; there are: {sorted(known)}.")
    chosen = choose(table.filters, query)
    for each in table.filters:
        if each.choices is not None and query.get(each.key, "") != chosen[each.key]:
            values = [value for value, _words in each.choices]
            raise bad_request(f"{each.key!r} is one of {values}.")
    if query.get("sort", "").removeprefix("-") not in {"", *table.sort_keys}:
        raise bad_request(f"'sort' is one of {table.sort_keys}, with or without a - before it.")
    page = query.get("page", "1")
    if not (page.isascii() and page.isdigit() and int(page[:9]) > 0 and len(page) < 9):
        raise bad_request("'page' is a number from 1 on.")
    return int(page)


def _row(table: Table, key: str, values: list[Value]) -> dict[str, Any]:
    row: dict[str, Any] = {"key": key, "suppressed": []}
    for column, value in zip(table.columns, values, strict=True):
        if isinstance(value, Suppressed):
            row["suppressed"].append(column.key)
            row[column.key] = None
        else:
            row[column.key] = value.isoformat() if isinstance(value, datetime.date) else value
    return row
