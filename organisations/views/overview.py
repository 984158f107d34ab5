"""One organisation: its overview, its settings, its departments."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import remove_department
from accounts.models import Department
from accounts.types import DepartmentInUse, PersonRequest
from organisations import access, queries
from organisations.forms.people import DepartmentForm, SettingsForm
from organisations.pages import frame


@login_required
@require_safe
def overview(request: PersonRequest, key: str) -> HttpResponse:
    """Cohorts, people by role, open places and seats: at most 8 queries."""
    scope = access.administered(request.user, key)
    context = frame(
        scope,
        "overview",
        roles=queries.role_counts(scope),
        cohorts=queries.cohorts_with_members(scope.cohorts())[:5],
        departments=queries.departments_with_counts(scope) if scope.is_whole else [],
        places=queries.open_place_count(scope),
        seats=queries.seats_used(scope),
    )
    return render(request, "organisations/overview.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonRequest, key: str) -> HttpResponse:
    """Name and contact, and what the centre verified."""
    scope = access.administered_whole(request.user, key)
    form = SettingsForm(request.POST or None, instance=scope.organisation)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organisations:settings", key)
    return render(request, "organisations/settings.html", frame(scope, "settings", form=form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def departments(request: PersonRequest, key: str) -> HttpResponse:
    """The departments, and a form for one more."""
    scope = access.administered_whole(request.user, key)
    new = Department(organisation=scope.organisation)
    form = DepartmentForm(request.POST or None, instance=new)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organisations:departments", key)
    found = queries.departments_with_counts(scope)
    context = frame(scope, "departments", form=form, departments=found)
    return render(request, "organisations/departments.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def department(request: PersonRequest, key: str, department_uuid: uuid.UUID) -> HttpResponse:
    """Another name for a department, or none at all any more."""
    scope = access.administered_whole(request.user, key)
    found = access.department_in(scope, department_uuid)
    form = DepartmentForm(request.POST or None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organisations:departments", key)
    context = frame(scope, "departments", form=form, department=found)
    return render(request, "organisations/department.html", context)


@login_required
@require_POST
def department_removed(
    request: PersonRequest, key: str, department_uuid: uuid.UUID
) -> HttpResponse:
    """Remove a department that is empty."""
    scope = access.administered_whole(request.user, key)
    found = access.department_in(scope, department_uuid)
    try:
        remove_department(department=found)
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
    except DepartmentInUse:
        messages.error(
            request,
            _("%(name)s still has cohorts or people. Give them to another one first.")
            % {"name": found.name},
        )
    return redirect("organisations:departments", key)
