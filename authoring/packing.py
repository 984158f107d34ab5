"""A whole course as one archive, and back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from authoring.models import Revision
from authoring.trees import files_in

_COMMENT = "chainwright revision {}"
_NAMED = re.compile(rb"chainwright revision ([1-9][0-9]{0,8})")
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can hold: one revision is always the same bytes."""
_PLAIN_FILE = 0o100644 << 16
_TAIL = 4096
"""Bytes at the end of an archive in which its comment stands."""


def pack(revision: Revision) -> bytes:
    """A revision as a zip with one folder, named by the course's key. The same bytes each time.

    Its comment names the revision: whoever uploads the archive again has written on that one.
    1 query. Loaded: the workspace.
    """
    key = revision.workspace.course_key
    return pack_files(files_in(revision.tree), key, _COMMENT.format(revision.number))


def pack_files(files: Mapping[str, bytes], course_key: str, comment: str = "") -> bytes:
    """The files of a course as a zip with one folder of this name. The same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.comment = comment.encode()
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{course_key}/{path}", _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            entry.create_system = 3
            archive.writestr(entry, files[path])
    return packed.getvalue()


def revision_named(data: bytes) -> int | None:
    """The number of the revision that an archive was downloaded as, if it says so."""
    found = _NAMED.search(data[-_TAIL:])
    return int(found[1]) if found else None


def course_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the course in an archive: below the folder that holds course.toml, which is the
    archive's own or the only one in it. Hidden files are left out; {} where there is no course."""
    plain = {
        path: data
        for path, data in files.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in path.split("/"))
    }
    if "course.toml" in plain:
        return plain
    tops = {path.split("/", 1)[0] for path in plain}
    top = next(iter(tops)) if len(tops) == 1 else ""
    if not top or f"{top}/course.toml" not in plain:
        return {}
    return {path.removeprefix(f"{top}/"): data for path, data in plain.items()}
