"""The reports of an organisation, for who administers it or a department of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from reports.organisation_page import organisation_page
from reports.organisation_tables import scope_of
from reports.people_table import people


@require_safe
@login_required
def organisation(request: PersonRequest, key: str) -> HttpResponse:
    """Headline, funnel, cohorts, who is at risk, competencies, and how others of its kind do."""
    page = organisation_page(scope_of(request.user, key), request.GET)
    return render(request, "reports/organisation.html", {"page": page, "scope": page.scope})


@require_safe
@login_required
def organisation_people(request: PersonRequest, key: str) -> HttpResponse:
    """Everybody who learns there, page by page."""
    scope = scope_of(request.user, key)
    table = people(scope, request.GET).page(request.GET)
    return render(request, "reports/organisation_people.html", {"scope": scope, "table": table})
