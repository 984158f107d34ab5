"""The playground: a learner calls a contract by hand. A worker does it, and judges nothing."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap

from accounts.types import PersonRequest
from courses.access import exercise_for
from courses.models import Enrolment, LessonExercise
from exercises.types import Unreadable
from grading.access import submission_for
from grading.actions import submit
from grading.models import Submission
from grading.types import Refused
from learn.ledger_playground import NoSuchCall
from learn.playing import Played, playground_page, posted_play
from learn.templatetags.content import in_language


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def play(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """GET: an empty playground. POST: one call more."""
    enrolment, placement = _contract_for(request, course_key, lesson_key, exercise_key)
    if request.method == "POST":
        return _call(request, enrolment, placement)
    return _shown(request, enrolment, placement)


@require_safe
@login_required
def play_state(
    request: PersonRequest,
    course_key: str,
    lesson_key: str,
    exercise_key: str,
    submission_uuid: uuid.UUID,
) -> HttpResponse:
    """What came of a play; 204 to a script that asks while it is still waiting."""
    enrolment, placement = _contract_for(request, course_key, lesson_key, exercise_key)
    played = Played(submission_for(request.user, submission_uuid))
    if played.submission.purpose != Submission.Purpose.PLAY:
        raise Http404("This is no play.")
    if request.htmx and played.is_waiting:
        return HttpResponse(status=204)
    return _shown(request, enrolment, placement, played)


def _contract_for(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> tuple[Enrolment, LessonExercise]:
    """As `exercise_for`, and 404 for an exercise of another kind."""
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    if placement.version.kind != "contract":
        raise Http404("Only contracts have a playground.")
    return enrolment, placement


def _call(request: PersonRequest, enrolment: Enrolment, placement: LessonExercise) -> HttpResponse:
    try:
        submission = submit(
            enrolment=enrolment,
            placement=placement,
            posted=posted_play(enrolment, placement, request.POST),
            idempotency_key=uuid.uuid4(),
            purpose=Submission.Purpose.PLAY,
        )
    except NoSuchCall as error:
        raise Http404("The form has no such call.") from error
    except Refused as refusal:
        return _refused(request, enrolment, placement, str(refusal.message))
    except Unreadable as problem:
        return _refused(request, enrolment, placement, in_language(problem.message))
    played = Played(submission)
    if request.htmx:
        return _shown(request, enrolment, placement, played)
    lesson, key = placement.lesson, placement.version.exercise.key
    where = (lesson.release.course.key, lesson.key, key, submission.uuid)
    return HttpResponseRedirect(resolve_url("learn:play_state", *where), status=303)


def _shown(
    request: PersonRequest,
    enrolment: Enrolment,
    placement: LessonExercise,
    played: Played | None = None,
) -> HttpResponse:
    return render(request, _template(request), playground_page(enrolment, placement, played))


def _refused(
    request: PersonRequest, enrolment: Enrolment, placement: LessonExercise, error: str
) -> HttpResponse:
    """Say why, and leave everything else as it is: by htmx what happened before stays too."""
    context = playground_page(enrolment, placement, error=error, form=request.POST)
    response = render(request, _template(request), context)
    return reswap(response, "none") if request.htmx else response


def _template(request: PersonRequest) -> str:
    return "ledger/playground.html" if request.htmx else "learn/playground.html"
