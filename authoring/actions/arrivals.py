"""Whole courses that come from outside: looked at, then taken like anybody's change."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authoring.actions.files import replace_tree, write_files
from authoring.models import Arrival, GitSource, Revision, Workspace
from authoring.packing import course_in
from authoring.paths import check_paths, check_sizes
from authoring.trees import digest_of_bytes, files_in, keep
from authoring.types import NoCourse
from sandbox.git import SCHEMES, fetch

SHOWN_SIGNS = 12
"""By so many of its signs a commit is known."""
KEPT = datetime.timedelta(days=7)
"""How long an arrival waits to be looked at."""


@transaction.atomic
def receive(
    *,
    workspace: Workspace,
    by: User,
    files: Mapping[str, bytes],
    base: int,
    origin: Revision.Origin,
    message: str = "",
) -> Arrival:
    """Keep the files of a course (at the top, or in the only folder) to be looked at.

    Effects, in order: arrivals that nobody looked at for a week go; the contents; the arrival.
    Raises `NoCourse`, `BadPath`, `TooLarge`.
    """
    course = course_in(files)
    if not course:
        raise NoCourse
    check_paths(course)
    check_sizes({path: len(data) for path, data in course.items()})
    Arrival.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    keep({digest_of_bytes(data): data for data in course.values()})
    return Arrival.objects.create(
        workspace=workspace,
        tree={path: digest_of_bytes(data) for path, data in course.items()},
        base=base,
        origin=origin,
        message=message,
        by=by,
    )


@transaction.atomic
def take(
    *,
    arrival: Arrival,
    by: User,
    decided: Mapping[str, bytes] | None = None,
    seen: int = 0,
) -> Revision:
    """Make an arrival the course's files, as `replace_tree`; what others wrote since its base is
    kept. Raises `Conflicted`, and then it waits on.

    `decided`: path → text, of files that clashed with revision `seen`, as somebody brought them
    together. Effects, in order: a revision of these; the revision; what was taken of git, where it
    is from there; the arrival goes.
    """
    workspace = arrival.workspace
    decided = decided or {}
    if decided:
        write_files(workspace=workspace, by=by, changes=decided, base=seen, origin=arrival.origin)
    revision = replace_tree(
        workspace=workspace,
        by=by,
        files={**files_in(arrival.tree), **decided},
        base=arrival.base,
        origin=arrival.origin,
        message=arrival.message,
    )
    if arrival.origin == Revision.Origin.GIT:
        commit = arrival.message.rpartition(" ")[2]
        GitSource.objects.filter(workspace=workspace).update(commit=commit, base=revision.number)
    arrival.delete()
    return revision


def connect_git(*, workspace: Workspace, url: str, branch: str, folder: str) -> GitSource:
    """From where the workspace fetches from now on. Another address begins anew."""
    source, is_new = GitSource.objects.get_or_create(
        workspace=workspace, defaults={"url": url, "branch": branch, "folder": folder}
    )
    if not is_new and (source.url, source.branch, source.folder) != (url, branch, folder):
        source.url, source.branch, source.folder = url, branch, folder
        source.commit, source.base = "", 0
        source.save()
    return source


def fetch_git(
    *,
    source: GitSource,
    by: User,
    hosts: Collection[str],
    schemes: Collection[str] = SCHEMES,
) -> Arrival | None:
    """The newest commit as an arrival; None when it was taken already.

    Its base is the revision that was made of the commit before, or the first one. Raises
    `sandbox.git.GitRefused` and what `receive` raises. Takes seconds.
    """
    fetched = fetch(
        source.url, hosts=hosts, branch=source.branch, folder=source.folder, schemes=schemes
    )
    commit = fetched.commit[:SHOWN_SIGNS]
    if commit == source.commit:
        return None
    return receive(
        workspace=source.workspace,
        by=by,
        files=fetched.files,
        base=source.base or 1,
        origin=Revision.Origin.GIT,
        message=f"{source.branch or 'git'} {commit}",
    )
