"""Cohorts: the list, one of them, its dates and plan, the sheet with its code."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Cohort
from accounts.types import PersonRequest
from courses.actions import set_deadlines
from courses.types import NoSeats
from organisations import access, queries
from organisations.actions import save_cohort
from organisations.forms.cohorts import CohortForm, DeadlinesForm
from organisations.forms.people import WordsForm
from organisations.pages import frame, teacher_frame


@login_required
@require_safe
def cohorts(request: PersonRequest, key: str) -> HttpResponse:
    """The cohorts that the person administers: 3 queries."""
    scope = access.administered(request.user, key)
    page = queries.cohorts_page(scope, request.GET.get("page"))
    context = frame(scope, "cohorts", page=page, cohorts=page.object_list)
    return render(request, "organisations/cohorts.html", context)


@login_required
@require_safe
def cohort(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """One cohort with a page of its people, for who administers or teaches it: 8 queries."""
    found = access.cohort_seen(request.user, key, cohort_uuid)
    scope = access.scope_over(request.user, found)
    form = WordsForm(request.GET)
    page = queries.members_page(found, form.words(), request.GET.get("page"))
    context = {
        **(frame(scope, "cohorts") if scope else teacher_frame(found.organisation)),
        "cohort": found,
        "form": form,
        "page": page,
        "instructors": queries.instructors_of(found),
        "places": queries.places_in(found),
        "targets": queries.other_cohorts(scope, found) if scope else [],
    }
    return render(request, "organisations/cohort.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_new(request: PersonRequest, key: str) -> HttpResponse:
    """Make a cohort."""
    scope = access.administered(request.user, key)
    form = CohortForm(request.POST or None, scope, instance=Cohort(organisation=scope.organisation))
    if form.is_valid():
        made = save_cohort(**form.wanted())
        messages.success(request, _("The cohort is made. Now invite people, or show its code."))
        return redirect("organisations:cohort", key, made.uuid)
    return render(request, "organisations/cohort_form.html", frame(scope, "cohorts", form=form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Change a cohort, its plan and who teaches it."""
    scope = access.administered(request.user, key)
    found = access.cohort_in(scope, cohort_uuid)
    name = found.name
    form = CohortForm(request.POST or None, scope, instance=found, initial=queries.plan_of(found))
    if form.is_valid():
        try:
            save_cohort(**form.wanted())
            messages.success(request, _("Saved."))
            return redirect("organisations:cohort", key, found.uuid)
        except NoSeats as error:
            form.add_error(
                "seat_limit", _("%(number)s people are in it.") % {"number": error.wanted}
            )
    context = frame(scope, "cohorts", form=form, cohort=found, name=name)
    return render(request, "organisations/cohort_form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """The days by which the courses of the programme are to be completed."""
    scope = access.administered(request.user, key)
    found = access.cohort_in(scope, cohort_uuid)
    if not hasattr(found, "plan"):
        raise Http404
    courses, due = queries.required_courses(found), queries.deadlines_of(found)
    form = DeadlinesForm(request.POST or None, found, courses, due)
    if request.method == "POST" and form.is_valid():
        set_deadlines(cohort=found, due=form.due())
        messages.success(request, _("Saved."))
        return redirect("organisations:cohort", key, found.uuid)
    context = frame(scope, "cohorts", form=form, cohort=found)
    return render(request, "organisations/deadlines.html", context)


@login_required
@require_safe
def sheet(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """The join code in big type, to print or to show to a class: 1 query."""
    found = access.cohort_seen(request.user, key, cohort_uuid)
    return render(request, "organisations/sheet.html", {"cohort": found})
