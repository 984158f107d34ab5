"""The playground of a contract: the form, and what happened when its calls were made."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from chains.types import CallKind
from courses.models import Enrolment, LessonExercise
from exercises.contract.kind import Contract
from exercises.registry import kind_named
from grading.models import Submission
from grading.queries import draft_for, exercise_state, ledger_record, progress_at, verdict_of
from learn.ledger import inspector
from learn.ledger_playground import Argument, Call, Caller, Method, Playground, read_call
from learn.ledger_words import ROLES
from learn.pages import Page, course_context
from learn.posted import Posted
from learn.results import waiting_for
from learn.templatetags.content import in_language

HISTORY = "calls"
"""The field with the calls that were made before, as a JSON list."""


@dataclass(frozen=True, slots=True)
class Played:
    """A play in whatever state it is."""

    submission: Submission

    @property
    def calls(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.submission.body.answer["calls"]
        return calls

    @property
    def is_waiting(self) -> bool:
        return self.submission.state in Submission.IN_FLIGHT


def playground_page(
    enrolment: Enrolment,
    placement: LessonExercise,
    played: Played | None = None,
    *,
    error: str = "",
    form: QueryDict | None = None,
) -> Page:
    """The form, and below it what happened. 1 query for a ledger; 3 while it has been waiting.

    `form` is one that was not taken: what it holds stands there again, its calls before included.
    """
    exercise = placement.version.exercise
    state_url = ""
    if played and played.is_waiting:
        state_url = _address(placement, "learn:play_state", played.submission.uuid)
    playground = _playground(placement, played, error, form)
    if form is not None:
        playground = replace(playground, call=read_call(playground, form))
    return {
        **course_context(enrolment),
        "lesson": placement.lesson,
        "exercise_key": exercise.key,
        "title": placement.version.title,
        "playground": playground,
        "waiting": waiting_for(played.submission) if played and played.is_waiting else None,
        "state_url": state_url,
        "again_url": _address(placement, "learn:play"),
    }


def posted_play(enrolment: Enrolment, placement: LessonExercise, form: QueryDict) -> Posted:
    """The form as the kind reads it: the files, the calls before and the new one.

    Without JavaScript the editor is on another page: then the files are those last saved there. 3
    queries in that case. Raises `NoSuchCall` for a call that the form does not offer.
    """
    posted = {
        name: [str(value) for value in values]
        for name, values in form.lists()
        if name == "language" or name.startswith("file:")
    }
    if not any(name.startswith("file:") for name in posted):
        posted = _saved_files(enrolment, placement)
    made = asked(placement, form)
    new = {
        "kind": made.kind.value,
        "by": made.identity,
        "ledger": made.method.ledger,
        "contract": made.method.contract,
        "method": made.method.name,
        "args": dict(made.args),
    }
    return {**posted, "call": [json.dumps(call) for call in [*_history(form), new]]}


def asked(placement: LessonExercise, form: QueryDict) -> Call:
    """The call that a form asks for. Raises `NoSuchCall`."""
    return read_call(_playground(placement, None, "", None), form)


def _history(form: QueryDict) -> list[Any]:
    """The calls before, as they were posted; none where the field is no list."""
    try:
        calls = json.loads(form.get(HISTORY, "[]"))
    except (ValueError, RecursionError):
        return []
    return calls if isinstance(calls, list) else []


def _saved_files(enrolment: Enrolment, placement: LessonExercise) -> Posted:
    exercise = placement.version.exercise
    progress = progress_at(enrolment, exercise)
    draft = draft_for(enrolment, exercise)
    shown: Any = exercise_state(placement, progress, enrolment, latest=None, draft=draft).shown
    files = {f"file:{file['name']}": [file["text"]] for file in shown["files"]}
    return {**files, "language": [shown["language"]]}


def _playground(
    placement: LessonExercise, played: Played | None, error: str, form: QueryDict | None
) -> Playground:
    version = placement.version
    kind = kind_named(version.kind)
    assert isinstance(kind, Contract)
    page: Any = kind.show(version.spec, kind.vary(version.spec, 0), None)
    calls = played.calls if played else _history(form) if form else []
    methods = tuple(
        Method(one.contract, one.name, tuple(map(Argument, one.arguments)), one.ledger)
        for one in kind.methods(version.spec)
    )
    recorded: list[dict[str, Any]] = []
    if played and not played.is_waiting:
        recorded = ledger_record(played.submission)
        error = error or _complaint(played.submission)
    return Playground(
        url=_address(placement, "learn:play"),
        callers=tuple(
            Caller(one["name"], one["organisation"], ROLES.get(one["role"], one["role"]))
            for one in page["people"]
        ),
        methods=methods,
        inspector=inspector(
            [entry["transcript"] for entry in recorded],
            order=[(name, number) for name, number in recorded[0].get("order", ())]
            if recorded
            else (),
        ),
        error=error,
        call=_last(played.calls, methods) if played else None,
        hidden_fields={HISTORY: json.dumps(calls)},
    )


def _last(calls: Sequence[dict[str, Any]], methods: Sequence[Method]) -> Call | None:
    """The last call that was made, so that the form shows it again."""
    if not calls:
        return None
    last = calls[-1]
    place = (last["ledger"], last["contract"], last["method"])
    for method in methods:
        if (method.ledger, method.contract, method.name) == place:
            return Call(CallKind(last["kind"]), last["by"], method, last["args"])
    return None


def _complaint(submission: Submission) -> str:
    """Why a play has no ledger: the compiler's first error, a limit, our own failure."""
    if submission.state != Submission.State.DONE:
        return _("This could not be run, and it is our fault. The operators have been told.")
    verdict = verdict_of(submission)
    if verdict is None:
        return ""
    first = next((check for check in verdict.checks if check.message), None)
    if first is None:
        return verdict.output
    place = f"{first.file}:{first.line}: " if first.line else ""
    return f"{place}{in_language(first.message)}"


def _address(placement: LessonExercise, name: str, *more: uuid.UUID) -> str:
    lesson = placement.lesson
    words = (lesson.release.course.key, lesson.key, placement.version.exercise.key)
    return reverse(name, args=[*words, *more])
