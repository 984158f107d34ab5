"""What simulated people study: the programmes and courses that are really published."""

from __future__ import annotations

from dataclasses import dataclass

from courses import qualification
from courses.models import Course, LessonExercise, Programme


@dataclass(frozen=True, slots=True)
class Step:
    """One exercise of a release."""

    exercise_id: int
    version_id: int
    lesson_key: str
    points: int
    most_tries: int
    """0: as many as one likes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A course with its current release."""

    course: Course
    steps: tuple[Step, ...]
    """In reading order."""
    needed: int
    """The credit that completes it, in hundredths of a point."""


@dataclass(frozen=True, slots=True)
class Syllabus:
    """Everything that can be studied."""

    programmes: tuple[Programme, ...]
    """With their current versions, those with fewer courses first."""
    subjects: dict[str, Subject]
    """By course key."""

    def required(self, programme: Programme) -> list[Subject]:
        """The courses that a programme requires, in order."""
        assert programme.current is not None
        return [self.subjects[key] for key in qualification.required(programme.current)]

    def programmes_with(self, course_key: str) -> list[Programme]:
        """The programmes that name a course."""
        return [
            programme
            for programme in self.programmes
            if programme.current and qualification.names(programme.current, course_key)
        ]


def read_syllabus() -> Syllabus:
    """What is published now: programmes all of whose required courses have a release."""
    subjects = {}
    for course in Course.objects.exclude(current=None).select_related("current").order_by("pk"):
        release = course.current
        assert release is not None
        placements = LessonExercise.objects.filter(lesson__release=release)
        rows = placements.select_related("lesson", "version").order_by(
            "lesson__position", "position", "pk"
        )
        steps = {
            row.version.exercise_id: Step(
                row.version.exercise_id,
                row.version_id,
                row.lesson.key,
                row.version.points,
                row.version.tries,
            )
            for row in rows
        }
        subjects[course.key] = Subject(
            course, tuple(steps.values()), release.points * release.completion_percent
        )
    rows_of_programmes = Programme.objects.exclude(current=None).select_related("current")
    programmes = [
        programme
        for programme in rows_of_programmes.order_by("pk")
        if programme.current
        and (required := qualification.required(programme.current))
        and subjects.keys() >= set(required)
    ]
    programmes.sort(key=lambda one: len(one.current.courses) if one.current else 0)
    return Syllabus(tuple(programmes), subjects)
