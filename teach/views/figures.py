"""Figures of a course."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.types import PersonRequest
from authoring.access import WRITING_ROLES, workspace_for
from authoring.actions import write_files
from authoring.types import BadPath, Conflicted, TooLarge
from teach.figures import FigureForm, figure_names
from teach.pages import frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: PersonRequest, course_key: str) -> HttpResponse:
    """The figures that lessons can name, and a form for one more or another version of one."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    assert workspace.head is not None, "a workspace has a first revision"
    form = FigureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        path = form.path()
        changes = {path: form.cleaned_data["file"]}
        try:
            base = workspace.head.number
            write_files(workspace=workspace, by=request.user, changes=changes, base=base)
            messages.success(request, _("%(name)s is there.") % {"name": path})
            return redirect("teach:figures", course_key)
        except (BadPath, Conflicted):
            form.add_error("name", _("This name cannot be taken now. Take another one."))
        except TooLarge:
            form.add_error("file", _("What came out is too large for a course."))
    names = figure_names(workspace.head.tree)
    context = frame(workspace, "outline", form=form, figures=names)
    return render(request, "teach/workspaces/figures.html", context)
