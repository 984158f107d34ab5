"""What pages read of this room."""

from __future__ import annotations

from analysis.queries.exercises import (
    Answer,
    Breakdown,
    Cluster,
    ExerciseRow,
    Group,
    Statistics,
    bins,
    check_titles,
    course_statistics,
    exercise_statistics,
    reliabilities,
)
from analysis.queries.similarity import (
    ListedPair,
    SideBySide,
    latest_comparison,
    listed_pairs,
    side_by_side,
)
from analysis.queries.submissions import (
    Filters,
    Listed,
    Page,
    code_exercise,
    cohorts_in,
    exercises_of,
    pseudonym,
    submissions,
    watched_course,
    watched_exercise,
    watched_submission,
)

__all__ = [
    "Answer",
    "Breakdown",
    "Cluster",
    "ExerciseRow",
    "Filters",
    "Group",
    "Listed",
    "ListedPair",
    "Page",
    "SideBySide",
    "Statistics",
    "bins",
    "check_titles",
    "code_exercise",
    "cohorts_in",
    "course_statistics",
    "exercise_statistics",
    "exercises_of",
    "latest_comparison",
    "listed_pairs",
    "pseudonym",
    "reliabilities",
    "side_by_side",
    "submissions",
    "watched_course",
    "watched_exercise",
    "watched_submission",
]
