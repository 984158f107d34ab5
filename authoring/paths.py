"""Which paths a file of a course can have, and how large a course may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from authoring.types import BadPath, TooLarge

FILES_AT_MOST = 5_000
FILE_AT_MOST = 2 * 1024 * 1024
COURSE_AT_MOST = 32 * 1024 * 1024
"""In bytes."""
LONGEST_PATH = 240
DEEPEST = 6

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def check_paths(paths: Iterable[str]) -> None:
    """Raises `BadPath` for a path that is not plain (relative, ASCII, no dots before names), or
    that differs from another one in nothing but capitals, or that stands below another file."""
    seen: dict[str, str] = {}
    for path in paths:
        parts = path.split("/")
        plain = len(path) <= LONGEST_PATH and len(parts) <= DEEPEST
        if not plain or not all(_PART.fullmatch(part) for part in parts):
            raise BadPath(path)
        if path.lower() in seen:
            raise BadPath(path)
        seen[path.lower()] = path
    for lower, path in seen.items():
        parts = lower.split("/")
        if any("/".join(parts[:depth]) in seen for depth in range(1, len(parts))):
            raise BadPath(path)


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Raises `TooLarge`. `sizes`: path → bytes."""
    if len(sizes) > FILES_AT_MOST:
        raise TooLarge(FILES_AT_MOST, counts_files=True)
    for path, size in sizes.items():
        if size > FILE_AT_MOST:
            raise TooLarge(FILE_AT_MOST, path)
    if sum(sizes.values()) > COURSE_AT_MOST:
        raise TooLarge(COURSE_AT_MOST)
