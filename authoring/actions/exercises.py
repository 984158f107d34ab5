"""Exercises added and removed."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User
from authoring import exercise_edits
from authoring.actions.files import write_files
from authoring.models import Revision, Workspace
from authoring.queries import files_of


def add_exercise(
    *,
    workspace: Workspace,
    by: User,
    folder: str,
    key: str,
    kind: str,
    title: Mapping[str, str],
) -> Revision:
    """Write an example of a kind into a lesson, ready to be changed. One revision.

    Raises `KeyTaken`, `NoSuchPart`, and what `write_files` raises.
    """
    head = _head(workspace)
    changes = exercise_edits.add_exercise(files_of(head), folder, key, kind, title)
    return write_files(
        workspace=workspace, by=by, changes=changes, base=head.number, message=f"+ {key}"
    )


def remove_exercise(*, workspace: Workspace, by: User, folder: str, key: str) -> Revision:
    """Remove an exercise and the lines that place it. One revision, so that it can be taken back.

    Raises `NoSuchPart`, and what `write_files` raises.
    """
    head = _head(workspace)
    changes = exercise_edits.remove_exercise(files_of(head), folder, key)
    return write_files(
        workspace=workspace, by=by, changes=changes, base=head.number, message=f"− {key}"
    )


def _head(workspace: Workspace) -> Revision:
    assert workspace.head is not None, "a workspace has a first revision"
    return workspace.head
