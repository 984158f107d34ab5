"""The outline of a revision."""

from __future__ import annotations

from authoring.models import Revision
from authoring.outlines import read_outline, wanted
from authoring.trees import files_in
from authoring.types import Outline


def outline_of(revision: Revision) -> Outline:
    """Modules, lessons and exercises, with whatever mistakes. 1 query."""
    return read_outline(
        files_in({path: one for path, one in revision.tree.items() if wanted(path)})
    )
