"""Writes to workspaces."""

from __future__ import annotations

from authoring.actions.files import replace_tree, take_back, write_files
from authoring.actions.members import invite_member, remove_member, set_member_role
from authoring.actions.outline import (
    add_lesson,
    add_module,
    move_exercise,
    move_lesson,
    move_module,
    remove_lesson,
    remove_module,
    rename_module,
)
from authoring.actions.workspaces import adopt_course, create_workspace

__all__ = [
    "add_lesson",
    "add_module",
    "adopt_course",
    "create_workspace",
    "invite_member",
    "move_exercise",
    "move_lesson",
    "move_module",
    "remove_lesson",
    "remove_member",
    "remove_module",
    "rename_module",
    "replace_tree",
    "set_member_role",
    "take_back",
    "write_files",
]
