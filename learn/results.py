"""What is said of one submission: its verdict, or why it has none yet."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import LessonExercise
from courses.publishing.highlight import highlighted
from courses.queries import lessons_of
from exercises.registry import kind_named
from exercises.texts import fill_text
from grading.models import Submission
from grading.queries import (
    ahead_of,
    body_of,
    exercise_state,
    history,
    latest_try,
    queue_status,
    repaired_of,
    verdict_of,
)
from learn.differences import compare
from learn.ledger_results import report_of

NO_WORKER = _("No grading worker is running at the moment.")
PACES = ((3, "400ms"), (15, "1s"), (120, "3s"))
"""How often the page asks, by the age of the submission in seconds; later every 10 s."""
MOST_TRIES = 20
"""How many earlier submissions the workspace lists; the history page lists all."""
QUIET_SECONDS = 2
"""So long a wait is nothing to explain."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a page says while a submission is not final."""

    pace: str
    ahead: int = 0
    """How many submissions are before it."""
    paused: str | Promise = ""
    """Why nothing is graded at all; '' while something is."""

    def token(self, state: str) -> str:
        """Changes when what the page says changes: the page sends back the one that it shows."""
        return f"{state}.{self.pace}.{self.ahead}.{zlib.crc32(str(self.paused).encode())}"


def waiting_for(submission: Submission) -> Waiting:
    """No query in the first two seconds; then 3 while it is queued."""
    age = (timezone.now() - submission.created_at).total_seconds()
    pace = next((pace for seconds, pace in PACES if age < seconds), "10s")
    if age < QUIET_SECONDS or submission.state != Submission.State.QUEUED:
        return Waiting(pace)
    status = queue_status()
    paused: str | Promise = status.reason_paused or ("" if status.workers_alive else NO_WORKER)
    paused = paused or status.engines_missing.get(submission.engine, "")
    return Waiting(pace, ahead_of(submission), paused)


def result_context(submission: Submission | None) -> dict[str, Any]:
    """Context of templates/learn/parts/result.html. 1 query for a body that is not loaded; 2 for
    what happened on ledgers."""
    if submission is None:
        return {"submission": None}
    if submission.state in Submission.IN_FLIGHT:
        waiting = waiting_for(submission)
        token = waiting.token(submission.state)
        return {"submission": submission, "waiting": waiting, "token": token}
    verdict = verdict_of(submission)
    report = report_of(submission, verdict)
    return {
        "submission": submission,
        "verdict": verdict,
        "report": report,
        "repaired": repaired_of(submission),
    }


def submission_page(submission: Submission) -> dict[str, Any]:
    """A submission, loaded by `submission_for`. No query once it is final."""
    version, progress = submission.version, submission.progress
    kind = kind_named(version.kind)
    variant = kind.vary(version.spec, submission.seed)
    body = body_of(submission)
    shown = kind.show(version.spec, variant, body.answer if body else None)
    return {
        **result_context(submission),
        **_where(submission),
        "statement": fill_text(version.statement, variant.values),
        "template": f"exercises/{version.kind}.html",
        "shown": shown,
        "files": _compared(shown) if kind.slow else [],
        "is_kept": body is not None and bool(body.answer),
        "progress": progress,
    }


def state_page(submission: Submission) -> dict[str, Any]:
    """What the page that polls puts in place of what it shows. No query once it is final."""
    return {**result_context(submission), **_where(submission)}


def settled_page(submission: Submission) -> dict[str, Any]:
    """What else changes in the workspace with a verdict: points, tries, solution, the list. 3
    queries, as if the workspace were opened anew."""
    enrolment = submission.progress.enrolment
    placement = LessonExercise(version=submission.version)
    tries = history(enrolment, submission.version.exercise, most=MOST_TRIES)
    latest = latest_try(submission.progress)
    state = exercise_state(placement, submission.progress, enrolment, latest=latest)
    return {**state_page(submission), "state": state, "tries": tries}


def _where(submission: Submission) -> dict[str, Any]:
    """The course, the lesson (None when the learner's release has it no more), the exercise."""
    enrolment, version = submission.progress.enrolment, submission.version
    key = version.exercise.key
    lessons = lessons_of(enrolment.release)
    return {
        "course": enrolment.course,
        "release": enrolment.release,
        "misconceptions": enrolment.release.about["misconceptions"],
        "lesson": next((lesson for lesson in lessons if _has(lesson, key)), None),
        "exercise_key": key,
        "state": {
            "kind": version.kind,
            "is_code": kind_named(version.kind).slow,
            "title": version.title,
            "points": version.points,
        },
    }


def _has(lesson: Mapping[str, Any], exercise_key: str) -> bool:
    return any(exercise["key"] == exercise_key for exercise in lesson["exercises"])


def _compared(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that were handed in, each with its lines compared with the starter."""
    languages = ("", shown["language"])
    return [
        {"name": file["name"], "lines": compare(file["starter"], file["text"])}
        for file in shown["files"]
        if file.get("language", "") in languages
    ]


def listings(submission: Submission, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that were handed in, each with its text as coloured HTML; none of other kinds."""
    body = body_of(submission)
    if body is None or not body.answer.get("files"):
        return []
    languages = ("", shown.get("language", ""))
    return [
        {
            "name": file["name"],
            "html": highlighted(file["text"], file.get("mode", shown.get("language", ""))),
        }
        for file in shown["files"]
        if file.get("language", "") in languages
    ]
