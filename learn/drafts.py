"""A draft as the learner will see it: rows that are never saved, for the functions that make the
learner's own pages. Nothing is written, and no learner's row is read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.models import Revision
from authoring.queries import lesson_draft, outline_of
from authoring.types import Draft, Outline
from courses.models import (
    Course,
    Enrolment,
    Exercise,
    ExerciseVersion,
    Lesson,
    LessonExercise,
    Release,
)
from courses.publishing.ready import ReadyExercise, ReadyLesson, digest_of
from exercises.registry import kind_named
from exercises.seeds import seed_for
from exercises.types import Broken, Tools
from exercises.verdicts import to_json
from grading.models import Body, Progress, Submission
from grading.queries import exercise_state
from grading.types import ExerciseState
from learn.pages import Page, shown_lesson
from learn.posted import Posted

NAMESPACE = uuid.UUID("4f6d1a52-6f0d-4f0c-9f5c-8a5d2b1c7e90")
"""Of the identities that exercises have before they are published."""


@dataclass(frozen=True, slots=True)
class DraftLesson:
    """One lesson of a draft, for a made-up learner with a seed."""

    enrolment: Enrolment
    lesson: Lesson
    placements: dict[str, LessonExercise]
    """Key → every exercise in which reading finds no fault."""


def draft_lesson(
    revision: Revision,
    lesson_key: str,
    *,
    user: User,
    seed: int,
    texts: Mapping[str, bytes] | None = None,
) -> DraftLesson | None:
    """A lesson of a revision, or None where it has none that can be shown. 3 queries.

    `texts`: path → what a file says instead. Loaded on the revision: the workspace.
    """
    outline = outline_of(revision)
    lessons = [lesson for module in outline.modules for lesson in module.lessons]
    found = next((one for one in lessons if one.key == lesson_key), None)
    if found is None:
        return None
    draft = lesson_draft(revision, found.folder, texts)
    ready = draft.ready and next(
        (one for one in draft.ready.lessons if one.key == lesson_key), None
    )
    if not ready:
        return None
    release = _release(draft, outline, ready, revision.workspace.course_key)
    lesson = Lesson(
        release=release,
        key=lesson_key,
        position=lessons.index(found) + 1,
        title=ready.title,
        minutes=ready.minutes,
        body=ready.body,
    )
    enrolment = Enrolment(user=user, course=release.course, release=release, seed=seed)
    faulty = {fault.file.split("/")[1] for fault in draft.faults if "/" in fault.file}
    known = Exercise.objects.filter(course__key=release.course.key)
    identities: dict[str, uuid.UUID] = dict(known.values_list("key", "uuid"))
    placements = {
        one.files.key: _placement(lesson, one, number, identities.get(one.files.key))
        for number, one in enumerate(ready.exercises)
        if one.files.key not in faulty
    }
    return DraftLesson(enrolment, lesson, placements)


def draft_lesson_page(shown: DraftLesson) -> Page:
    """What templates/learn/lesson.html shows of it. No query."""
    states = {}
    for key, placement in shown.placements.items():
        try:
            states[key] = exercise_state(placement, None, shown.enrolment, latest=None)
        except Broken:
            continue
    shown.lesson.body = {
        language: [_shown_block(block, states) for block in blocks]
        for language, blocks in shown.lesson.body.items()
    }
    return shown_lesson(shown.enrolment, shown.lesson, states, set())


def graded(shown: DraftLesson, key: str, posted: Posted) -> Submission:
    """An answer to an exercise of a quick kind with its verdict: rows that are not saved.

    Raises `Unreadable` as submitting does, and `Broken`.
    """
    placement = shown.placements[key]
    version = placement.version
    kind = kind_named(version.kind)
    seed = seed_for(shown.enrolment.seed, version.exercise.uuid, 0)
    variant = kind.vary(version.spec, seed)
    answer = kind.read(version.spec, variant, posted)
    verdict = kind.grade(version.spec, variant, answer, Tools())
    progress = Progress(
        enrolment=shown.enrolment, exercise=version.exercise, version=version, tries=1
    )
    now = timezone.now()
    submission = Submission(
        progress=progress,
        version=version,
        number=1,
        seed=seed,
        state=Submission.State.DONE,
        outcome=verdict.outcome,
        score=verdict.score,
        credit=round(100 * version.points * verdict.score),
        created_at=now,
        settled_at=now,
    )
    progress.credit = submission.credit
    progress.passed_at = now if verdict.score == 1 else None
    Body(submission=submission, answer=answer, verdict=to_json(verdict))
    return submission


def _release(draft: Draft, outline: Outline, ready: ReadyLesson, course_key: str) -> Release:
    """The release that this draft would be, as far as a lesson page asks."""
    assert draft.ready is not None, "it holds the lesson"
    course = Course(key=course_key)
    return Release(
        course=course,
        number=0,
        # Pages keep what they rendered by this; the order of lessons is part of what they say.
        digest=digest_of([draft.ready.digest, str(outline)]),
        about=draft.ready.about,
        outline=[
            {
                "key": module.key,
                "title": module.title,
                "lessons": [
                    {
                        "key": lesson.key,
                        "title": lesson.title or {"en": lesson.key},
                        "minutes": ready.minutes if lesson.key == ready.key else 0,
                        "exercises": [
                            {"key": one.key, "title": one.title, "kind": one.kind, "points": 0}
                            for one in lesson.exercises
                        ],
                    }
                    for lesson in module.lessons
                ],
            }
            for module in outline.modules
        ],
        languages=outline.languages,
        points=1,
        completion_percent=100,
    )


def _placement(
    lesson: Lesson, ready: ReadyExercise, number: int, identity: uuid.UUID | None
) -> LessonExercise:
    """An exercise of the lesson. `identity`: of a published one, so that seeds mean the same."""
    course = lesson.release.course
    key = ready.files.key
    identity = identity or uuid.uuid5(NAMESPACE, f"{course.key}/{key}")
    exercise = Exercise(course=course, key=key, uuid=identity)
    content: dict[str, Any] = dict(ready.content)
    version = ExerciseVersion(exercise=exercise, digest=ready.digest, **content)
    return LessonExercise(lesson=lesson, version=version, position=number)


def _shown_block(block: dict[str, str], states: Mapping[str, ExerciseState]) -> dict[str, str]:
    """A block of the lesson; in place of an exercise that cannot be shown, a word about it."""
    key = block.get("exercise", "")
    if not key or key in states:
        return block
    words = _("“%(key)s” can be shown when its mistakes are mended.") % {"key": key}
    return {"html": str(format_html('<p class="notice notice-warn">{}</p>', words))}
