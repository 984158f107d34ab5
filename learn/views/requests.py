"""A learner asks about a verdict, and puts away what they were told of repairs."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.types import PersonRequest
from grading.access import own_notice, submission_for
from grading.actions import (
    add_words,
    is_graded_try,
    open_request,
    see_notice,
    take_back_request,
)
from grading.models import Submission
from grading.queries import request_about, thread_of
from grading.types import Refused
from learn.forms import AskForm
from learn.results import state_page

REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_about_try(request: PersonRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The conversation about a graded try: begin it, or go on in it. Owner only."""
    submission = submission_for(request.user, submission_uuid)
    if not is_graded_try(submission):
        raise Http404("Only a graded try can be asked about.")
    form = AskForm(request.POST or None)
    asked = request_about(submission)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if asked is None or asked.decision:
                open_request(submission=submission, words=words, by=request.user)
            else:
                add_words(request=asked, words=words, by=request.user)
            return redirect("learn:request", submission_uuid)
        except Refused as refused:
            form.add_error("words", str(refused.message))
    status = REFUSED if form.errors else 200
    return _page(request, submission, form, status)


def _page(
    request: PersonRequest, submission: Submission, form: AskForm, status: int
) -> HttpResponse:
    asked = request_about(submission)
    context = {
        **state_page(submission),
        "form": form,
        "asked": asked,
        "thread": thread_of(asked) if asked else [],
        "may_ask": asked is None or bool(asked.decision),
    }
    return render(request, "learn/request.html", context, status=status)


@require_POST
@login_required
def request_taken_back(request: PersonRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The learner does not ask any more."""
    asked = request_about(submission_for(request.user, submission_uuid))
    if asked is not None and not asked.decision:
        take_back_request(request=asked)
    return redirect("learn:request", submission_uuid)


@require_POST
@login_required
def notice_seen(request: PersonRequest, notice_uuid: uuid.UUID) -> HttpResponse:
    """Put news of a repair away."""
    see_notice(notice=own_notice(request.user, notice_uuid))
    return redirect("learn:my_learning")
