"""OneRoster 1.2 CSV (and 1.1): users, their classes, and which of them are students.

Source: 1EdTech, OneRoster CSV Binding 1.2. In 1.2 the role stands in roles.csv and in
enrollments.csv, in 1.1 in users.csv.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from organisations.rosters.sheets import check_archive, csv_lines
from organisations.rosters.types import MOST_ROWS, Entry, FileRefused, Roster

USERS = "users.csv"
STUDENT = "student"
DELETED = "tobedeleted"


@dataclass(frozen=True, slots=True)
class Record:
    """A row of one of the files: column in small letters → text."""

    number: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")


def read(archive: zipfile.ZipFile) -> Roster:
    """The students of an archive; row numbers are those of users.csv. Raises `FileRefused`."""
    check_archive(archive)
    users = _records(archive, USERS)
    if not users or not {"sourcedid", "email"} <= users[0].fields.keys():
        raise FileRefused(_("users.csv has no people, or no columns “sourcedId” and “email”."))
    classes = {
        row["sourcedid"]: tuple(filter(None, (row["title"], row["classcode"], row["sourcedid"])))
        for row in _records(archive, "classes.csv")
    }
    roles: defaultdict[str, set[str]] = defaultdict(set)
    taught: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in _records(archive, "enrollments.csv"):
        roles[row["usersourcedid"]].add(row["role"].lower())
        if row["role"].lower() == STUDENT:
            class_id = row["classsourcedid"]
            taught[row["usersourcedid"]].append(classes.get(class_id, (class_id,)))
    for row in _records(archive, "roles.csv"):
        roles[row["usersourcedid"]].add(row["role"].lower())
    entries = []
    for row in users:
        own = roles[row["sourcedid"]] | ({row["role"].lower()} - {""})
        # Where nothing says what somebody is, the list was made of learners.
        if not own or STUDENT in own:
            entries.append(_entry(row, tuple(dict.fromkeys(taught[row["sourcedid"]]))))
    if not entries:
        raise FileRefused(_("users.csv has no students."))
    return Roster(entries, others=len(users) - len(entries))


def _entry(row: Record, cohorts: tuple[tuple[str, ...], ...]) -> Entry:
    return Entry(
        number=row.number,
        email=row["email"],
        name=full_name(row["familyname"], row["middlename"], row["givenname"]),
        external_id=row["sourcedid"],
        cohorts=cohorts,
    )


def full_name(family: str, middle: str, given: str) -> str:
    """As its bearer writes it: 王小明, and Ada Lovelace."""
    if not (family + given).isascii() and all("一" <= sign <= "鿿" for sign in family + given):
        return family + given
    return " ".join(filter(None, (given, middle, family)))


def _records(archive: zipfile.ZipFile, name: str) -> list[Record]:
    """The rows of a file that are in force; none where there is no such file."""
    found = [path for path in archive.namelist() if path.rpartition("/")[2] == name]
    if not found:
        return []
    lines = csv_lines(archive.read(found[0]), most=MOST_ROWS * 10)
    columns = [title.lower() for title in lines[0].cells] if lines else []
    records = [
        Record(line.number, dict(zip(columns, line.cells, strict=False))) for line in lines[1:]
    ]
    return [record for record in records if record["status"].lower() != DELETED]
