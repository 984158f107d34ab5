"""Archives and repositories → the files of a course, or a sentence why not."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authoring.queries.arrivals import course_in
from interop.archives import read_archive
from interop.types import Reason, Refused
from sandbox.git import GitRefused

NO_COURSE = Reason(
    "no_course",
    {
        "en": "There is no course.toml at the top of the archive, nor in the only folder of it.",
        "zh-hans": "压缩包的顶层以及其中唯一的文件夹里都没有 course.toml。",
    },
)

_GIT: dict[str, str | Promise] = {
    "address": _("Give an https address without a name, a password or a query in it."),
    "host": _("This host is not on the list of those from which courses may be fetched."),
    "branch": _("A branch cannot have this name."),
    "missing": _(
        "Git could not fetch it: no such repository, branch or folder, or it is not open."
    ),
    "time": _("It took too long."),
    "size": _("The repository is too large."),
    "link": _("There is a symbolic link in it; a course has plain files only."),
    "git": _("There is no git on this server."),
}


def course_files(data: bytes) -> dict[str, bytes]:
    """The files of the course in an archive that nobody vouches for. Raises `Refused`."""
    found = course_in(read_archive(data))
    if not found:
        raise Refused(NO_COURSE)
    return found


def said_of_git(refused: GitRefused) -> str:
    """Why nothing was fetched, as a sentence, with git's own last words where it has some."""
    words = _GIT.get(refused.code, _GIT["missing"])
    return f"{words} {refused.detail}".strip() if refused.code == "missing" else str(words)
