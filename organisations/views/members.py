"""The people of a cohort: to another cohort, out of it, and one cohort into another."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.types import PersonRequest
from courses.actions import merge_cohorts, move_members
from courses.types import NoSeats
from organisations import access, queries
from organisations.actions import dismiss_members
from organisations.forms.cohorts import TargetForm
from organisations.pages import frame


@login_required
@require_POST
def move(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Move the chosen people into another cohort."""
    scope = access.administered(request.user, key)
    source = access.cohort_in(scope, cohort_uuid)
    people = queries.chosen_members(source, request.POST.getlist("person"))
    form = TargetForm(request.POST, scope.cohorts(), source)
    if not people or not form.is_valid():
        messages.error(request, _("Choose people, and the cohort into which they go."))
        return redirect("organisations:cohort", key, source.uuid)
    target = form.cleaned_data["target"]
    try:
        moved = move_members(source=source, target=target, user_ids=[one.pk for one in people])
        words = ngettext(
            "%(n)s person is in %(name)s now.", "%(n)s people are in %(name)s now.", moved
        )
        messages.success(request, words % {"n": moved, "name": target.name})
    except NoSeats as error:
        messages.error(request, no_seats(error))
    return redirect("organisations:cohort", key, source.uuid)


@login_required
@require_POST
def remove(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Take the chosen people out of the cohort."""
    scope = access.administered(request.user, key)
    cohort = access.cohort_in(scope, cohort_uuid)
    people = queries.chosen_members(cohort, request.POST.getlist("person"))
    left = dismiss_members(cohort=cohort, people=people)
    if left:
        words = ngettext("%(n)s person left.", "%(n)s people left.", left)
        messages.success(request, words % {"n": left})
    else:
        messages.error(request, _("Choose people first."))
    return redirect("organisations:cohort", key, cohort.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Choose a cohort to merge into, read what will happen, and do it."""
    scope = access.administered(request.user, key)
    source = access.cohort_in(scope, cohort_uuid)
    form = TargetForm(request.POST or request.GET or None, scope.cohorts(), source)
    target = form.cleaned_data["target"] if form.is_valid() else None
    if target and request.method == "POST":
        try:
            merge_cohorts(source=source, target=target)
            messages.success(request, _("The cohorts are one now."))
            return redirect("organisations:cohort", key, target.uuid)
        except NoSeats as error:
            messages.error(request, no_seats(error))
    merging = queries.merging(source, target) if target else None
    context = frame(scope, "cohorts", cohort=source, form=form, target=target, merging=merging)
    return render(request, "organisations/merge.html", context)


def no_seats(error: NoSeats) -> str:
    """Why nobody took a seat, as a sentence that says what to do."""
    return _(
        "There are %(limit)s seats and %(wanted)s people would need one. Nothing was changed: "
        "raise the limit of the cohort, or choose fewer people."
    ) % {"limit": error.limit, "wanted": error.wanted}
