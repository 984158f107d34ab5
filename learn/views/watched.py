"""One submission as those see it who write the course: the learner's own page, without the name."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from analysis.queries import watched_course, watched_submission
from authoring.access import workspace_for
from learn.results import listings, submission_page


@require_safe
@login_required
def submission(request: PersonRequest, course_key: str, submission_uuid: uuid.UUID) -> HttpResponse:
    """Verdict, answer, what happened on ledgers, and the other tries of the same learner."""
    workspace = workspace_for(request.user, course_key)
    course = watched_course(course_key)
    found = course and watched_submission(request.user, course, submission_uuid)
    if not found:
        raise Http404
    watched, tries = found
    page = submission_page(watched.submission)
    context = {**page, "workspace": workspace, "watched": watched, "tries": tries}
    context["listings"] = listings(watched.submission, page["shown"])
    return render(request, "learn/watched.html", context)
