"""Clashes of files that came from outside."""

from __future__ import annotations

from collections.abc import Sequence

from authoring.types import Conflict


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
