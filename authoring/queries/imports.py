"""Imports that wait to be looked at."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from authoring.models import ForeignFile, Workspace
from authoring.trees import files_in

__all__ = ["files_in", "import_in", "imports_of"]


def imports_of(workspace: Workspace) -> QuerySet[ForeignFile]:
    """The imports that wait, newest first. No query until it is read."""
    found = ForeignFile.objects.filter(workspace=workspace).select_related("by")
    return found.defer("tree", "report").order_by("-pk")


def import_in(workspace: Workspace, import_uuid: uuid.UUID) -> ForeignFile:
    """An import of the workspace; else 404. 1 query."""
    waiting = ForeignFile.objects.filter(workspace=workspace).select_related("by")
    found = get_object_or_404(waiting, uuid=import_uuid)
    found.workspace = workspace
    return found
