"""The outline of a course: modules, lessons, and the exercises in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import WRITING_ROLES, workspace_for
from authoring.actions import (
    add_lesson,
    add_module,
    move_exercise,
    move_lesson,
    move_module,
    remove_lesson,
    remove_module,
    rename_module,
)
from authoring.models import Revision, Workspace
from authoring.queries import draft, outline_of
from authoring.types import NoSuchPart, NotEmpty, Outline
from teach.outline_rows import page_of, rows
from teach.pages import frame
from teach.workspace_forms import MoveForm, PartForm


@login_required
@require_safe
def outline(request: PersonRequest, course_key: str) -> HttpResponse:
    """Everything in order: 2 queries besides the session's."""
    workspace = workspace_for(request.user, course_key)
    found = _outline(workspace)
    return render(
        request,
        "teach/workspaces/outline.html",
        frame(workspace, "outline", outline=found, rows=rows(found)),
    )


@login_required
@require_safe
def faults(request: PersonRequest, course_key: str) -> HttpResponse:
    """What is wrong in the whole course. It takes a second: the outline asks for it by htmx."""
    workspace = workspace_for(request.user, course_key)
    assert workspace.head is not None
    found = draft(workspace.head).faults
    context = frame(
        workspace, "outline", faults=[(one, page_of(course_key, one.file)) for one in found]
    )
    part = "teach/workspaces/parts/faults.html"
    return render(request, part if request.htmx else "teach/workspaces/faults.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def module_new(request: PersonRequest, course_key: str) -> HttpResponse:
    """One more module."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    form = PartForm(request.POST or None, _outline(workspace).languages)
    if form.is_valid():
        return _done(request, workspace, add_module, key=form.made_key(), title=form.titles())
    context = frame(workspace, "outline", form=form, heading=_("Add a module"))
    return render(request, "teach/workspaces/part.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def module(request: PersonRequest, course_key: str, module_key: str) -> HttpResponse:
    """Another title for a module."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    found = _outline(workspace)
    title = _module_title(found, module_key)
    initial = {f"title_{language.replace('-', '_')}": words for language, words in title.items()}
    form = PartForm(request.POST or None, found.languages, is_new=False, initial=initial)
    if form.is_valid():
        return _done(request, workspace, rename_module, key=module_key, title=form.titles())
    context = frame(
        workspace, "outline", form=form, heading=_("Rename the module"), module_key=module_key
    )
    return render(request, "teach/workspaces/part.html", context)


@login_required
@require_POST
def module_moved(request: PersonRequest, course_key: str, module_key: str) -> HttpResponse:
    """A module to another place."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    _within, to = MoveForm(request.POST).words()
    return _done(request, workspace, move_module, key=module_key, to=to or 0)


@login_required
@require_POST
def module_removed(request: PersonRequest, course_key: str, module_key: str) -> HttpResponse:
    """Take away an empty module."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    return _done(request, workspace, remove_module, key=module_key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_new(request: PersonRequest, course_key: str, module_key: str) -> HttpResponse:
    """One more lesson in a module."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    found = _outline(workspace)
    _module_title(found, module_key)
    form = PartForm(request.POST or None, found.languages)
    if form.is_valid():
        return _done(
            request,
            workspace,
            add_lesson,
            module=module_key,
            key=form.made_key(),
            title=form.titles(),
        )
    context = frame(workspace, "outline", form=form, heading=_("Add a lesson"))
    return render(request, "teach/workspaces/part.html", context)


@login_required
@require_POST
def lesson_moved(request: PersonRequest, course_key: str, folder: str) -> HttpResponse:
    """A lesson to another place, in its module or in another one."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    module_key, to = MoveForm(request.POST).words()
    return _done(request, workspace, move_lesson, folder=folder, module=module_key, to=to)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_removed(request: PersonRequest, course_key: str, folder: str) -> HttpResponse:
    """Asks, and takes a lesson away with its exercises."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    if request.method == "POST":
        return _done(request, workspace, remove_lesson, folder=folder)
    lesson = _outline(workspace).lesson(folder)
    if lesson is None:
        raise Http404
    context = frame(workspace, "outline", lesson=lesson)
    return render(request, "teach/workspaces/lesson_remove.html", context)


@login_required
@require_POST
def exercise_moved(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """An exercise to another place, in its lesson or in another one."""
    workspace = workspace_for(request.user, course_key, *WRITING_ROLES)
    lesson, to = MoveForm(request.POST).words()
    return _done(
        request,
        workspace,
        move_exercise,
        folder=folder,
        key=exercise_key,
        lesson=lesson or folder,
        to=to,
    )


def _outline(workspace: Workspace) -> Outline:
    assert workspace.head is not None, "a workspace has a first revision"
    return outline_of(workspace.head)


def _module_title(outline: Outline, key: str) -> dict[str, str]:
    for module in outline.modules:
        if module.key == key:
            return module.title
    raise Http404


def _done(
    request: PersonRequest, workspace: Workspace, action: Callable[..., Revision], **words: Any
) -> HttpResponse:
    """Do it, say what hinders, and lead back to the outline."""
    try:
        action(workspace=workspace, by=request.user, **words)
    except NotEmpty:
        messages.error(request, _("The module still has lessons. Move them or remove them first."))
    except NoSuchPart:
        messages.error(
            request, _("That is not there any more: somebody changed the outline meanwhile.")
        )
    return redirect("teach:outline", workspace.course_key)
