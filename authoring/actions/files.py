"""Writing files: every write is a new revision, and nobody's change is lost to another's."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from authoring.merging import merge
from authoring.models import Revision, Workspace
from authoring.paths import check_paths, check_sizes
from authoring.trees import (
    Tree,
    contents_of,
    digest_of_bytes,
    digest_of_tree,
    keep,
    sizes_of,
    tree_at,
)
from authoring.types import Conflict, Conflicted

Origin = Revision.Origin
AUTOSAVES_KEPT = datetime.timedelta(days=1)
"""How long an autosave is kept that a later one took the place of: somebody may write on it."""


@transaction.atomic
def write_files(
    *,
    workspace: Workspace,
    by: User | None,
    changes: Mapping[str, bytes | None],
    base: int,
    origin: str = Origin.BROWSER,
    message: str = "",
) -> Revision:
    """Write files (None: remove), as changes to the revision that the writer saw, number `base`.

    A file that nobody else changed since is written; a text that others changed too is merged
    line by line. Raises `Conflicted` when that cannot be done, `BadPath` or `TooLarge`; then
    nothing is written. Effects, in order: new contents; a new revision, unless nothing changes;
    the workspace's head and title; an autosave takes the place of its author's last one.
    """
    locked = locked_workspace(workspace)
    return _write(locked, workspace, dict(changes), tree_at(locked.pk, base), by, origin, message)


@transaction.atomic
def replace_tree(
    *,
    workspace: Workspace,
    by: User | None,
    files: Mapping[str, bytes],
    base: int,
    origin: str,
    message: str = "",
) -> Revision:
    """Make these the files of the course: those of `base` that are not among them are removed.

    The same rules and effects as `write_files`: what others changed since `base` is kept.
    """
    locked = locked_workspace(workspace)
    before = tree_at(locked.pk, base)
    changes: dict[str, bytes | None] = dict.fromkeys(before or {})
    changes.update(files)
    return _write(locked, workspace, changes, before, by, origin, message)


@transaction.atomic
def take_back(*, workspace: Workspace, by: User | None, to: int) -> Revision:
    """Undo: a new revision with the tree of an older one, number `to`.

    Nothing of what came between is gone: it can be taken back to as well. Effects, in order: the
    revision, unless the head has that tree; the workspace's head and title. Raises
    `Revision.DoesNotExist`.
    """
    locked = locked_workspace(workspace)
    wanted = Revision.objects.get(workspace=locked, number=to)
    return _append(locked, workspace, dict(wanted.tree), by, Origin.UNDO, f"→ {to}")


def locked_workspace(workspace: Workspace) -> Workspace:
    """The workspace as it is now, with its head; other writers wait. 2 queries.

    The head is read when the lock is held: PostgreSQL, having waited for it, would join the row
    that it finds then to the revisions that it saw before.
    """
    locked = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if locked.head_id is not None:
        locked.head = Revision.objects.get(pk=locked.head_id)
    return locked


@dataclass(slots=True)
class _Merging:
    """Changes as they are brought together with what others wrote."""

    tree: Tree
    contents: dict[str, bytes] = field(default_factory=dict)
    """Digest → new contents."""
    conflicts: list[Conflict] = field(default_factory=list)

    def put(self, path: str, data: bytes | None) -> None:
        if data is None:
            self.tree.pop(path, None)
            return
        digest = digest_of_bytes(data)
        self.contents[digest] = data
        self.tree[path] = digest


def _write(
    locked: Workspace,
    workspace: Workspace,
    changes: dict[str, bytes | None],
    before: Tree | None,
    by: User | None,
    origin: str,
    message: str,
) -> Revision:
    head = locked.head
    assert head is not None, "a workspace has a first revision"
    work = _Merging(dict(head.tree))
    base = before or {}
    both = {
        path
        for path in changes
        if base.get(path) != head.tree.get(path)  # somebody else changed it since
    }
    old = contents_of({tree[path] for tree in (base, head.tree) for path in both if path in tree})
    for path, mine in changes.items():
        if path not in both:
            work.put(path, mine)
            continue
        conflict = Conflict(
            path,
            old[base[path]] if path in base else None,
            mine,
            old[head.tree[path]] if path in head.tree else None,
        )
        _bring_together(work, conflict)
    if work.conflicts:
        raise Conflicted(work.conflicts, head)
    return _append(locked, workspace, work.tree, by, origin, message, work.contents)


def _bring_together(work: _Merging, conflict: Conflict) -> None:
    """Decide about one file that both sides have changed, or note that people must."""
    base, mine, theirs = conflict.base, conflict.mine, conflict.theirs
    if mine in (base, theirs):
        return  # theirs stands, and so it does when both did the same
    if base is None or mine is None or theirs is None:
        work.conflicts.append(conflict)
        return
    try:
        merged = merge(base.decode(), mine.decode(), theirs.decode())
    except UnicodeDecodeError:
        merged = None
    if merged is None:
        work.conflicts.append(conflict)
    else:
        work.put(conflict.path, merged.encode())


def _append(
    locked: Workspace,
    workspace: Workspace,
    tree: Tree,
    by: User | None,
    origin: str,
    message: str,
    contents: Mapping[str, bytes] | None = None,
) -> Revision:
    """The new head, unless the tree is the head's. Sets `workspace.head` too."""
    contents = contents or {}
    head = locked.head
    if head is not None and head.tree == tree:
        workspace.head = head
        return head
    check_paths(tree)
    _check_sizes(tree, contents)
    keep({digest: data for digest, data in contents.items() if digest in tree.values()})
    revision = Revision.objects.create(
        workspace=locked,
        number=1 if head is None else head.number + 1,
        tree=tree,
        digest=digest_of_tree(tree),
        origin=origin,
        message=message,
        by=by,
    )
    if head is not None and origin == Origin.AUTOSAVE:
        _supersede(locked, head, revision)
    _set_head(locked, workspace, revision, contents)
    return revision


def _check_sizes(tree: Tree, contents: Mapping[str, bytes]) -> None:
    old = set(tree.values()) - set(contents)
    sizes = {digest: len(data) for digest, data in contents.items()} | sizes_of(old)
    check_sizes({path: sizes[digest] for path, digest in tree.items()})


def _supersede(locked: Workspace, head: Revision, revision: Revision) -> None:
    """An autosave takes the place of its author's last one of the same files.

    The older one is kept for a day, in which somebody may save what they wrote on it. What is
    published stays in the history.
    """
    is_own = head.origin == Origin.AUTOSAVE and head.by_id == revision.by_id is not None
    if is_own and head.pk != locked.published_id:
        before = tree_at(locked.pk, head.number - 1)
        if before is not None and _changed(before, head.tree) == _changed(head.tree, revision.tree):
            head.is_superseded = True
            head.save(update_fields=["is_superseded"])
    old = locked.revisions.filter(
        is_superseded=True, created_at__lt=timezone.now() - AUTOSAVES_KEPT
    )
    for one in old:
        try:
            one.delete()
        except ProtectedError:  # a proof or a release names it: it belongs to the history
            one.is_superseded = False
            one.save(update_fields=["is_superseded"])


def _changed(before: Tree, after: Tree) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def _set_head(
    locked: Workspace, workspace: Workspace, revision: Revision, contents: Mapping[str, bytes]
) -> None:
    locked.head = revision
    if (title := _title(revision.tree, contents)) is not None:
        locked.title = title
    locked.save(update_fields=["head", "title"])
    workspace.head, workspace.title = revision, locked.title


def _title(tree: Tree, contents: Mapping[str, bytes]) -> dict[str, str] | None:
    """The course's title by language; None where course.toml does not say one."""
    digest = tree.get("course.toml")
    if digest is None:
        return None
    data = contents.get(digest) or contents_of({digest})[digest]
    try:
        title = tomllib.loads(data.decode()).get("title")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    if not isinstance(title, dict):
        return None
    return {language: words for language, words in title.items() if isinstance(words, str)}


def first_revision(
    *, workspace: Workspace, by: User, files: Mapping[str, bytes], origin: str
) -> Revision:
    """The first revision of a workspace that has just been made, in the caller's transaction.
    Raises `BadPath` or `TooLarge`."""
    contents = {digest_of_bytes(data): data for data in files.values()}
    tree = {path: digest_of_bytes(data) for path, data in files.items()}
    return _append(workspace, workspace, tree, by, origin, "", contents)
