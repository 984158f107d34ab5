"""Looks at the processes of this host."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def running(words: str) -> list[int]:
    """The processes that have `words` in their command line."""
    found = []
    for path in Path("/proc").iterdir():
        with suppress(OSError):
            if path.name.isdigit() and words.encode() in (path / "cmdline").read_bytes():
                found.append(int(path.name))
    return found
