"""Revisions and their files."""

from __future__ import annotations

from django.db.models import QuerySet

from authoring.models import Blob, Revision, Workspace, WorkspaceMember
from authoring.trees import files_in


def files_of(revision: Revision) -> dict[str, bytes]:
    """Path → bytes of every file. 1 query."""
    return files_in(revision.tree)


def file_of(revision: Revision, path: str) -> bytes | None:
    """The contents of one file, or None when there is none. 1 query."""
    digest = revision.tree.get(path)
    return None if digest is None else bytes(Blob.objects.get(digest=digest).data)


def history(workspace: Workspace) -> QuerySet[Revision]:
    """The revisions, newest first, without autosaves that a later one took the place of."""
    # Uses index: revision_number.
    revisions = workspace.revisions.filter(is_superseded=False)
    return revisions.select_related("by").order_by("-number")


def revision_at(workspace: Workspace, number: int) -> Revision | None:
    """One revision by its number, superseded ones too while they are kept. 1 query."""
    found = workspace.revisions.select_related("by").filter(number=number).first()
    if found is not None:
        found.workspace = workspace
    return found


def members_of(workspace: Workspace) -> QuerySet[WorkspaceMember]:
    """Who writes in a workspace, in the order in which they came."""
    return workspace.members.select_related("user").order_by("pk")
