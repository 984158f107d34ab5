"""One submission of the learner's own: its verdict and what was handed in."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from grading.access import submission_for
from grading.models import Submission
from learn.results import settled_page, state_page, submission_page


@require_safe
@login_required
def submission(request: PersonRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The verdict, the answer, and for a program how it differs from the starter. Owner only."""
    found = submission_for(request.user, submission_uuid)
    return render(request, "learn/submission.html", submission_page(found))


@require_safe
@login_required
def submission_state(request: PersonRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """What stands in place of a submission that waits: asked again and again until it is final.

    204 while what the page shows (`shown`) is still true. In the workspace (`workspace`) points,
    hints, solution and the list of submissions follow the verdict.
    """
    found = submission_for(request.user, submission_uuid)
    is_waiting = found.state in Submission.IN_FLIGHT
    if not is_waiting and "workspace" in request.GET:
        return render(request, "learn/parts/settled.html", settled_page(found))
    context = state_page(found)
    if is_waiting and context["token"] == request.GET.get("shown"):
        return HttpResponse(status=204)
    return render(request, "learn/parts/result.html", context)
