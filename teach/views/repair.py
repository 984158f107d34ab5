"""Repairing what was judged wrongly: regrades of an exercise, one try by hand."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from analysis.queries import exercises_of, watched_course
from authoring.access import EVERY_ROLE, WRITING_ROLES, Role, workspace_for
from grading.access import regrade_in, try_in
from grading.actions import (
    abandon_regrade,
    apply_regrade,
    override,
    preview_regrade,
    withdraw_override,
)
from grading.queries import exercise_in, overrides_of, regrades_of, requests_of, versions_of
from grading.types import Refused
from teach.pages import frame
from teach.repair_forms import ApplyForm, OverrideForm, ReasonForm, RegradeForm, hundredths
from teach.repair_pages import people, regrade_page

REQUESTS = 5
"""How many open requests the first page shows."""


@login_required
@require_safe
def repair(request: PersonRequest, course_key: str) -> HttpResponse:
    """What waits for an answer, and the latest regrades. 5 queries."""
    workspace = workspace_for(request.user, course_key)
    course = watched_course(course_key)
    waiting = list(requests_of(course_key, is_open=True)[: REQUESTS + 1])
    context = frame(
        workspace,
        "repair",
        exercises=exercises_of(course) if course else [],
        requests=waiting[:REQUESTS],
        has_more=len(waiting) > REQUESTS,
        people=people(request.user, [one.progress.enrolment for one in waiting]),
        regrades=regrades_of(course_key),
    )
    return render(request, "teach/repair/repair.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def regrade_new(request: PersonRequest, course_key: str, exercise_key: str) -> HttpResponse:
    """Choose what judges the tries at an exercise again, and begin the preview."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    exercise = exercise_in(course_key, exercise_key)
    if exercise is None:
        raise Http404
    versions = versions_of(exercise)
    form = RegradeForm(request.POST or None, versions)
    if form.is_valid():
        chosen = form.cleaned_data
        version = next(one.version for one in versions if one.version.pk == chosen["version"])
        try:
            batch = preview_regrade(
                exercise=exercise, version=version, judges=chosen["judges"], by=request.user
            )
            return redirect("teach:regrade", course_key, batch.uuid)
        except Refused as refused:
            form.add_error(None, str(refused.message))
    context = frame(workspace, "repair", exercise=exercise, form=form, versions=versions)
    return render(request, "teach/repair/regrade_new.html", context)


@login_required
@require_safe
def regrade(request: PersonRequest, course_key: str, regrade_uuid: uuid.UUID) -> HttpResponse:
    """Who would gain and who would lose; once it is applied, who has."""
    workspace = workspace_for(request.user, course_key)
    batch = regrade_in(course_key, regrade_uuid)
    found = regrade_page(request.user, batch, request.GET.get("page"))
    context = frame(workspace, "repair", batch=batch, form=ApplyForm(), **found)
    context["may_apply"] = workspace.role == Role.EDITOR
    return render(request, "teach/repair/regrade.html", context)


@login_required
@require_POST
def regrade_applied(
    request: PersonRequest, course_key: str, regrade_uuid: uuid.UUID
) -> HttpResponse:
    """Give every try its new verdict. Sent twice it is done once."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    batch = regrade_in(course_key, regrade_uuid)
    form = ApplyForm(request.POST)
    if form.is_valid():
        apply_regrade(batch=batch, by=request.user, **form.cleaned_data)
        return redirect("teach:regrade", course_key, regrade_uuid)
    found = regrade_page(request.user, batch, None)
    context = frame(workspace, "repair", batch=batch, form=form, may_apply=True, **found)
    return render(request, "teach/repair/regrade.html", context, status=422)


@login_required
@require_POST
def regrade_abandoned(
    request: PersonRequest, course_key: str, regrade_uuid: uuid.UUID
) -> HttpResponse:
    """Drop a preview."""
    workspace_for(request.user, course_key, *WRITING_ROLES)
    batch = regrade_in(course_key, regrade_uuid)
    if abandon_regrade(batch=batch, by=request.user):
        messages.success(request, _("The preview is dropped. Nothing has changed for anybody."))
    return redirect("teach:repair", course_key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def override_try(request: PersonRequest, course_key: str, try_uuid: uuid.UUID) -> HttpResponse:
    """One try, what was decided about it, and a form that gives it points by hand."""
    roles = (Role.EDITOR,) if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    submission = try_in(course_key, try_uuid)
    form = OverrideForm(request.POST or None, initial={"points": submission.version.points})
    if form.is_valid():
        credit, reason = hundredths(form.cleaned_data["points"]), form.cleaned_data["reason"]
        try:
            override(submission=submission, credit=credit, reason=reason, by=request.user)
            messages.success(request, _("Saved. The learner is told."))
            return redirect("teach:override", course_key, try_uuid)
        except Refused as refused:
            form.add_error("points", str(refused.message))
    enrolment = submission.progress.enrolment
    learner = people(request.user, [enrolment])[enrolment.pk]
    context = frame(workspace, "repair", submission=submission, form=form, learner=learner)
    context |= {"overrides": overrides_of(submission), "withdraw_form": ReasonForm(prefix="back")}
    return render(request, "teach/repair/override.html", context)


@login_required
@require_POST
def override_withdrawn(
    request: PersonRequest, course_key: str, try_uuid: uuid.UUID
) -> HttpResponse:
    """Let a try earn again what it was judged to earn."""
    workspace_for(request.user, course_key, Role.EDITOR)
    submission = try_in(course_key, try_uuid)
    form = ReasonForm(request.POST, prefix="back")
    if form.is_valid():
        withdraw_override(submission=submission, by=request.user, **form.cleaned_data)
        messages.success(request, _("Taken back. The learner is told."))
    else:
        messages.error(request, _("Say why, in words that the learner may read."))
    return redirect("teach:override", course_key, try_uuid)
