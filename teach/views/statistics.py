"""Whether exercises teach: the list, one exercise, programs that resemble each other."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from analysis.actions import ask_comparison
from analysis.queries import latest_comparison, reliabilities, watched_course
from authoring.access import Role, workspace_for
from teach.pages import frame
from teach.statistics.listing import listing
from teach.statistics.page import exercise_page
from teach.statistics.similarity import pair_page, similarity_page
from teach.statistics.watched import exercise_or_404

MOST_DIGITS = 30
"""More than any key has, and fewer than Python refuses to read."""


@login_required
@require_safe
def statistics(request: PersonRequest, course_key: str) -> HttpResponse:
    """Every exercise of the current release: what is to be looked at first. 8 queries."""
    workspace = workspace_for(request.user, course_key)
    course = watched_course(course_key)
    context = frame(workspace, "statistics", course=course)
    if course is not None:
        context |= {**listing(course, request.GET), "reliabilities": reliabilities(course)}
    return render(request, "teach/statistics/list.html", context)


@login_required
@require_safe
def exercise(request: PersonRequest, course_key: str, exercise_key: str) -> HttpResponse:
    """One exercise, in the version that the address names. At most 15 queries."""
    workspace = workspace_for(request.user, course_key)
    course, found = exercise_or_404(course_key, exercise_key)
    asked = request.GET.get("version", "")
    page = exercise_page(course, found, int(asked[:MOST_DIGITS]) if asked.isdecimal() else None)
    if page is None:
        raise Http404
    is_editor = workspace.role == Role.EDITOR
    context = frame(workspace, "statistics", exercise=found, is_editor=is_editor, **page)
    return render(request, "teach/statistics/exercise.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def similarity(request: PersonRequest, course_key: str, exercise_key: str) -> HttpResponse:
    """Programs that share long stretches, for editors to look at; POST asks for a comparison."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    course, found = exercise_or_404(course_key, exercise_key, only_code=True)
    if request.method == "POST":
        ask_comparison(exercise=found, by=request.user)
        return redirect("teach:similarity", course_key, exercise_key)
    page = similarity_page(course, found, request.user)
    context = frame(workspace, "statistics", exercise=found, **page)
    return render(request, "teach/statistics/similarity.html", context)


@login_required
@require_safe
def similarity_pair(
    request: PersonRequest, course_key: str, exercise_key: str, left: int, right: int
) -> HttpResponse:
    """Two programs side by side, with what they share marked."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    course, found = exercise_or_404(course_key, exercise_key, only_code=True)
    comparison = latest_comparison(found)
    page = comparison and pair_page(course, found, comparison, (left, right), request.user)
    if not page:
        raise Http404
    context = frame(workspace, "statistics", exercise=found, **page)
    return render(request, "teach/statistics/pair.html", context)
