"""Reads of courses while they are written."""

from __future__ import annotations

from authoring.laying import draft, draft_of_files
from authoring.queries.revisions import (
    file_of,
    files_of,
    history,
    revision_at,
)

__all__ = [
    "draft",
    "draft_of_files",
    "file_of",
    "files_of",
    "history",
    "revision_at",
]
