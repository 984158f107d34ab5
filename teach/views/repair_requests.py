"""Learners who ask that a try be looked at again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, Role, workspace_for
from authoring.models import Workspace
from grading.access import request_in
from grading.actions import answer_request, decide_request
from grading.models import RegradeRequest
from grading.queries import requests_of, thread_of
from grading.types import Refused
from teach.pages import frame
from teach.repair_forms import AnswerForm, DecideForm, hundredths
from teach.repair_pages import people

ROWS = 30


@login_required
@require_safe
def requests(request: PersonRequest, course_key: str) -> HttpResponse:
    """Open ones the oldest first; with ?decided those that were decided. 4 queries."""
    workspace = workspace_for(request.user, course_key)
    is_open = "decided" not in request.GET
    rows = requests_of(course_key, is_open=is_open)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    known = people(request.user, [one.progress.enrolment for one in page])
    context = frame(workspace, "repair", page=page, is_open=is_open, people=known)
    return render(request, "teach/repair/requests.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_thread(
    request: PersonRequest, course_key: str, request_uuid: uuid.UUID
) -> HttpResponse:
    """What was said, and a form to say more."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    asked = request_in(course_key, request_uuid)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            answer_request(request=asked, words=form.cleaned_data["words"], by=request.user)
            messages.success(request, _("Sent. The learner is told."))
            return redirect("teach:request", course_key, request_uuid)
        except Refused as refused:
            form.add_error("words", str(refused.message))
    return _thread(request, workspace, asked, form=form)


@login_required
@require_POST
def request_decided(
    request: PersonRequest, course_key: str, request_uuid: uuid.UUID
) -> HttpResponse:
    """Close a request with a reason, and with points where they are given by hand."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    asked = request_in(course_key, request_uuid)
    form = DecideForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        points = said.pop("points")
        said["credit"] = None if points is None else hundredths(points)
        try:
            decide_request(request=asked, by=request.user, **said)
            messages.success(request, _("Decided. The learner is told."))
            return redirect("teach:requests", course_key)
        except Refused as refused:
            form.add_error(None, str(refused.message))
    return _thread(request, workspace, asked, decide=form, status=422)


def _thread(
    request: PersonRequest,
    workspace: Workspace,
    asked: RegradeRequest,
    *,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    enrolment = asked.progress.enrolment
    context = frame(
        workspace,
        "repair",
        asked=asked,
        submission=asked.submission,
        thread=thread_of(asked),
        learner=people(request.user, [enrolment])[enrolment.pk],
        may_decide=workspace.role == Role.EDITOR,
        **{"form": AnswerForm(), "decide": DecideForm(), **forms},
    )
    return render(request, "teach/repair/request.html", context, status=status)
