"""Rows of courses while they are written."""

from __future__ import annotations

from authoring.models.trials import Trial
from authoring.models.workspaces import Blob, Revision, Workspace, WorkspaceMember

__all__ = ["Blob", "Revision", "Trial", "Workspace", "WorkspaceMember"]
