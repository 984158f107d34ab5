"""The rule of a programme: who is qualified. Pure."""

from __future__ import annotations

from collections.abc import Collection

from courses.models import ProgrammeVersion


def names(version: ProgrammeVersion, course_key: str) -> bool:
    """Whether a course belongs to a version of a programme."""
    return any(entry["key"] == course_key for entry in version.courses)


def required(version: ProgrammeVersion) -> list[str]:
    """The keys of the courses that nobody qualifies without, in order."""
    return [entry["key"] for entry in version.courses if entry["required"]]


def is_met(version: ProgrammeVersion, completed: Collection[str]) -> bool:
    """Whether somebody who completed these courses (by key) meets the rule of this version:
    every required course, and at least `elective_minimum` of the others.
    """
    electives = {entry["key"] for entry in version.courses if not entry["required"]}
    done = set(completed)
    return done.issuperset(required(version)) and len(electives & done) >= version.elective_minimum
