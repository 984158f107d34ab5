"""What learners of a course handed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from analysis.queries import watched_course
from authoring.access import workspace_for
from teach.pages import frame
from teach.statistics.browser import browse


@login_required
@require_safe
def submissions(request: PersonRequest, course_key: str) -> HttpResponse:
    """The newest first, by pages, with filters in the address. 7 queries."""
    workspace = workspace_for(request.user, course_key)
    course = watched_course(course_key)
    context = frame(workspace, "submissions", course=course)
    if course is not None:
        context |= browse(course, request.user, request.GET)
    return render(request, "teach/statistics/submissions.html", context)
