"""A report table as a file: CSV, xlsx or Parquet, written a thousand rows at a time.

What is read back from a file is what the table holds. A figure that is not there is an empty cell
(null in Parquet). One that is suppressed is a dash in CSV and xlsx; in Parquet it is null, and the
column `suppressed` names its column. Titles are in the reader's language; the columns of Parquet
are named by their keys. xlsx explains the columns on its second sheet, Parquet in its metadata.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.http import QueryDict
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from courses.types import CHINA
from reports.tables import DASH, Column, Kind, Suppressed, Table, Value, choose

Said = Callable[[int], None]
"""Told how many rows are written, after each chunk."""

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it, Excel takes UTF-8 for the code page of the machine."""
FORMULA_SIGNS = tuple("=+-@＝＋－＠")
"""What begins a formula in a spreadsheet; the wide ones do in East Asian settings."""
SUPPRESSED = "suppressed"
ROWS_OF_A_GROUP = 20_000
"""Of a row group of Parquet: some megabytes in memory, and few groups to read."""
ROWS_OF_A_SHEET = 1_048_575
"""Excel's 1,048,576 less the heads; what is more goes on a further sheet."""
LONGEST_TEXT = 32_767
"""Letters that a cell of Excel holds."""


def write(table: Table, query: QueryDict, form: str, file: IO[bytes], said: Said) -> int:
    """Write all rows as `query` sorts them, in a format of `reports.tables.FORMATS`.

    Answers the number of rows. The file is left open, at its end.
    """
    writers = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}
    return writers[form](table, query, file, said)


def explanations(table: Table, query: QueryDict) -> list[tuple[str, str]]:
    """What belongs to a file beside its rows: (what, words), in the reader's language."""
    chosen = choose(table.filters, query)
    moment = table.as_of.astimezone(CHINA)
    rows = [(_("Report"), str(table.title)), (_("As of"), f"{moment:%Y-%m-%d %H:%M}")]
    for each in table.filters:
        value = chosen[each.key]
        words = str(dict(each.choices or ()).get(value, value)) if value else str(each.everything)
        rows.append((str(each.title), words))
    if table.note:
        rows.append((_("Note"), str(table.note)))
    return rows


def counted(chunks: Iterator[list[list[Value]]], said: Said) -> Iterator[list[list[Value]]]:
    """The same chunks; after each, `said` is told how many rows there were so far."""
    done = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        said(done)


def _write_csv(table: Table, query: QueryDict, file: IO[bytes], said: Said) -> int:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    try:
        text.write(BOM)
        writer = csv.writer(text)
        writer.writerow([harmless(str(column.title)) for column in table.columns])
        total = 0
        for chunk in counted(table.chunks(query), said):
            writer.writerows([[_csv_value(value) for value in row] for row in chunk])
            total += len(chunk)
    finally:
        text.detach()
    return total


def _csv_value(value: Value) -> str | float | None:
    if isinstance(value, Suppressed):
        return DASH
    if isinstance(value, datetime.date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where needed.

    `plain` gives the text back, so nothing is lost.
    """
    return f"'{text}" if _begins_formula(text) else text


def plain(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _begins_formula(text[1:]) else text


def _begins_formula(text: str) -> bool:
    """Apostrophes count as nothing, so that a text which had one itself is told from ours."""
    bare = text.lstrip("'")
    return bare.lstrip().startswith(FORMULA_SIGNS) or bare.startswith(("\t", "\r", "\n"))


@dataclass(frozen=True, slots=True)
class _Styles:
    head: Format
    words: Format
    of: dict[Kind, Format]


def _write_xlsx(table: Table, query: QueryDict, file: IO[bytes], said: Said) -> int:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"title": str(table.title), "created": table.as_of.astimezone(CHINA)})
        styles = _styles(book)
        total = _write_rows(book, table, query, styles, said)
        _explain(book, table, query, styles)
    return total


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    formats = {
        Kind.NUMBER: "#,##0",
        Kind.DECIMAL: "#,##0.0",
        Kind.PERCENT: "0.0%",
        Kind.DAYS: "0.0",
        Kind.DATE: "yyyy-mm-dd",
    }
    return _Styles(
        book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        {kind: book.add_format({"num_format": code}) for kind, code in formats.items()},
    )


def _write_rows(
    book: xlsxwriter.Workbook, table: Table, query: QueryDict, styles: _Styles, said: Said
) -> int:
    sheet = _new_sheet(book, table.columns, styles, _("Figures"))
    kinds = [styles.of.get(column.kind) for column in table.columns]
    total = 0
    for chunk in counted(table.chunks(query), said):
        for row in chunk:
            sheets, at = divmod(total, ROWS_OF_A_SHEET)
            if sheets and not at:
                sheet = _new_sheet(book, table.columns, styles, f"{_('Figures')} {sheets + 1}")
            for number, value in enumerate(row):
                _write_cell(sheet, at + 1, number, value, kinds[number])
            total += 1
    return total


def _new_sheet(
    book: xlsxwriter.Workbook, columns: Sequence[Column], styles: _Styles, name: str
) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, 28 if column.kind is Kind.TEXT else 14)
        sheet.write_string(0, number, str(column.title), styles.head)
    return sheet


def _write_cell(sheet: Worksheet, row: int, at: int, value: Value, style: Format | None) -> None:
    """Texts are written as texts, whatever they begin with: a cell is never a formula."""
    if isinstance(value, Suppressed):
        sheet.write_string(row, at, DASH)
    elif isinstance(value, str):
        sheet.write_string(row, at, value[:LONGEST_TEXT])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, at, value, style)
    elif value is not None:
        sheet.write_number(row, at, value, style)


def _explain(book: xlsxwriter.Workbook, table: Table, query: QueryDict, styles: _Styles) -> None:
    sheet = book.add_worksheet(_("Definitions"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    rows = explanations(table, query)
    rows.append((DASH, str(Suppressed().reason)))
    rows += [(str(column.title), str(column.definition)) for column in table.columns]
    for number, (what, words) in enumerate(rows):
        sheet.write_string(number, 0, what, styles.head)
        sheet.write_string(number, 1, words, styles.words)


ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.int64(),
    Kind.DECIMAL: pa.float64(),
    Kind.PERCENT: pa.float64(),
    Kind.DAYS: pa.float64(),
    Kind.DATE: pa.date32(),
}


def _write_parquet(table: Table, query: QueryDict, file: IO[bytes], said: Said) -> int:
    schema = _schema(table, query)
    group: list[list[Value]] = []
    total = 0
    with pq.ParquetWriter(pa.PythonFile(file, "w"), schema, compression="zstd") as writer:
        for chunk in counted(table.chunks(query), said):
            group += chunk
            total += len(chunk)
            if len(group) >= ROWS_OF_A_GROUP:
                writer.write_batch(_batch(schema, table.columns, group))
                group = []
        if group or not total:
            writer.write_batch(_batch(schema, table.columns, group))
    return total


def _schema(table: Table, query: QueryDict) -> pa.Schema:
    fields = [
        pa.field(
            column.key,
            ARROW_TYPES[column.kind],
            metadata={
                "title": str(column.title),
                "definition": str(column.definition),
                "kind": column.kind.value,
            },
        )
        for column in table.columns
    ]
    fields.append(pa.field(SUPPRESSED, pa.list_(pa.string()), nullable=False))
    about = {
        "report": table.key,
        "title": str(table.title),
        "as_of": table.as_of.isoformat(),
        "explanations": json.dumps(explanations(table, query), ensure_ascii=False),
    }
    return pa.schema(fields, metadata=about)


def _batch(
    schema: pa.Schema, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
) -> pa.RecordBatch:
    arrays: list[pa.Array[Any]] = []
    for number, column in enumerate(columns):
        values = [None if isinstance(row[number], Suppressed) else row[number] for row in rows]
        arrays.append(pa.array(values, ARROW_TYPES[column.kind]))
    suppressed = [
        [
            column.key
            for column, value in zip(columns, row, strict=True)
            if isinstance(value, Suppressed)
        ]
        for row in rows
    ]
    arrays.append(pa.array(suppressed, schema.field(SUPPRESSED).type))
    return pa.record_batch(arrays, schema=schema)
