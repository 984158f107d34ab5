"""What lateness costs in a course, and more time for some."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.types import PersonRequest
from analysis.queries import cohorts_in, watched_course
from authoring.access import EVERY_ROLE, Role, workspace_for
from authoring.models import Workspace
from grading.access import extension_in
from grading.actions import extend, set_late_rule, withdraw_extension
from teach.pages import frame
from teach.repair_forms import ExtensionForm, LateRuleForm
from teach.repair_pages import deadlines_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: PersonRequest, course_key: str) -> HttpResponse:
    """The rules and who has more time; an editor says what lateness costs."""
    roles = (Role.EDITOR,) if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    course = watched_course(course_key)
    if course is None:
        return render(request, "teach/repair/deadlines.html", frame(workspace, "repair"))
    form = LateRuleForm(request.POST or None, cohorts_in(request.user, course))
    if form.is_valid():
        set_late_rule(course=course, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds for what is handed in from now on."))
        return redirect("teach:deadlines", course_key)
    return _page(request, workspace, rule=form)


@login_required
@require_POST
def extension_new(request: PersonRequest, course_key: str) -> HttpResponse:
    """Give a cohort or one of its learners a later day."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    course = watched_course(course_key)
    if course is None:
        raise Http404
    form = ExtensionForm(request.POST, course, cohorts_in(request.user, course))
    if form.is_valid():
        said = form.cleaned_data
        whom = {"enrolment": said["enrolment"]} if said["enrolment"] else {"cohort": said["cohort"]}
        extend(course=course, due_on=said["due_on"], reason=said["reason"], by=request.user, **whom)
        messages.success(request, _("Saved. The learners are told."))
        return redirect("teach:deadlines", course_key)
    return _page(request, workspace, extension=form, status=422)


@login_required
@require_POST
def extension_withdrawn(request: PersonRequest, course_key: str, extension_pk: int) -> HttpResponse:
    """Let the former day hold again."""
    workspace_for(request.user, course_key, Role.EDITOR)
    if withdraw_extension(extension=extension_in(course_key, extension_pk), by=request.user):
        messages.success(request, _("Taken back, for what is handed in from now on."))
    return redirect("teach:deadlines", course_key)


def _page(
    request: PersonRequest, workspace: Workspace, *, status: int = 200, **forms: Any
) -> HttpResponse:
    course = watched_course(workspace.course_key)
    assert course is not None, "its caller has seen it"
    found = deadlines_page(request.user, course)
    context = frame(workspace, "repair", may_set=workspace.role == Role.EDITOR, **found | forms)
    return render(request, "teach/repair/deadlines.html", context, status=status)
