"""The history of a course: its revisions, what differs between two of them, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import WRITING_ROLES, revision_in, workspace_for
from authoring.actions import take_back
from authoring.queries import compare, history
from teach.pages import frame

PER_PAGE = 30


@login_required
@require_safe
def revisions(request: PersonRequest, course_key: str) -> HttpResponse:
    """A page of the revisions, newest first: 3 queries besides the session's."""
    workspace = workspace_for(request.user, course_key)
    page = Paginator(history(workspace), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "teach/workspaces/history.html", frame(workspace, "history", page=page))


@login_required
@require_safe
def comparison(request: PersonRequest, course_key: str) -> HttpResponse:
    """What differs between two revisions, file by file. Of `new` alone: what it changed."""
    workspace = workspace_for(request.user, course_key)
    newer = revision_in(workspace, _number(request.GET.get("new")))
    number = _number(request.GET.get("old")) if "old" in request.GET else newer.number - 1
    older = revision_in(workspace, number) if number else None
    if older is not None and older.number > newer.number:
        older, newer = newer, older
    context = frame(workspace, "history", older=older, newer=newer, files=compare(older, newer))
    return render(request, "teach/workspaces/comparison.html", context)


@login_required
@require_POST
def taken_back(request: PersonRequest, course_key: str, number: int) -> HttpResponse:
    """Make the course what it was at a revision; what came between stays in the history."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    revision = revision_in(workspace, number)
    take_back(workspace=workspace, by=request.user, to=revision.number)
    messages.success(
        request, _("The course is as it was at revision %(number)s.") % {"number": number}
    )
    return redirect("teach:history", course_key)


def _number(words: str | None) -> int:
    """The number of a revision that an address names; 404 for anything else."""
    if words is None or not words.isdecimal() or len(words) > 9:
        raise Http404
    return int(words)
