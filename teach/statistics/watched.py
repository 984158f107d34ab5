"""The published course behind a workspace, and its exercises; 404 where there is none."""

from __future__ import annotations

from django.http import Http404

from analysis.queries import code_exercise, watched_course, watched_exercise
from courses.models import Course, Exercise


def exercise_or_404(
    course_key: str, exercise_key: str, *, only_code: bool = False
) -> tuple[Course, Exercise]:
    """A published course and one of its exercises; `only_code`: one that is written as a program.

    2 queries.
    """
    course = watched_course(course_key)
    if course is None:
        raise Http404
    found = (code_exercise if only_code else watched_exercise)(course, exercise_key)
    if found is None:
        raise Http404
    return course, found
