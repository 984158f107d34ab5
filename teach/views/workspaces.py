"""The courses that a person writes, and who writes one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from authoring.access import organisations_to_write_for, workspace_for, workspaces_for
from teach.pages import frame


@login_required
@require_safe
def workspaces(request: PersonRequest) -> HttpResponse:
    """The person's courses: 4 queries with the session's."""
    context = {
        "places": workspaces_for(request.user),
        "may_create": organisations_to_write_for(request.user).exists(),
    }
    return render(request, "teach/workspaces/list.html", context)


@login_required
@require_safe
def members(request: PersonRequest, course_key: str) -> HttpResponse:
    workspace = workspace_for(request.user, course_key)
    return render(request, "teach/workspaces/members.html", frame(workspace, "members"))
