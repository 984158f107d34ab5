"""Proofs that travel: which exercise versions were proved, for hosts that cannot prove them.

A file of lines `digest course/exercise`. A digest covers all that an exercise version holds, so a
line says nothing about an exercise that differs by one byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from courses.publishing.ready import ReadyCourse


def lines_of(courses: Iterable[ReadyCourse]) -> list[str]:
    """One line for each exercise of these courses, by name."""
    named = {
        f"{course.files.key}/{exercise.files.key}": exercise.digest
        for course in courses
        for exercise in course.exercises()
    }
    return [f"{named[name]} {name}" for name in sorted(named)]


def record_proofs(path: Path, courses: Iterable[ReadyCourse]) -> None:
    """Write the file. Call it only after everything in `courses` was proved."""
    path.write_text("\n".join(lines_of(courses)) + "\n", encoding="ascii")


def read_proofs(path: Path | None) -> frozenset[str]:
    """The digests in the file; none without a file."""
    if path is None:
        return frozenset()
    return frozenset(line.split()[0] for line in path.read_text("ascii").splitlines() if line)
