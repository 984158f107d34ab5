"""What the lesson, exercise and submission pages show. Each docstring says how many queries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from courses.models import Enrolment, Lesson, LessonExercise, Release
from courses.queries import lessons_of, neighbours, placements_of
from exercises.registry import kind_named
from exercises.types import Text
from grading.models import Draft, Progress, Submission
from grading.queries import (
    draft_for,
    exercise_state,
    history,
    latest_try,
    lesson_progress,
    progress_at,
)
from grading.types import ExerciseState
from learn.posted import Posted, shown_again
from learn.results import MOST_TRIES, result_context
from learn.templatetags.content import language_in

Page = dict[str, Any]
"""Context of a template."""

OUTLINE_LESSONS = 16_384
"""The most that a process remembers, the last used: half a kB for each."""

FIGURE = re.compile(r"<cw-([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a form that was just posted, to be said beside the exercise."""

    posted: Posted = field(default_factory=dict)
    """To be shown again when it could not be read: nothing that was typed is lost."""
    error: Text | None = None
    refused: str | Promise = ""
    answered: bool = False
    hinted: bool = False


NOTHING = Said()


def lesson_page(enrolment: Enrolment, lesson: Lesson) -> Page:
    """1 query, 1 more where exercises of the lesson were touched, and 1 more in a process that has
    not read its exercises before."""
    placements = placements_of(lesson)
    progress, latest, passed, terms = lesson_progress(enrolment, placements)
    states = {}
    for placement in placements:
        exercise = placement.version.exercise
        states[exercise.key] = exercise_state(
            placement,
            progress.get(exercise.pk),
            enrolment,
            latest=latest.get(exercise.pk),
            terms=terms,
        )
    return shown_lesson(enrolment, lesson, states, passed)


def shown_lesson(
    enrolment: Enrolment,
    lesson: Lesson,
    states: Mapping[str, ExerciseState],
    passed: Collection[str],
) -> Page:
    """A lesson with its exercises, by key, as they are now. `passed`: keys in the whole course. No
    query."""
    language = language_in(lesson.body)
    blocks = lesson.body.get(language, [])
    previous, following = neighbours(lesson.release, lesson.key)
    return {
        **course_context(enrolment),
        **_position(lesson.release, lesson.key),
        "lesson": lesson,
        "previous": previous,
        "next": following,
        "outline": _outline(enrolment, lesson, passed),
        "exercise_count": len(states),
        "language_missing": language != get_language(),
        "blocks": [
            {"exercise": states[block["exercise"]]} if "exercise" in block else block
            for block in blocks
        ],
        "figures": figures_in(blocks),
        "has_forms": any(not state.is_code for state in states.values()),
    }


def figures_in(blocks: Iterable[Mapping[str, str]]) -> list[str]:
    """The scripts of the interactive figures in a lesson, each once."""
    names = (name for block in blocks for name in FIGURE.findall(block.get("html", "")))
    return [f"js/figures/{name}.js" for name in dict.fromkeys(names)]


def course_context(enrolment: Enrolment) -> Page:
    """What every page here needs of the course, its release loaded. No query."""
    release = enrolment.release
    return {
        "course": enrolment.course,
        "release": release,
        "misconceptions": release.about["misconceptions"],
    }


def _position(release: Release, lesson_key: str) -> Page:
    """Where a lesson stands: its module, its number among all."""
    keys = [lesson["key"] for lesson in lessons_of(release)]
    module = next(
        module
        for module in release.outline
        if any(lesson["key"] == lesson_key for lesson in module["lessons"])
    )
    return {"module": module, "position": keys.index(lesson_key) + 1, "lesson_count": len(keys)}


def _outline(enrolment: Enrolment, lesson: Lesson, passed: Collection[str]) -> list[Page]:
    """The outline as it is seen in a lesson, with what this learner has passed of each."""
    home = reverse("learn:course_home", args=[enrolment.course.key])
    return [
        {
            **module,
            "lessons": [
                _outline_lesson(
                    get_language(),
                    url=f"{home}{entry['key']}/",
                    title=entry["title"].get(language_in(entry["title"]), ""),
                    passed=sum(one["key"] in passed for one in entry["exercises"]),
                    total=len(entry["exercises"]),
                    is_current=entry["key"] == lesson.key,
                )
                for entry in module["lessons"]
            ],
        }
        for module in enrolment.release.outline
    ]


@lru_cache(maxsize=OUTLINE_LESSONS)
def _outline_lesson(
    _language: str | None, *, url: str, title: str, passed: int, total: int, is_current: bool
) -> str:
    """One lesson of the outline, as HTML in this language."""
    return render_to_string(
        "learn/parts/outline_lesson.html",
        {
            "url": url,
            "title": title,
            "passed": passed,
            "total": total,
            "is_done": 0 < total == passed,
            "is_current": is_current,
        },
    )


def exercise_page(enrolment: Enrolment, placement: LessonExercise, said: Said = NOTHING) -> Page:
    """A quiz exercise, alone or to be put back into its lesson. 2 queries."""
    progress = progress_at(enrolment, placement.version.exercise)
    return quiz_page(enrolment, placement, progress, latest_try(progress), said)


def answered_page(enrolment: Enrolment, placement: LessonExercise, submission: Submission) -> Page:
    """A quiz exercise right after an answer, which brings its progress and verdict. No query."""
    said = Said(answered=True)
    return quiz_page(enrolment, placement, submission.progress, submission, said)


def accepted_page(enrolment: Enrolment, placement: LessonExercise, submission: Submission) -> Page:
    """What changes in the workspace when a program was taken. No query."""
    is_try = submission.purpose == Submission.Purpose.TRY
    latest = submission if is_try else None
    return {
        **course_context(enrolment),
        **result_context(submission),
        "lesson": placement.lesson,
        "exercise_key": placement.version.exercise.key,
        "state": exercise_state(placement, submission.progress, enrolment, latest=latest),
    }


def quiz_page(
    enrolment: Enrolment,
    placement: LessonExercise,
    progress: Progress | None,
    latest: Submission | None,
    said: Said,
) -> Page:
    """A quiz exercise of which everything has been read. No query."""
    state = exercise_state(placement, progress, enrolment, latest=latest)
    if said.error:
        state = replace(state, shown=shown_again(state.shown, said.posted))
    return {
        **course_context(enrolment),
        "lesson": placement.lesson,
        "exercise_key": state.key,
        "state": state,
        "said": said,
    }


def workspace_page(enrolment: Enrolment, placement: LessonExercise, said: Said = NOTHING) -> Page:
    """The workspace of a program or contract. 3 queries; 1 or 2 more for the bodies of what was
    handed in; 3 more while a submission has been waiting; 2 more for what happened on ledgers."""
    exercise = placement.version.exercise
    progress = progress_at(enrolment, exercise)
    tries = history(enrolment, exercise, most=MOST_TRIES) if progress else []
    draft = draft_for(enrolment, exercise)
    return code_page(enrolment, placement, progress, tries, draft, said)


def code_page(
    enrolment: Enrolment,
    placement: LessonExercise,
    progress: Progress | None,
    tries: list[Submission],
    draft: Draft | None,
    said: Said,
) -> Page:
    """The same of which everything but the latest try's body and wait has been read."""
    latest = next((one for one in tries if one.purpose == Submission.Purpose.TRY), None)
    state = exercise_state(placement, progress, enrolment, latest=latest, draft=draft)
    if said.error or said.refused:
        state = replace(state, shown=shown_again(state.shown, said.posted))
    return {
        **course_context(enrolment),
        **result_context(tries[0] if tries else None),
        "lesson": placement.lesson,
        "exercise_key": state.key,
        "state": state,
        "may_submit": may_submit(state),
        "starter": {file["name"]: file["starter"] for file in files_of(state)},
        "draft": draft,
        "tries": tries,
        "said": said,
    }


def history_page(enrolment: Enrolment, placement: LessonExercise) -> Page:
    """My submissions at one exercise. 2 queries; 1 more for the body of the latest try."""
    exercise = placement.version.exercise
    progress = progress_at(enrolment, exercise)
    tries = history(enrolment, exercise) if progress else []
    latest = next((one for one in tries if one.purpose == Submission.Purpose.TRY), None)
    return {
        **course_context(enrolment),
        "lesson": placement.lesson,
        "exercise_key": exercise.key,
        "state": exercise_state(placement, progress, enrolment, latest=latest),
        "tries": tries,
    }


def is_code(placement: LessonExercise) -> bool:
    """Whether the exercise has a workspace of its own, and no form in its lesson."""
    return kind_named(placement.version.kind).slow


def may_submit(state: ExerciseState) -> bool:
    """Whether the button is there: also while the last submission is still being graded."""
    return state.allowed or (
        state.latest is not None and state.latest.state in Submission.IN_FLIGHT
    )


def files_of(state: ExerciseState) -> Sequence[Mapping[str, str]]:
    return cast("Sequence[Mapping[str, str]]", state.shown["files"])
