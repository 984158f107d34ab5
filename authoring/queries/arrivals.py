"""Files on their way in and out, and the tokens by which programs send them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.models import Arrival, GitSource, UploadToken, Workspace
from authoring.packing import course_in, pack, revision_named
from authoring.tokens import workspace_by

__all__ = [
    "arrival_in",
    "course_in",
    "git_source_of",
    "pack",
    "revision_named",
    "token_in",
    "tokens_of",
    "workspace_by",
]


def arrival_in(workspace: Workspace, arrival_uuid: uuid.UUID) -> Arrival:
    """What came and is not taken yet; else 404. 1 query."""
    arrival = get_object_or_404(workspace.arrivals.select_related("by"), uuid=arrival_uuid)
    arrival.workspace = workspace
    return arrival


def git_source_of(workspace: Workspace) -> GitSource | None:
    """From where the workspace fetches. 1 query."""
    return GitSource.objects.filter(workspace=workspace).first()


def tokens_of(workspace: Workspace) -> QuerySet[UploadToken]:
    """The tokens of a workspace, newest first. 1 query when it is read."""
    # Uses index: upload_token_list.
    return workspace.tokens.select_related("user").order_by("-pk")


def token_in(workspace: Workspace, token_uuid: uuid.UUID) -> UploadToken:
    """A token of the workspace; else 404. 1 query."""
    found = workspace.tokens.filter(uuid=token_uuid).first()
    if found is None:
        raise Http404
    return found
