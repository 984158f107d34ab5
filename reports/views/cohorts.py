"""The reports of a cohort and of each learner in it, for who may see its people."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import cohort_for
from accounts.types import PersonRequest
from reports.cohort_page import cohort_page
from reports.gradebook import gradebook_table
from reports.learner_page import learner_page
from reports.queries.cohorts import plans_of


@require_safe
@login_required
def cohort(request: PersonRequest, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Learners × units, who is stuck where, deadlines, and who is at risk."""
    found = cohort_for(request.user, cohort_uuid)
    page = cohort_page(found, request.GET)
    return render(request, "reports/cohort.html", {"page": page, "cohort": found})


@require_safe
@login_required
def gradebook(request: PersonRequest, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Learners × exercises of one course, page by page."""
    found = cohort_for(request.user, cohort_uuid)
    plan = plans_of([found])[found.pk]
    table = gradebook_table(plan, request.GET).page(request.GET)
    context = {"cohort": found, "table": table, "has_courses": bool(plan.courses)}
    return render(request, "reports/gradebook.html", context)


@require_safe
@login_required
def learner(request: PersonRequest, cohort_uuid: uuid.UUID, person_uuid: uuid.UUID) -> HttpResponse:
    """Where one learner is in each course of the cohort, and why they are at risk if they are."""
    found = cohort_for(request.user, cohort_uuid)
    page = learner_page(found, person_uuid)
    return render(request, "reports/learner.html", {"page": page, "cohort": found})
