"""Files of reports: what is read back is what the table holds."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from courses.types import CHINA
from reports import writers
from reports.tables import CHUNK, Column, Filter, Kind, Suppressed, Table, Value
from reports.writers import BOM, harmless, plain, write

AS_OF = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)
COLUMNS = (
    Column("name", "Name"),
    Column("people", "People", Kind.NUMBER, definition="Everybody who is there."),
    Column("points", "Points", Kind.DECIMAL),
    Column("share", "Share", Kind.PERCENT),
    Column("day", "Day", Kind.DATE),
    Column("wait", "Wait", Kind.DAYS),
)
EXCEL_ZERO = datetime.date(1899, 12, 30)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FEW = Suppressed("too few")


def make_table(rows: list[tuple[Value, ...]], **fields: Any) -> Table:
    keys = [column.key for column in COLUMNS]
    named = [dict(zip(keys, row, strict=True)) for row in rows]
    return Table("places", "Places", COLUMNS, named, AS_OF, **fields)


def written(table: Table, form: str, asked: str = "") -> bytes:
    file = io.BytesIO()
    said: list[int] = []
    total = write(table, QueryDict(asked), form, file, said.append)
    assert total == table.count()
    assert said == [*range(CHUNK, total, CHUNK), total][: len(said)]
    return file.getvalue()


def typed(kind: Kind, text: str) -> Value:
    """A value of CSV, as its column's kind has it."""
    if text == "—":
        return FEW
    if kind is Kind.TEXT:
        return plain(text)
    if text == "":
        return None
    if kind is Kind.DATE:
        return datetime.date.fromisoformat(text)
    return int(text) if kind is Kind.NUMBER else float(text)


def read_csv(content: bytes) -> list[list[Value]]:
    text = content.decode("utf-8")
    assert text.startswith(BOM)
    head, *rows = csv.reader(io.StringIO(text[1:], newline=""))
    assert head == [column.title for column in COLUMNS]
    kinds = [column.kind for column in COLUMNS]
    return [[typed(kind, cell) for kind, cell in zip(kinds, row, strict=True)] for row in rows]


def read_parquet(content: bytes) -> list[list[Value]]:
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    return [
        [FEW if column.key in row["suppressed"] else row[column.key] for column in COLUMNS]
        for row in rows
    ]


def sheet_cells(content: bytes, number: int) -> list[dict[str, str]]:
    """The cells of a sheet by their letters, as text; no cell may be a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    assert list(tree.iter(f"{SHEET}f")) == []
    rows = []
    for row in tree.iter(f"{SHEET}row"):
        cells = {}
        for cell in row:
            text = "".join(part.text or "" for part in cell.iter() if part is not cell)
            sign = re.compile(r"_x([0-9A-F]{4})_")
            text = sign.sub(lambda found: chr(int(found.group(1), 16)), text)
            cells[re.sub(r"\d", "", cell.attrib["r"])] = text
        rows.append(cells)
    return rows


def read_xlsx(content: bytes) -> list[list[Value]]:
    head, *rows = sheet_cells(content, 1)
    assert list(head.values()) == [column.title for column in COLUMNS]

    def of(column: Column, text: str) -> Value:
        if column.kind is Kind.TEXT and text != "—":
            return text
        if column.kind is Kind.DATE and text not in {"", "—"}:
            return EXCEL_ZERO + datetime.timedelta(days=int(text))
        return typed(column.kind, text)

    return [
        [of(column, row.get("ABCDEF"[at], "")) for at, column in enumerate(COLUMNS)] for row in rows
    ]


READERS: dict[str, Callable[[bytes], list[list[Value]]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
}
# A dash alone is what says suppressed; XML has no control signs, and PostgreSQL no zero.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
).filter(lambda text: text != "—")
DAYS = st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 1, 1))
NUMBERS = st.floats(0, 1e9).map(lambda number: float(f"{number:.9g}"))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.none(), st.just(FEW))


ROW = st.tuples(
    TEXTS,
    maybe(st.integers(-(10**14), 10**14)),  # a spreadsheet keeps fifteen digits
    maybe(NUMBERS),
    maybe(NUMBERS),
    maybe(DAYS),
    maybe(NUMBERS),
)


@pytest.mark.parametrize("form", READERS)
@given(rows=st.lists(ROW, max_size=6))
@example(rows=[("=1+1", 1, 0.1, 0.1, None, FEW), ("'=x", None, None, None, None, None)])
@example(rows=[(" =1", -5, 1.5, 0.3, None, 2.0), ("'", 0, 0.0, 0.0, None, 0.0)])
def test_what_is_read_back_is_what_the_table_holds(form: str, rows: list[Any]) -> None:
    assert READERS[form](written(make_table(rows), form)) == [list(row) for row in rows]


@pytest.mark.parametrize("form", READERS)
def test_many_rows_come_in_order_and_all_of_them(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "ROWS_OF_A_GROUP", CHUNK)
    number = 2 * CHUNK + 1
    rows: list[tuple[Value, ...]] = [(f"{at:05}", at, 0.0, 0.0, None, 0.0) for at in range(number)]
    content = written(make_table(rows), form, "sort=-people")
    assert [row[1] for row in READERS[form](content)] == list(reversed(range(number)))
    if form == "parquet":
        assert pq.ParquetFile(io.BytesIO(content)).num_row_groups == 3


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "ROWS_OF_A_SHEET", 2)
    rows: list[tuple[Value, ...]] = [(str(at), at, 0.0, 0.0, None, 0.0) for at in range(5)]
    content = written(make_table(rows), "xlsx")
    sheets = [[row["A"] for row in sheet_cells(content, number)] for number in (1, 2, 3)]
    assert sheets == [["Name", "0", "1"], ["Name", "2", "3"], ["Name", "4"]]


def test_the_columns_are_explained() -> None:
    filters = (Filter("kind", "Kind", [("firm", "Firms")]),)
    table = make_table([], filters=filters, note="Counted once.")
    content = written(table, "xlsx", "kind=firm")
    explained = {row["A"]: row.get("B", "") for row in sheet_cells(content, 2)}
    assert explained["People"] == "Everybody who is there."
    assert explained["Kind"] == "Firms"
    assert explained["As of"] == "2026-11-24 09:30"
    schema = pq.read_schema(io.BytesIO(written(table, "parquet", "kind=firm")))
    assert schema.metadata[b"as_of"] == b"2026-11-24T09:30:00+08:00"
    assert schema.field("people").metadata[b"definition"] == b"Everybody who is there."
    assert ["Note", "Counted once."] in json.loads(schema.metadata[b"explanations"])


FORMULAS = st.builds(
    "{}{}{}".format, st.text("' \t\n", max_size=3), st.sampled_from("=+-@＝＋－＠\t\r"), TEXTS
)


@given(st.one_of(FORMULAS, TEXTS))
def test_no_text_is_a_formula_and_every_text_comes_back(text: str) -> None:
    safe = harmless(text)
    assert plain(safe) == text
    assert not safe.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert not safe.startswith(("\t", "\r", "\n"))
