"""What can be studied, who studies it, what they have earned, and the counts of it."""

from __future__ import annotations

from courses.models.content import (
    Course,
    Exercise,
    ExerciseVersion,
    Lesson,
    LessonExercise,
    Programme,
    ProgrammeVersion,
    Release,
)
from courses.models.learners import (
    CohortDeadline,
    CohortPlan,
    Enrolment,
    Qualification,
    Standing,
    new_seed,
)
from courses.models.policy import PolicyReport
from courses.models.tallies import DelayTally, RetentionTally, StageTally, Tally

__all__ = [
    "CohortDeadline",
    "CohortPlan",
    "Course",
    "DelayTally",
    "Enrolment",
    "Exercise",
    "ExerciseVersion",
    "Lesson",
    "LessonExercise",
    "PolicyReport",
    "Programme",
    "ProgrammeVersion",
    "Qualification",
    "Release",
    "RetentionTally",
    "StageTally",
    "Standing",
    "Tally",
    "new_seed",
]
