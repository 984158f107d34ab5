"""One exercise of a revision, as its files."""

from __future__ import annotations

import tomllib
from typing import Any

from authoring.models import Revision
from authoring.trees import files_in


def folder_of(revision: Revision, lesson: str, key: str) -> dict[str, bytes]:
    """Name below the exercise's folder → bytes; nothing where there is no such folder. 1 query."""
    prefix = f"{lesson}/{key}/"
    tree = {path: one for path, one in revision.tree.items() if path.startswith(prefix)}
    return {path.removeprefix(prefix): data for path, data in files_in(tree).items()}


def misconceptions_of(revision: Revision) -> list[tuple[str, dict[str, str]]]:
    """Key and title of each that course.toml names, without what is wrong there. 1 query."""
    tree = {path: one for path, one in revision.tree.items() if path == "course.toml"}
    try:
        data: dict[str, Any] = tomllib.loads(files_in(tree).get("course.toml", b"").decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return []
    listed = data.get("misconceptions")
    found = []
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("key"), str):
            title = entry.get("title")
            found.append((entry["key"], title if isinstance(title, dict) else {}))
    return found
