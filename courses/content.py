"""Published content that this process has read before.

Its rows never change, so what was read stays true (docs/decisions/0014-remembered-content.md).
They are shared by all requests: to be read, never written to.
"""

from __future__ import annotations

from functools import lru_cache

from courses.models import Lesson, LessonExercise, Release

RELEASES = 64
LESSONS = 256
"""The most that a process keeps, the last used: about 100 kB for each."""


@lru_cache(maxsize=RELEASES)
def release(pk: int) -> Release:
    """A release with its course. 1 query, once.

    Without what only the catalogue searches, and without the course's `current`, which changes.
    """
    rows = Release.objects.select_related("course").defer("search_text", "course__current")
    return rows.get(pk=pk)


@lru_cache(maxsize=LESSONS)
def lesson(pk: int) -> Lesson:
    """A lesson with its release and course. At most 2 queries, once."""
    row = Lesson.objects.get(pk=pk)
    row.release = release(row.release_id)
    return row


@lru_cache(maxsize=LESSONS)
def placements(lesson_pk: int) -> tuple[LessonExercise, ...]:
    """The exercises of a lesson in order, versions and exercises loaded. 1 query, once."""
    # Uses index: lesson_exercise, by its first column.
    rows = LessonExercise.objects.filter(lesson=lesson_pk).order_by("position")
    found = tuple(rows.select_related("version__exercise"))
    for row in found:
        row.lesson = lesson(lesson_pk)
    return found
