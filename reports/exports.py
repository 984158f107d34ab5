"""Exports: a table as a file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO

from django.http import QueryDict

from courses.types import CHINA
from reports.tables import Table
from reports.writers import CONTENT_TYPES, write


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that is ready to be sent."""

    name: str
    content_type: str
    content: IO[bytes]
    """Open, at its beginning; whoever sends it closes it."""


def file_name(table: Table, form: str) -> str:
    """`provinces-2026-11-24.csv`."""
    return f"{table.key}-{table.as_of.astimezone(CHINA):%Y-%m-%d}.{form}"


def file_of(table: Table, query: QueryDict, form: str) -> ExportedFile:
    """The whole table in a format of `reports.tables.FORMATS`, on disk while it is open."""
    content = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write(table, query, form, content, lambda _done: None)
    content.seek(0)
    return ExportedFile(file_name(table, form), CONTENT_TYPES[form], content)
