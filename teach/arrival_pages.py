"""What an arrival would change, before anybody takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from authoring.models import Arrival, Revision, Workspace
from authoring.queries import compare, revision_at
from authoring.types import ComparedFile, Conflict


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What taking an arrival does to the head."""

    files: list[ComparedFile]
    """What changes, by path."""
    both: list[str]
    """Paths that somebody in the workspace changed as well: they are merged line by line."""


def foresee(workspace: Workspace, arrival: Arrival) -> Foreseen:
    """What would change. 2 queries. Loaded: the workspace's head."""
    head = workspace.head
    assert head is not None, "a workspace has a first revision"
    began = revision_at(workspace, arrival.base)
    base: Mapping[str, str] = {} if began is None else began.tree
    tree, both = dict(head.tree), []
    for path in sorted({*base, *arrival.tree}):
        old, mine, theirs = base.get(path), arrival.tree.get(path), head.tree.get(path)
        if mine in (old, theirs):
            continue
        if old != theirs:
            both.append(path)
        if mine is None:
            tree.pop(path, None)
        else:
            tree[path] = mine
    return Foreseen(compare(head, Revision(tree=tree)), both)


def mergeable(conflicts: Sequence[Conflict]) -> dict[str, bytes]:
    """Path → what came, where all conflicts are of texts that both sides still have; else {}."""
    found = {}
    for one in conflicts:
        if one.mine is None or one.theirs is None:
            return {}
        try:
            one.mine.decode()
            one.theirs.decode()
        except UnicodeDecodeError:
            return {}
        found[one.path] = one.mine
    return found
