"""The people of an organisation and their roles."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import give_role
from accounts.types import LastAdministrator, PersonRequest
from organisations import access, queries
from organisations.actions import end_role
from organisations.forms.people import PeopleForm, RoleForm
from organisations.pages import frame

LAST = gettext_lazy(
    "Nobody else administers the organisation. Give the role to somebody else first."
)


@login_required
@require_safe
def people(request: PersonRequest, key: str) -> HttpResponse:
    """A page of the people, as searched and filtered: 4 queries."""
    scope = access.administered(request.user, key)
    form = PeopleForm(request.GET)
    words, role = form.words()
    page = queries.people_page(scope, words, role, request.GET.get("page"))
    context = frame(scope, "people", form=form, page=page, is_filtered=bool(words or role))
    return render(request, "organisations/people.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PersonRequest, key: str, person_uuid: uuid.UUID) -> HttpResponse:
    """One person's roles and cohorts, and a form that gives a role."""
    scope = access.administered(request.user, key)
    found = access.person_in(scope, person_uuid)
    form = RoleForm(request.POST or None, scope, found)
    if form.is_valid():
        try:
            give_role(user=found, organisation=scope.organisation, **form.cleaned_data)
            messages.success(request, _("Saved."))
        except LastAdministrator:
            messages.error(request, LAST)
        return redirect("organisations:person", key, found.uuid)
    roles = queries.roles_of(found, scope.organisation)
    cohorts = queries.cohorts_in(found, scope)
    context = frame(scope, "people", form=form, person=found, roles=roles, cohorts=cohorts)
    return render(request, "organisations/person.html", context)


@login_required
@require_POST
def role_taken(request: PersonRequest, key: str, person_uuid: uuid.UUID, role: str) -> HttpResponse:
    """Take a role from a person; who loses the last one is no longer of the organisation."""
    scope = access.administered(request.user, key)
    found = access.person_in(scope, person_uuid)
    membership = access.membership_in(scope, found, role)
    try:
        end_role(membership=membership)
        messages.success(request, _("The role is taken from %(name)s.") % {"name": found.name})
    except LastAdministrator:
        messages.error(request, LAST)
    return redirect("organisations:people", key)
