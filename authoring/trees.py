"""Trees of files: path → digest, with the contents kept apart, once each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db.models.functions import Length

from authoring.models import Blob, Revision
from courses.publishing.ready import digest_of

Tree = dict[str, str]


def digest_of_bytes(data: bytes) -> str:
    """SHA-256 in hexadecimal: the name of a blob."""
    return hashlib.sha256(data).hexdigest()


def digest_of_tree(tree: Mapping[str, str]) -> str:
    """Equal trees have equal digests."""
    return digest_of(dict(tree))


def keep(contents: Mapping[str, bytes]) -> None:
    """Store contents (digest → bytes) that are not there yet. 1 query."""
    Blob.objects.bulk_create(
        [Blob(digest=digest, data=data) for digest, data in contents.items()],
        ignore_conflicts=True,
    )


def contents_of(digests: set[str]) -> dict[str, bytes]:
    """Digest → bytes. 1 query."""
    rows = Blob.objects.filter(digest__in=digests).values_list("digest", "data")
    return {digest: bytes(data) for digest, data in rows}


def sizes_of(digests: set[str]) -> dict[str, int]:
    """Digest → bytes of its contents. 1 query."""
    rows = Blob.objects.filter(digest__in=digests)
    return dict(rows.values_list("digest", Length("data")))


def files_in(tree: Mapping[str, str]) -> dict[str, bytes]:
    """Path → bytes of a whole tree. 1 query."""
    contents = contents_of(set(tree.values()))
    return {path: contents[digest] for path, digest in tree.items()}


def tree_at(workspace_pk: int, number: int) -> Tree | None:
    """The tree of a revision, or None when there is no such revision (any more). 1 query."""
    revision = Revision.objects.filter(workspace=workspace_pk, number=number).first()
    return None if revision is None else dict(revision.tree)
