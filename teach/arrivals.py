"""Archives → the files of a course."""

from __future__ import annotations

from authoring.queries.arrivals import course_in
from interop.archives import read_archive
from interop.types import Reason, Refused

NO_COURSE = Reason(
    "no_course",
    {
        "en": "There is no course.toml at the top of the archive, nor in the only folder of it.",
        "zh-hans": "压缩包的顶层以及其中唯一的文件夹里都没有 course.toml。",
    },
)


def course_files(data: bytes) -> dict[str, bytes]:
    """The files of the course in an archive that nobody vouches for. Raises `Refused`."""
    found = course_in(read_archive(data))
    if not found:
        raise Refused(NO_COURSE)
    return found
