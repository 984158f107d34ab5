"""Writes to workspaces."""

from __future__ import annotations

from authoring.actions.files import replace_tree, take_back, write_files
from authoring.actions.members import invite_member, remove_member, set_member_role
from authoring.actions.workspaces import adopt_course, create_workspace

__all__ = [
    "adopt_course",
    "create_workspace",
    "invite_member",
    "remove_member",
    "replace_tree",
    "set_member_role",
    "take_back",
    "write_files",
]
