"""A list to begin with, as CSV and as xlsx, in the reader's language."""

from __future__ import annotations

import csv
import io

import xlsxwriter
from django.utils.translation import get_language

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENGLISH = (
    ("email", "name", "student number", "cohort"),
    ("ada@example.org", "Ada Example", "20260001", ""),
    ("ben@example.org", "Ben Example", "20260002", ""),
)
CHINESE = (
    ("邮箱", "姓名", "学号", "班级"),
    ("xiaoming@example.org", "王小明", "20260001", ""),
    ("lilei@example.org", "李雷", "20260002", ""),
)


def sample(form: str) -> bytes:
    """A file of a form of `CONTENT_TYPES` that could be uploaded as it is."""
    rows = CHINESE if get_language() == "zh-hans" else ENGLISH
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")  # Excel takes other CSV for the local encoding
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 3, 24)
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                sheet.write_string(number, position, cell)  # or a number loses its zeros
    return content.getvalue()
