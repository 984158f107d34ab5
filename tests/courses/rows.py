"""Courses and programmes as rows, for tests that are not about publishing."""

from __future__ import annotations

import itertools

from courses.models import Course, Programme, ProgrammeVersion, Release

_digests = (f"{number:064x}" for number in itertools.count())


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
