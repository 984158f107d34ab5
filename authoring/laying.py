"""Revisions on disk, for a moment: what reads a course reads a folder (docs/course-format.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from authoring.models import Revision
from authoring.outlines import COURSE_FILE
from authoring.paths import check_paths
from authoring.trees import files_in
from authoring.types import Draft
from courses.models import Course
from courses.publishing.faults import Fault, Faults
from courses.publishing.loader import read_course
from courses.publishing.ready import make_ready
from courses.publishing.validate import check_course

REMEMBERED = 8
"""How many drafts a process keeps, the last used: some MB each for a large course."""


@contextmanager
def laid_out(files: Mapping[str, bytes], course_key: str) -> Iterator[Path]:
    """A temporary folder named by the course's key that holds these files. Raises `BadPath`."""
    check_paths(files)
    with TemporaryDirectory(prefix="course-") as place:
        folder = Path(place) / course_key
        folder.mkdir()
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield folder


def draft(revision: Revision) -> Draft:
    """What can be made of a revision, and every fault that reading shows; never raises for an
    author's mistake. 1 query, 2 more when this process has not read the revision before.

    Loaded on it: the workspace.
    """
    known = Course.objects.exclude(current=None).values_list("key", flat=True)
    return _draft(_Files(revision), revision.workspace.course_key, frozenset(known))


def draft_of_files(files: Mapping[str, bytes], course_key: str) -> Draft:
    """The same of files that are no revision. 1 query."""
    known = Course.objects.exclude(current=None).values_list("key", flat=True)
    return read(files, course_key, frozenset(known))


def lesson_draft(
    revision: Revision, folder: str, texts: Mapping[str, bytes] | None = None
) -> Draft:
    """A draft of one lesson alone, which is quick; its faults and those of figures.

    `texts`: path → what a file says instead. The course's outline names this lesson only. 1 query.
    Loaded on the revision: the workspace.
    """
    near = ("figures/", f"{folder}/")
    tree = {
        path: digest
        for path, digest in revision.tree.items()
        if path == COURSE_FILE or path.startswith(near)
    }
    whole = read(files_in(tree) | dict(texts or {}), revision.workspace.course_key, frozenset())
    found = (fault for fault in whole.faults if whole.course is None or fault.file.startswith(near))
    return Draft(whole.course, whole.ready, tuple(found))


class _Files:
    """The files of a revision, read when they are needed; two with one tree are one."""

    def __init__(self, revision: Revision) -> None:
        self.digest = revision.digest
        self.tree = revision.tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Files) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=REMEMBERED)
def _draft(files: _Files, course_key: str, known: frozenset[str]) -> Draft:
    return read(files_in(files.tree), course_key, known)


def read(files: Mapping[str, bytes], course_key: str, known: frozenset[str]) -> Draft:
    """A draft of these files. `known`: keys of the courses that can be required. No query."""
    faults = Faults()
    with laid_out(files, course_key) as folder:
        course = read_course(folder, faults)
        ready = None
        if course is not None:
            check_course(course, known, faults)
            ready = make_ready(course, faults)
            if course.key and course.key != course_key:
                line = course.document.line("key")
                said = f"The key of this course is `{course_key}`."
                faults.add(course.document.file, line, said)
        return Draft(course, ready, tuple(_below(fault, folder) for fault in faults.ordered()))


def _below(fault: Fault, folder: Path) -> Fault:
    """A fault that says paths in the course, and nothing of where it was laid out."""
    prefix = f"{folder}/"
    message = fault.message.replace(prefix, "")
    return Fault(fault.file.removeprefix(prefix), fault.line, message)
