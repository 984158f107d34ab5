"""policy-overrides.toml beside course.toml: what a reviewer answers for in a course of files.

    [[overrides]]
    rule = "exchange"
    file = "03-the-rules/lesson.en.md"
    excerpt = "…"                 # as the finding says it
    reason = "…"
    by = "…"
    date = 2026-11-24

It counts for `manage.py publish`, where whoever can change files answers for them. In a workspace
anybody could write it: there only what a reviewer wrote on the page counts.
"""

from __future__ import annotations

from pathlib import Path

from courses.policy.types import Override
from courses.publishing.faults import Faults
from courses.publishing.tables import Table, read_document

OVERRIDES_FILE = "policy-overrides.toml"


def read_overrides(folder: Path, faults: Faults) -> list[Override]:
    """The overrides of a course's folder; none without the file."""
    path = folder / OVERRIDES_FILE
    if not path.is_file():
        return []
    document = read_document(path, str(path), faults)
    if document is None:
        return []
    table = Table(document, document.data, "", faults)
    overrides = []
    for entry in table.tables("overrides", least=1):
        overrides.append(
            Override(
                rule=entry.string("rule"),
                file=entry.string("file"),
                excerpt=entry.string("excerpt"),
                reason=entry.string("reason"),
                by=entry.string("by"),
                date=entry.date("date"),
            )
        )
        entry.close()
    table.close()
    return overrides
