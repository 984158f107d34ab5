"""From an uploaded file to the people that it names, in any form of docs/rosters.md."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisations.rosters import oneroster
from organisations.rosters.sheets import DAMAGED, csv_lines, xlsx_lines
from organisations.rosters.types import MOST_BYTES, Entry, FileRefused, Line, Roster

COLUMNS: dict[str, tuple[str, ...]] = {
    "email": (
        *("email", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件", "邮箱地址"),
        *("邮件地址", "电子邮件地址", "电子邮箱地址"),
    ),
    "name": ("name", "fullname", "studentname", "姓名", "名字", "学生姓名"),
    "external_id": (
        *("number", "id", "studentnumber", "studentid", "staffnumber", "employeenumber"),
        *("externalid", "sourcedid", "学号", "工号", "编号", "学籍号"),
    ),
    "cohort": (
        *("cohort", "cohortname", "class", "group", "joincode", "code"),
        *("班级", "班次", "期次", "班", "分组", "加入码", "教学班"),
    ),
}
"""What a column may be called, in small letters, without spaces, hyphens and underscores."""
FIELD_OF = {title: field for field, titles in COLUMNS.items() for title in titles}


def read(content: bytes) -> Roster:
    """The people of a file of any form that we take. Raises `FileRefused`."""
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 10 MiB."))
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("This is a workbook of the old form, or one with a password. Save it as xlsx or CSV.")
        )
    if content.startswith(b"PK\x03\x04"):
        return _from_archive(content)
    return from_lines(csv_lines(content))


def _from_archive(content: bytes) -> Roster:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise FileRefused(DAMAGED) from error
    with archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            return from_lines(xlsx_lines(archive))
        if any(name.rpartition("/")[2] == oneroster.USERS for name in names):
            return oneroster.read(archive)
    raise FileRefused(
        _("The archive is neither an xlsx workbook nor OneRoster CSV: it has no users.csv.")
    )


def from_lines(lines: Sequence[Line]) -> Roster:
    """The people of a table whose first row names the columns, in any order."""
    if not lines:
        raise FileRefused(_("The file is empty."))
    columns, unused = columns_of(lines[0].cells)
    entries = [_entry(line, columns) for line in lines[1:]]
    if not entries:
        raise FileRefused(_("The file names columns and no people."))
    return Roster(entries, unused)


def columns_of(titles: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Field → position, and the titles that say nothing to us. Raises `FileRefused`."""
    columns: dict[str, int] = {}
    unused: list[str] = []
    for position, title in enumerate(titles):
        field = FIELD_OF.get(_plain(title))
        if field is None:
            if title:
                unused.append(title[:60])
            continue
        if field in columns:
            raise FileRefused(
                _("The columns “%(one)s” and “%(other)s” mean the same. Leave one out.")
                % {"one": titles[columns[field]], "other": title}
            )
        columns[field] = position
    if "email" not in columns:
        found = ", ".join(title[:30] for title in titles[:8] if title)
        raise FileRefused(
            _(
                "The first row has no column “email” or “邮箱”. Its columns are: %(found)s. "
                "The sample shows how a list begins."
            )
            % {"found": found or "–"}
        )
    return columns, unused


def _plain(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _entry(line: Line, columns: dict[str, int]) -> Entry:
    def cell(field: str) -> str:
        position = columns.get(field)
        return "" if position is None or position >= len(line.cells) else line.cells[position]

    cohort = cell("cohort")
    return Entry(
        number=line.number,
        email=cell("email"),
        name=cell("name"),
        external_id=cell("external_id"),
        cohorts=((cohort,),) if cohort else (),
    )
