"""Pictures of an archive that its texts show."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote

from interop.html_markdown import Picture
from interop.neutral_writing import Course
from interop.reasons import because
from interop.types import Reason
from interop.xml_trees import Node


def pictures_of(course: Course, files: Mapping[str, bytes], folder: str) -> Picture:
    """How the texts of a file in this folder take their pictures along into the course."""

    def picture(node: Node) -> str | Reason:
        source = node.get("src") or node.get("data")
        path = posixpath.normpath(posixpath.join(folder, unquote(source.partition("?")[0])))
        if path not in files:
            return because("picture_missing", name=source)
        return course.figure(path, files[path])

    return picture
