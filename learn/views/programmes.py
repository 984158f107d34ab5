"""Paths of courses that end in a qualification."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses import queries
from courses.access import published_programme
from learn.site_pages import programme_page


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes: 1 query."""
    return render(request, "learn/programmes.html", {"programmes": queries.programmes()})


@require_safe
def programme(request: HttpRequest, programme_key: str) -> HttpResponse:
    """One programme with its courses and its rule: 1 query, and those of `programme_page`."""
    found = published_programme(programme_key)
    return render(request, "learn/programme.html", programme_page(found, request.user))
