"""The courses that a person writes, and who writes one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import (
    EVERY_ROLE,
    Role,
    member_in,
    organisations_to_write_for,
    workspace_for,
    workspaces_for,
)
from authoring.actions import create_workspace, invite_member, remove_member, set_member_role
from authoring.queries import members_of
from authoring.types import KeyTaken, LastEditor, NotAMember
from grading.queries import waiting_requests
from teach.pages import frame
from teach.workspace_forms import InviteForm, NewCourseForm, RoleForm

LAST = gettext_lazy("Nobody else is an editor. Give that role to somebody else first.")


@login_required
@require_safe
def workspaces(request: PersonRequest) -> HttpResponse:
    """The person's courses: 3 queries besides the session's."""
    places = list(workspaces_for(request.user))
    may_create = organisations_to_write_for(request.user).exists()
    if places and not request.session.get("teaches"):
        request.session["teaches"] = True  # somebody let them in since they signed in
    waiting = waiting_requests([place.workspace.course_key for place in places])
    context = {"places": places, "may_create": may_create, "waiting": waiting}
    return render(request, "teach/workspaces/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_new(request: PersonRequest) -> HttpResponse:
    """Begin a course."""
    form = NewCourseForm(request.POST or None, request.user)
    if not form.organisations.exists():
        raise Http404
    if form.is_valid():
        titles, key = form.titles(), form.cleaned_data["course_key"]
        try:
            workspace = create_workspace(
                by=request.user,
                organisation=form.cleaned_data["organisation"],
                course_key=key,
                title=titles,
                languages=list(titles),
                needs_review=form.cleaned_data["needs_review"],
            )
            return redirect("teach:outline", workspace.course_key)
        except KeyTaken:
            form.add_error("course_key", _("There is a course with this key already."))
    return render(request, "teach/workspaces/new.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: PersonRequest, course_key: str) -> HttpResponse:
    """Who writes the course, and a form by which an editor lets somebody in."""
    roles = (Role.EDITOR,) if request.method == "POST" else EVERY_ROLE
    workspace = workspace_for(request.user, course_key, *roles)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            member = invite_member(workspace=workspace, **form.cleaned_data)
            messages.success(request, _("%(name)s is in.") % {"name": member.user.name})
            return redirect("teach:members", course_key)
        except NotAMember:
            form.add_error(
                "email", _("Nobody of the organisation has signed up with this address.")
            )
        except LastEditor:
            form.add_error("role", LAST)
    context = frame(
        workspace, "members", form=form, members=members_of(workspace), roles=Role.choices
    )
    return render(request, "teach/workspaces/members.html", context)


@login_required
@require_POST
def member_role(request: PersonRequest, course_key: str, member_pk: int) -> HttpResponse:
    """Give a member another role."""
    workspace = workspace_for(request.user, course_key, Role.EDITOR)
    member = member_in(workspace, member_pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            set_member_role(member=member, role=form.cleaned_data["role"])
            messages.success(request, _("Saved."))
        except LastEditor:
            messages.error(request, LAST)
    return redirect("teach:members", course_key)


@login_required
@require_POST
def member_removed(request: PersonRequest, course_key: str, member_pk: int) -> HttpResponse:
    """Let a member go. Everybody may go themselves."""
    workspace = workspace_for(request.user, course_key)
    member = member_in(workspace, member_pk)
    is_self = member.user_id == request.user.pk
    if not is_self and workspace.role != Role.EDITOR:
        raise Http404
    try:
        remove_member(member=member)
    except LastEditor:
        messages.error(request, LAST)
        return redirect("teach:members", course_key)
    if is_self:
        messages.success(request, _("You have left the course."))
        return redirect("teach:workspaces")
    messages.success(request, _("%(name)s is out.") % {"name": member.user.name})
    return redirect("teach:members", course_key)
