"""What a learner does to one exercise. Every form works plain and by htmx.

Plain, an accepted form leads back to a page (303), and one that is refused shows the exercise on
a page of its own, with what was typed. By htmx only the part that changes is sent.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from courses.access import exercise_for
from courses.models import Enrolment, LessonExercise
from exercises.types import Unreadable
from grading.access import submission_for
from grading.actions import discard_draft, new_variant, reveal_hint, save_draft, submit
from grading.models import Submission
from grading.queries import body_of
from grading.types import Refused
from learn.pages import (
    NOTHING,
    Said,
    accepted_page,
    answered_page,
    exercise_page,
    history_page,
    is_code,
    workspace_page,
)
from learn.posted import answer_in, files_in, form_in, key_in, uuid_in

UNREADABLE, REFUSED = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def exercise(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """GET: the exercise on a page of its own. POST: hand in an answer; a quiz: 8 queries."""
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    if request.method == "POST":
        return _hand_in(request, enrolment, placement, Submission.Purpose.TRY)
    return _page(request, enrolment, placement)


@require_POST
@login_required
def run(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """Run the visible checks: no try is charged."""
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    return _hand_in(request, enrolment, placement, Submission.Purpose.RUN)


@require_POST
@login_required
def hint(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    try:
        reveal_hint(enrolment=enrolment, placement=placement)
    except Refused as refusal:
        return _page(request, enrolment, placement, Said(refused=refusal.message), REFUSED)
    return _changed(request, enrolment, placement, Said(hinted=True))


@require_POST
@login_required
def variant(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    try:
        new_variant(enrolment=enrolment, placement=placement)
    except Refused as refusal:
        return _page(request, enrolment, placement, Said(refused=refusal.message), REFUSED)
    return _changed(request, enrolment, placement, NOTHING)


@require_POST
@login_required
def draft(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """Keep what is in the editor, the starter (`reset`) or an earlier submission (`restore`)."""
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    files, language = files_in(form_in(request)), request.POST.get("language", "")
    try:
        if "reset" in request.POST:
            discard_draft(enrolment=enrolment, placement=placement)
        else:
            if "restore" in request.POST:
                files, language = _files_of_own(request)
            save_draft(enrolment=enrolment, placement=placement, files=files, language=language)
    except Refused as refusal:
        return _page(request, enrolment, placement, Said(refused=refusal.message), REFUSED)
    if request.accepts("text/html"):
        return _back(placement)
    return JsonResponse({"saved_at": timezone.now(), "files": files, "language": language})


@require_safe
@login_required
def history(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """My submissions at this exercise."""
    enrolment, placement = exercise_for(request.user, course_key, lesson_key, exercise_key)
    return render(request, "learn/history.html", history_page(enrolment, placement))


def _hand_in(
    request: PersonRequest, enrolment: Enrolment, placement: LessonExercise, purpose: str
) -> HttpResponse:
    """Hand in what was posted, and say what became of it."""
    posted = form_in(request)
    try:
        submission = submit(
            enrolment=enrolment,
            placement=placement,
            posted=answer_in(posted),
            idempotency_key=key_in(posted),
            purpose=purpose,
        )
    except Unreadable as problem:
        said = Said(posted=posted, error=problem.message)
        return _page(request, enrolment, placement, said, UNREADABLE)
    except Refused as refusal:
        said = Said(posted=posted, refused=refusal.message)
        return _page(request, enrolment, placement, said, REFUSED)
    return _accepted(request, enrolment, placement, submission)


def _accepted(
    request: PersonRequest, enrolment: Enrolment, placement: LessonExercise, submission: Submission
) -> HttpResponse:
    if not request.htmx:
        return _back(placement)
    if is_code(placement):
        context = accepted_page(enrolment, placement, submission)
        return render(request, "learn/parts/accepted.html", context)
    context = answered_page(enrolment, placement, submission)
    return render(request, "learn/parts/exercise.html", context)


def _changed(
    request: PersonRequest, enrolment: Enrolment, placement: LessonExercise, said: Said
) -> HttpResponse:
    """After a hint or new values: the exercise anew."""
    if request.htmx:
        return _page(request, enrolment, placement, said)
    return _back(placement)


def _back(placement: LessonExercise) -> HttpResponse:
    """To where the exercise is read: a quiz in its lesson, code in its workspace."""
    lesson, key = placement.lesson, placement.version.exercise.key
    words = (lesson.release.course.key, lesson.key)
    if is_code(placement):
        return _see_other(resolve_url("learn:exercise", *words, key))
    return _see_other(f"{resolve_url('learn:lesson', *words)}#exercise-{key}")


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _page(
    request: PersonRequest,
    enrolment: Enrolment,
    placement: LessonExercise,
    said: Said = NOTHING,
    status: int = 200,
) -> HttpResponse:
    """The exercise on a page of its own; by htmx only what stands in its place, always with 200:
    browsers write every other status of a script's request into the console, as an error."""
    if is_code(placement):
        context = workspace_page(enrolment, placement, said)
        template = "learn/parts/result.html" if request.htmx else "learn/workspace.html"
    else:
        context = exercise_page(enrolment, placement, said)
        template = "learn/parts/exercise.html" if request.htmx else "learn/exercise.html"
    return render(request, template, context, status=200 if request.htmx else status)


def _files_of_own(request: PersonRequest) -> tuple[dict[str, str], str]:
    """Files and language of the learner's own submission that the form names; 404 for any other."""
    submission = submission_for(request.user, uuid_in(request.POST.get("restore", "")))
    body = body_of(submission)
    if body is None or "files" not in body.answer:
        raise Http404("Nothing of it can be edited.")
    return body.answer["files"], body.answer.get("language", "")
