"""Courses and programmes as rows, for tests that are not about publishing."""

from __future__ import annotations

import itertools

from django.core.cache import caches

from courses import content
from courses.models import (
    Course,
    Exercise,
    ExerciseVersion,
    Lesson,
    LessonExercise,
    Programme,
    ProgrammeVersion,
    Release,
)

_digests = (f"{number:064x}" for number in itertools.count())


def forget_content() -> None:
    """Make this process read and render published content anew, as a fresh one does."""
    for remembered in (content.release, content.lesson, content.placements):
        remembered.cache_clear()
    caches["template_fragments"].clear()


def make_release(course: Course, *, points: int, percent: int, **fields: object) -> Release:
    """A release that is the current one now."""
    release = Release.objects.create(
        **{
            "course": course,
            "number": course.releases.count() + 1,
            "digest": next(_digests),
            "about": {"title": {"en": course.key}},
            "outline": [],
            "level": "foundations",
            "topic": "ledgers",
            "provider": "Chainwright",
            "languages": ["en"],
            "effort_hours": 2,
            "points": points,
            "completion_percent": percent,
            "exercise_count": 1,
            "search_text": f" {course.key} lang=en ",
            **fields,
        }
    )
    course.current = release
    course.save()
    return release


def make_course(key: str, *, points: int = 10, percent: int = 70, **fields: object) -> Course:
    """A published course."""
    course = Course.objects.create(key=key)
    make_release(course, points=points, percent=percent, **fields)
    return course


def make_programme(key: str, courses: list[tuple[str, bool]], *, electives: int = 0) -> Programme:
    """A published programme of courses, each required or not."""
    programme = Programme.objects.create(key=key)
    programme.current = ProgrammeVersion.objects.create(
        programme=programme,
        number=1,
        digest=next(_digests),
        about={"title": {"en": key}},
        courses=[{"key": course, "required": required} for course, required in courses],
        elective_minimum=electives,
    )
    programme.save()
    return programme


def make_exercise(course: Course, *, lesson: str, exercise: str) -> LessonExercise:
    """A lesson of the current release with one exercise in it."""
    assert course.current is not None
    identity, _ = Exercise.objects.get_or_create(course=course, key=exercise)
    version = ExerciseVersion.objects.create(
        exercise=identity,
        digest=next(_digests),
        kind="choice",
        title={"en": exercise},
        statement={"en": "<p>Which?</p>"},
        spec={},
        points=2,
    )
    row, _ = Lesson.objects.get_or_create(
        release=course.current,
        key=lesson,
        defaults={
            "position": course.current.lessons.count() + 1,
            "title": {"en": lesson},
            "minutes": 1,
            "body": {"en": [{"html": "<p>Read.</p>"}, {"exercise": exercise}]},
        },
    )
    return LessonExercise.objects.create(
        lesson=row, version=version, position=row.placements.count() + 1
    )
