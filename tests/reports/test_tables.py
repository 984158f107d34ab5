"""Report tables: what a query string can ask for, and what a page shows of it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db.models import Count
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from courses.types import CHINA
from reports.tables import Column, Filter, Kind, Suppressed, Table, choose, shown
from tests.people import make_organisation

AS_OF = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)
COLUMNS = (
    Column("name", "Name", link=lambda row: row.get("url", "")),
    Column("people", "People", Kind.NUMBER, definition="Everybody who is there."),
    Column("share", "Share", Kind.PERCENT),
)
FILTERS = (Filter("kind", "Kind", [("firm", "Firms"), ("university", "Universities")]),)
ROWS: list[dict[str, Any]] = [
    {"name": "B", "people": 3, "share": 0.25, "url": "/b/"},
    {"name": "A", "people": 1, "share": None},
    {"name": "C", "people": Suppressed("too few"), "share": 0.5},
    {"name": "D", "people": 12345, "share": 0.75},
]


def make_table(rows: Any = ROWS, **fields: Any) -> Table:
    return Table("places", "Places", fields.pop("columns", COLUMNS), rows, AS_OF, **fields)


def names(table: Table, asked: str) -> list[str]:
    return [row[0].text for row in table.page(QueryDict(asked)).rows]


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", "BACD"),
        ("sort=name", "ABCD"),
        ("sort=-name", "DCBA"),
        ("sort=people", "ABDC"),
        ("sort=-people", "DBAC"),
        ("sort=-share", "DCBA"),
        ("sort=nothing", "BACD"),
        ("sort=--people", "BACD"),
        ("sort=%00", "BACD"),
    ],
)
def test_rows_are_sorted_and_what_is_not_shown_comes_last(asked: str, order: str) -> None:
    assert "".join(names(make_table(), asked)) == order


def test_a_table_has_an_order_of_its_own() -> None:
    assert "".join(names(make_table(order="-people"), "sort=nothing")) == "DBAC"


@pytest.mark.parametrize(
    ("asked", "shown_names"),
    [
        ("", "BA"),
        ("page=2", "CD"),
        ("page=99999999999999999999", "CD"),
        ("page=-1", "CD"),
        ("page=x", "BA"),
        ("page=%C2%B2", "BA"),
    ],
)
def test_a_page_that_is_not_there_is_one_that_is(asked: str, shown_names: str) -> None:
    assert "".join(names(make_table(per_page=2), asked)) == shown_names


def test_links_keep_the_filters_and_other_tables() -> None:
    table = make_table(filters=FILTERS, of="lakeside", per_page=2)
    page = table.page(QueryDict("kind=firm&other=1&sort=-people&page=1"))
    assert [head.url for head in page.heads] == [
        "?kind=firm&other=1&sort=name#places",
        "?kind=firm&other=1&sort=people#places",
        "?kind=firm&other=1&sort=-share#places",
    ]
    assert [head.sorted for head in page.heads] == ["", "descending", ""]
    assert (page.previous_url, page.next_url) == (
        "",
        "?kind=firm&other=1&sort=-people&page=2#places",
    )
    assert [export.url for export in page.exports] == [
        f"/reports/export/places/{form}/?of=lakeside&kind=firm&sort=-people"
        for form in ("csv", "xlsx", "parquet")
    ]
    assert page.kept == [("other", "1")]


def test_two_tables_share_an_address() -> None:
    table = make_table(prefix="second-", per_page=2)
    assert "".join(names(table, "sort=name&second-sort=-name&page=2")) == "DC"


@given(st.dictionaries(st.sampled_from(["sort", "page", "kind", "q"]), st.text(max_size=8)))
def test_no_query_string_breaks_a_table(asked: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(asked)
    filters = (*FILTERS, Filter("q", "Search"))
    page = make_table(filters=filters).page(query)
    assert sorted(row[0].text for row in page.rows) == ["A", "B", "C", "D"]
    chosen = choose(filters, query)
    assert chosen["kind"] in {"", "firm", "university"}
    assert "\0" not in chosen["q"]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.NUMBER, 1234567, "1,234,567"),
        (Kind.NUMBER, 0, "0"),
        (Kind.DECIMAL, 7.25, "7.2"),
        (Kind.PERCENT, 0.12345, "12.3 %"),
        (Kind.DAYS, 1, "1 day"),
        (Kind.DAYS, 12.5, "12.5 days"),
        (Kind.DATE, datetime.date(2026, 11, 24), "2026-11-24"),
        (Kind.TEXT, "", "—"),
        (Kind.NUMBER, None, "—"),
    ],
)
def test_values_as_people_read_them(kind: Kind, value: Any, text: str) -> None:
    assert shown(kind, value) == text


def test_a_moment_is_the_day_in_china() -> None:
    late = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)
    assert Column("day", "Day", Kind.DATE).of({"day": late}) == datetime.date(2026, 11, 24)


def test_the_page_says_what_is_suppressed_and_never_a_value() -> None:
    html = render_to_string("reports/_table.html", {"table": make_table().page(QueryDict())})
    assert '<span class="suppressed" title="too few">—' in html
    assert '<a href="/b/">B</a>' in html
    assert "as of 2026-11-24 09:30" in html
    assert "Everybody who is there." in html


@pytest.mark.parametrize("asked", ["", "kind=firm"])
def test_an_empty_table_says_so(asked: str) -> None:
    page = make_table([], filters=FILTERS).page(QueryDict(asked))
    html = render_to_string("reports/_table.html", {"table": page})
    assert ("Nothing fits all of that" in html) is bool(asked)
    assert ("There is nothing to count yet" in html) is not bool(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_a_query_is_sorted_by_the_database_in_two_queries(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        make_organisation(f"place-{place}")
    rows = Organisation.objects.annotate(people=Count("memberships"))
    columns = (
        Column("key", "Key", order="key"),
        Column("people", "People", Kind.NUMBER, order="people"),
        Column("kind", "Kind"),
    )
    loaded: list[int] = []

    def load(slice_: list[Any]) -> list[Any]:
        loaded.append(len(slice_))
        return slice_

    table = make_table(rows, columns=columns, load=load)
    expected = sorted((f"place-{place}" for place in range(number)), reverse=True)
    with django_assert_num_queries(2):
        assert names(table, "sort=-key") == expected
    assert [head.url for head in table.page(QueryDict()).heads][2] == ""
    assert [row[0] for chunk in table.chunks(QueryDict("sort=-key")) for row in chunk] == expected
    assert loaded == [number] * 3
