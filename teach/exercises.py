"""One exercise that is written: where it stands, its form, what is wrong, what was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from authoring.models import Revision, Trial, Workspace
from authoring.queries import (
    folder_of,
    is_about,
    latest_trial,
    lesson_draft,
    misconceptions_of,
    outline_of,
    revision_at,
    trials_ahead_of,
)
from authoring.types import OutlineLesson
from courses.publishing.faults import Fault
from exercises.registry import KINDS
from teach.forms.exercise import Opened, opened, sheet, told
from teach.forms.fields import Posted, Problems, Setting
from teach.forms.registry import TITLES

CODE_KINDS = tuple(name for name, kind in KINDS.items() if kind.slow)
SLOW_TO_BEGIN_SECONDS = 15
"""A trial that nobody has begun by then waits for a worker that may not be there."""


@dataclass(frozen=True, slots=True)
class Place:
    """An exercise in the newest revision."""

    workspace: Workspace
    head: Revision
    lesson: OutlineLesson
    languages: Sequence[str]
    key: str

    @property
    def words(self) -> tuple[str, str, str]:
        """What stands in its addresses."""
        return self.workspace.course_key, self.lesson.folder, self.key

    def url(self, name: str) -> str:
        return reverse(f"teach:{name}", args=self.words)

    @property
    def prefix(self) -> str:
        return f"{self.lesson.folder}/{self.key}/"

    @property
    def faults(self) -> list[Fault]:
        """Of the exercise's own files. 1 query."""
        found = lesson_draft(self.head, self.lesson.folder).faults
        return [fault for fault in found if fault.file.startswith(self.prefix)]


def place_of(workspace: Workspace, folder: str, key: str) -> Place:
    """Raises Http404 where the newest revision has no such exercise. 1 query."""
    head = workspace.head
    if head is None or f"{folder}/{key}/exercise.toml" not in head.tree:
        raise Http404
    head.workspace = workspace
    outline = outline_of(head)
    lesson = outline.lesson(folder)
    if lesson is None:
        raise Http404
    return Place(workspace, head, lesson, outline.languages, key)


def seen_by(place: Place, number: int) -> Revision:
    """The revision on which a form was written; the newest where that one is gone. 1 query."""
    if number == place.head.number:
        return place.head
    return revision_at(place.workspace, number) or place.head


def exercise_in(place: Place, revision: Revision) -> Opened:
    """Raises `NoTable`. 1 query."""
    return opened(folder_of(revision, place.lesson.folder, place.key))


def setting_for(place: Place, posted: Posted | None = None) -> Setting:
    """1 query."""
    known = [(key, in_words(title) or key) for key, title in misconceptions_of(place.head)]
    return Setting(tuple(place.languages), tuple(known), posted)


def form_page(
    place: Place,
    exercise: Opened,
    *,
    base: int,
    posted: Posted | None = None,
    problems: Problems | None = None,
) -> dict[str, Any]:
    """The context of the form. 3 queries."""
    made = sheet(exercise, setting_for(place, posted), problems)
    faults = told(made, exercise, place.faults) if posted is None else []
    return {
        **about(place, exercise),
        "sheet": made,
        "base": base,
        "faults": faults,
        "problems": problems or {},
        "is_changed": posted is not None,
    }


def about(place: Place, exercise: Opened | None) -> dict[str, Any]:
    """What all pages of an exercise show. No query."""
    kind = exercise.kind if exercise else ""
    title = exercise.data.get("title") if exercise else None
    return {
        "place": place,
        "kind": kind,
        "kind_title": TITLES.get(kind, (kind, ""))[0],
        "is_code": kind in CODE_KINDS,
        "title": (in_words(title) if isinstance(title, dict) else "") or place.key,
    }


def trials_page(place: Place, exercise: Opened) -> dict[str, Any]:
    """What was tried of an exercise. 3 queries, 1 more for each that is not over."""
    tries = _shown(place, latest_trial(place.workspace, place.key, Trial.Purpose.TRY))
    mutants = None
    if exercise.kind in CODE_KINDS:
        mutants = _shown(place, latest_trial(place.workspace, place.key, Trial.Purpose.MUTANTS))
    return {
        **about(place, exercise),
        "tries": tries,
        "mutants": mutants,
        "polls": any(one and not one["trial"].is_finished for one in (tries, mutants)),
    }


def _shown(place: Place, trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    waiting = trial.state == Trial.State.WAITING
    return {
        "trial": trial,
        "report": trial.report,
        "is_current": is_about(trial, place.head),
        "ahead": trials_ahead_of(trial) if waiting else 0,
        "is_slow": waiting and trial.seconds > SLOW_TO_BEGIN_SECONDS,
        "survivors": sum(len(one["survivors"]) for one in trial.report.get("languages", ())),
    }


def posted_in(request: HttpRequest) -> dict[str, list[str]]:
    """The form as it was sent: name → values."""
    return {
        name: [str(value).replace("\0", "") for value in values]
        for name, values in request.POST.lists()
    }


def in_words(text: Mapping[str, Any]) -> str:
    """A text in the language of the page, else in any."""
    words = text.get(get_language() or "en") or next(filter(None, text.values()), "")
    return str(words)
