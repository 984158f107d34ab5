"""Files of other systems: kept as they were turned into a course, then applied or dropped."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authoring.actions.files import write_files
from authoring.models import ForeignFile, Revision, Workspace
from authoring.paths import check_paths, check_sizes
from authoring.trees import digest_of_bytes, keep

KEPT = datetime.timedelta(days=7)
"""How long an import waits to be looked at."""


@transaction.atomic
def keep_import(
    *,
    workspace: Workspace,
    by: User,
    name: str,
    files: Mapping[str, bytes],
    report: Sequence[Mapping[str, Any]],
) -> ForeignFile:
    """Keep what a file was turned into, to be looked at.

    Effects, in order: imports that nobody looked at for a week go; the contents; the import.
    Raises `BadPath`, `TooLarge`.
    """
    check_paths(files)
    check_sizes({path: len(data) for path, data in files.items()})
    # Uses index: foreign_file_age.
    ForeignFile.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    keep({digest_of_bytes(data): data for data in files.values()})
    return ForeignFile.objects.create(
        workspace=workspace,
        name=name[:200],
        tree={path: digest_of_bytes(data) for path, data in files.items()},
        report=list(report),
        by=by,
    )


@transaction.atomic
def apply_import(
    *, imported: ForeignFile, by: User, changes: Mapping[str, bytes], base: int
) -> Revision:
    """Write the files that join an import to the course, and forget the import.

    `changes` were made for revision number `base`. Effects, in order: the revision, as
    `write_files`; the import goes. Raises what `write_files` raises, and then nothing changes.
    """
    revision = write_files(
        workspace=imported.workspace,
        by=by,
        changes=changes,
        base=base,
        origin=Revision.Origin.IMPORT,
        message=imported.name,
    )
    imported.delete()
    return revision


def drop_import(*, workspace: Workspace, import_uuid: uuid.UUID) -> None:
    """Forget an import that nobody wants. Twice is once."""
    ForeignFile.objects.filter(workspace=workspace, uuid=import_uuid).delete()
