"""Changing the outline of a course: each is worked out on the newest revision, which nobody can
change meanwhile, so that two people who move different things lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from accounts.models import User
from authoring import outline_edits
from authoring.actions.files import locked_workspace, write_files
from authoring.models import Revision, Workspace
from authoring.trees import files_in

Texts = Mapping[str, str]
Edit = Callable[[Mapping[str, bytes]], Mapping[str, bytes | None]]


def add_module(*, workspace: Workspace, by: User, key: str, title: Texts) -> Revision:
    """A module after all others. Raises `NoSuchPart` where course.toml cannot be read."""
    return _edited(workspace, by, lambda files: outline_edits.add_module(files, key, title))


def rename_module(*, workspace: Workspace, by: User, key: str, title: Texts) -> Revision:
    """Another title for a module. Raises `NoSuchPart`."""
    return _edited(workspace, by, lambda files: outline_edits.rename_module(files, key, title))


def move_module(*, workspace: Workspace, by: User, key: str, to: int) -> Revision:
    """A module to another place, counted from 0 without itself. Raises `NoSuchPart`."""
    return _edited(workspace, by, lambda files: outline_edits.move_module(files, key, to))


def remove_module(*, workspace: Workspace, by: User, key: str) -> Revision:
    """Take away an empty module. Raises `NoSuchPart` or `NotEmpty`."""
    return _edited(workspace, by, lambda files: outline_edits.remove_module(files, key))


def add_lesson(*, workspace: Workspace, by: User, module: str, key: str, title: Texts) -> Revision:
    """A lesson at the end of a module. Raises `NoSuchPart`."""
    return _edited(workspace, by, lambda files: outline_edits.add_lesson(files, module, key, title))


def move_lesson(
    *, workspace: Workspace, by: User, folder: str, module: str, to: int | None
) -> Revision:
    """A lesson to a place in a module; None: its end. Raises `NoSuchPart`."""
    return _edited(
        workspace, by, lambda files: outline_edits.move_lesson(files, folder, module, to)
    )


def remove_lesson(*, workspace: Workspace, by: User, folder: str) -> Revision:
    """Take away a lesson with its exercises; the history keeps it. Raises `NoSuchPart`."""
    return _edited(workspace, by, lambda files: outline_edits.remove_lesson(files, folder))


def move_exercise(
    *, workspace: Workspace, by: User, folder: str, key: str, lesson: str, to: int | None
) -> Revision:
    """An exercise of the lesson `folder` to a place in `lesson`; None: its end. Raises
    `NoSuchPart`."""
    return _edited(
        workspace,
        by,
        lambda files: outline_edits.move_exercise(files, folder, key, lesson, to),
    )


@transaction.atomic
def _edited(workspace: Workspace, by: User, edit: Edit) -> Revision:
    """Effects: those of `write_files`."""
    head = locked_workspace(workspace).head
    assert head is not None, "a workspace has a first revision"
    changes = edit(files_in(head.tree))
    return write_files(workspace=workspace, by=by, changes=changes, base=head.number)
