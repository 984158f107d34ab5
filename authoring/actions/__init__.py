"""Writes to workspaces."""

from __future__ import annotations

from authoring.actions.exercises import add_exercise, remove_exercise
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
from authoring.actions.trials import ask_proof, ask_trial, try_now
from authoring.actions.workspaces import adopt_course, create_workspace

__all__ = [
    "add_exercise",
    "add_lesson",
    "add_module",
    "adopt_course",
    "ask_proof",
    "ask_trial",
    "create_workspace",
    "invite_member",
    "move_exercise",
    "move_lesson",
    "move_module",
    "remove_exercise",
    "remove_lesson",
    "remove_member",
    "remove_module",
    "rename_module",
    "replace_tree",
    "set_member_role",
    "take_back",
    "try_now",
    "write_files",
]
