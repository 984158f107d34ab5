"""Reads of courses while they are written."""

from __future__ import annotations

from authoring.laying import draft, draft_of_files, lesson_draft
from authoring.queries.comparison import compare, merged_files
from authoring.queries.exercises import folder_of, misconceptions_of
from authoring.queries.outline import outline_of
from authoring.queries.revisions import (
    file_of,
    files_of,
    history,
    members_of,
    revision_at,
)
from authoring.queries.trials import is_about, latest_trial, proof_of, trials_ahead_of

__all__ = [
    "compare",
    "draft",
    "draft_of_files",
    "file_of",
    "files_of",
    "folder_of",
    "history",
    "is_about",
    "latest_trial",
    "lesson_draft",
    "members_of",
    "merged_files",
    "misconceptions_of",
    "outline_of",
    "proof_of",
    "revision_at",
    "trials_ahead_of",
]
