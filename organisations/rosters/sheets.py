"""Files as rows of text: CSV in the encodings that spreadsheets write, and xlsx."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
from django.utils.translation import gettext_lazy as _

from organisations.rosters.types import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, FileRefused, Line

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of a whole archive once it is unpacked; 50,000 rows of ours are about 10 MiB."""
MOST_PARTS = 200
DELIMITERS = ",;\t"
CHUNK = 64 * 1024

TOO_LARGE = _("The file unpacks to more than 64 MiB. Keep only the list of people in it.")
DAMAGED = _("The file is damaged or has a password. Save it again without one, or as CSV.")


def csv_lines(content: bytes, most: int = MOST_ROWS) -> list[Line]:
    """The rows of a CSV file, at most so many under the first. Raises `FileRefused`."""
    text = decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        return _lines(rows, most)
    except csv.Error as error:
        raise FileRefused(
            _("Row %(row)s cannot be read as CSV: a quotation mark is opened and not closed.")
            % {"row": rows.line_num}
        ) from error


def decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else GB18030. Raises `FileRefused`."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(
        _("The file is not a text in UTF-8 or GB18030. Save it as “CSV UTF-8” or as xlsx.")
    )


def delimiter_of(text: str) -> str:
    """What stands most often in the first row that says something; a comma in doubt."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def xlsx_lines(archive: zipfile.ZipFile) -> list[Line]:
    """The rows of the first sheet that can be seen. Raises `FileRefused`."""
    check_archive(archive)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out: styles, validations, pictures.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True)  # type: ignore[arg-type]
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            sheet = sheets[0]
            sheet.reset_dimensions()  # a file may say any size of itself
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            return _lines(([_text(cell) for cell in row] for row in rows), MOST_ROWS)
    except FileRefused:
        raise
    except Exception as error:  # a damaged file breaks the library in many ways
        raise FileRefused(DAMAGED) from error


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to too much, whatever it says of itself, or has entities."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise FileRefused(TOO_LARGE)
    left = MOST_UNPACKED
    for part in parts:
        is_markup = part.filename.endswith((".xml", ".rels"))
        before = b""
        for chunk in _unpacked(archive, part):
            left -= len(chunk)
            if left < 0:
                raise FileRefused(TOO_LARGE)
            if is_markup and b"<!" in (seen := before + chunk) and _declares(seen):
                raise FileRefused(DAMAGED)
            before = chunk[-16:]


def _declares(markup: bytes) -> bool:
    return b"<!DOCTYPE" in markup or b"<!ENTITY" in markup


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise FileRefused(DAMAGED) from error


def _lines(rows: Iterable[Sequence[str]], most: int) -> list[Line]:
    """The rows that say something."""
    lines: list[Line] = []
    for number, cells in enumerate(rows, 1):
        tidy = [cell[:LONGEST_CELL].strip() for cell in cells[:MOST_COLUMNS]]
        if any(tidy):
            lines.append(Line(number, tidy))
        if len(lines) > most + 1:
            raise FileRefused(
                _("The file has more than %(most)s rows. Cut it into several.") % {"most": most}
            )
    return lines


def _text(value: object) -> str:
    """A cell as it would be typed: a number without the `.0` that xlsx gives it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value)
