"""What the site pages show, put together. Each docstring says how many queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import prefetch_related_objects

from accounts.models import User
from accounts.queries import announcements_for, open_cohorts_of
from courses.models import Course, Enrolment, Programme, Qualification
from courses.queries import (
    courses_with_keys,
    enrolment_in,
    lessons_of,
    my_courses,
    my_qualifications,
    newer_release,
    programme_courses,
    programmes,
    qualified_count,
    resume_key,
)
from grading.queries import notices_for
from learn.forms import EnrolForm


@dataclass(frozen=True, slots=True)
class StudiedCourse:
    """One course of a learner: how far they are, and where they left off."""

    enrolment: Enrolment
    percent: int
    """Of the points that complete the course, 0 to 100."""
    resume_key: str
    resume_title: dict[str, str]
    has_begun: bool


def studied(enrolment: Enrolment) -> StudiedCourse:
    """No query when course and release are loaded."""
    release = enrolment.release
    # Credit is in hundredths and the share in percent, so their units agree as they are.
    needed = release.points * release.completion_percent
    percent = 100 if enrolment.completed_at else min(99, 100 * enrolment.credit // max(1, needed))
    key = resume_key(enrolment)
    title = next(lesson["title"] for lesson in lessons_of(release) if lesson["key"] == key)
    has_begun = bool(enrolment.last_lesson_key or enrolment.credit)
    return StudiedCourse(enrolment, percent, key, title, has_begun)


def landing_page() -> dict[str, Any]:
    """2 queries."""
    return {
        "qualified": qualified_count(),
        "goal": settings.NATIONAL_GOAL,
        "programmes": programmes(),
    }


def programme_page(programme: Programme, user: User | AnonymousUser) -> dict[str, Any]:
    """1 query, and 2 more for somebody who is signed in."""
    version = programme.current
    assert version is not None, "an access function has loaded it"
    mine = {row.course_id: row for row in my_courses(user)} if isinstance(user, User) else {}
    qualified = my_qualifications(user) if isinstance(user, User) else []
    listed = programme_courses(version)
    courses = [
        {"course": course, "required": required, "enrolment": mine.get(course.pk)}
        for course, required in listed
    ]
    return {
        "programme": programme,
        "about": version.about,
        "version": version,
        "required": [row for row in courses if row["required"]],
        "electives": [row for row in courses if not row["required"]],
        "hours": sum(course.current.effort_hours for course, _ in listed if course.current),
        "qualification": _of(programme, qualified),
    }


def _of(programme: Programme, qualifications: list[Qualification]) -> Qualification | None:
    return next((row for row in qualifications if row.programme_id == programme.pk), None)


def course_page(course: Course, user: User | AnonymousUser) -> dict[str, Any]:
    """2 queries for somebody who is signed in; 1 more for prerequisites, when there are some."""
    release = course.current
    assert release is not None, "an access function has loaded it"
    enrolment = enrolment_in(user, course) if isinstance(user, User) else None
    if enrolment is not None:
        enrolment.course = course  # its current release is loaded
    may_enrol = isinstance(user, User) and enrolment is None
    cohorts = open_cohorts_of(user) if may_enrol and isinstance(user, User) else []
    return {
        "course": course,
        "release": release,
        "about": release.about,
        "lesson_count": len(lessons_of(release)),
        "prerequisites": courses_with_keys(release.about["prerequisites"]),
        "studied": studied(enrolment) if enrolment else None,
        "newer": newer_release(enrolment) if enrolment else None,
        "form": EnrolForm(None, cohorts) if cohorts else None,
    }


def my_learning_page(user: User) -> dict[str, Any]:
    """4 queries, and 2 more when somebody studies in a cohort."""
    enrolments = my_courses(user)
    prefetch_related_objects(enrolments, "cohort__organisation")
    return {
        "under_way": [studied(row) for row in enrolments if not row.completed_at],
        "completed": [studied(row) for row in enrolments if row.completed_at],
        "qualifications": my_qualifications(user),
        "announcements": announcements_for(user),
        "notices": notices_for(user),
    }
