"""Files on their way in and out, and the tokens by which programs send them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.merging import merge
from authoring.models import Arrival, GitSource, Revision, UploadToken, Workspace
from authoring.packing import course_in, pack, revision_named
from authoring.queries.comparison import compare, compare_texts
from authoring.tokens import workspace_by
from authoring.trees import contents_of, tree_at
from authoring.types import ComparedFile, Foreseen

__all__ = [
    "arrival_in",
    "course_in",
    "foresee",
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


def foresee(workspace: Workspace, arrival: Arrival) -> Foreseen:
    """What taking an arrival would change of the head: texts that both sides changed are shown as
    they would be merged, or as they came where they clash. 3 queries. Loaded: the head."""
    head = workspace.head
    assert head is not None, "a workspace has a first revision"
    base = tree_at(workspace.pk, arrival.base) or {}
    tree, both = dict(head.tree), []
    for path in sorted({*base, *arrival.tree}):
        old, mine, theirs = base.get(path), arrival.tree.get(path), head.tree.get(path)
        if mine in (old, theirs):
            continue
        if old != theirs:
            both.append(path)
        elif mine is None:
            tree.pop(path, None)
        else:
            tree[path] = mine
    trees = (base, arrival.tree, head.tree)
    contents = contents_of({one[path] for one in trees for path in both if path in one})
    found = compare(head, Revision(tree=tree))
    merged: list[str] = []
    clashing: list[str] = []
    for path in both:
        texts = [contents.get(one.get(path, ""), b"").decode(errors="replace") for one in trees]
        together = merge(*texts) if all(path in one for one in trees) else None
        lines = compare_texts(texts[2], texts[1] if together is None else together)
        found.append(ComparedFile(path, "changed", lines))
        (clashing if together is None else merged).append(path)
    return Foreseen(sorted(found, key=lambda one: one.path), merged, clashing)
