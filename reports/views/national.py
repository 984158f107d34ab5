"""The national report: counts of the whole country, or of the reader's province."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.types import PersonRequest
from reports.definitions import DEFINITIONS
from reports.nation import tables
from reports.nation.page import nation_page
from reports.nation.scopes import asked_for


@require_safe
@never_cache
@login_required
def nation(request: PersonRequest) -> HttpResponse:
    """The way to the goal, and where it stands, for who administers the nation or a province."""
    asked = asked_for(request.user, request.GET)
    page = nation_page(asked, request.GET)
    return render(request, "reports/nation/page.html", {"page": page})


@require_safe
@never_cache
@login_required
def organisations(request: PersonRequest) -> HttpResponse:
    """The organisations of the nation, or of the reader's province."""
    table = tables.organisations(request.user, request.GET, "")
    context = {"table": table.page(request.GET)}
    return render(request, "reports/nation/organisation_list.html", context)


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means. No query."""
    return render(request, "reports/definitions.html", {"definitions": DEFINITIONS.values()})
