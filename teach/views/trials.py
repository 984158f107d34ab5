"""Trying an exercise that is written: solution, starter, wrong answers, and automatic mutants."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from authoring.access import EVERY_ROLE, WRITING_ROLES, workspace_for
from authoring.actions import ask_trial, try_now, write_files
from authoring.models import Trial
from teach.exercises import CODE_KINDS, Place, exercise_in, place_of, trials_page
from teach.forms.exercise import NoTable, with_equivalent
from teach.pages import frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_trials(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """What was tried of an exercise. POST: try it as it is saved."""
    roles = WRITING_ROLES if request.method == "POST" else EVERY_ROLE
    place = place_of(workspace_for(request.user, course_key, *roles), folder, exercise_key)
    if request.method == "POST":
        return _same(request, place) if "same" in request.POST else begin_trial(request, place)
    return _page(request, place, "teach/exercises/trials.html")


@login_required
@require_safe
def exercise_trial_state(
    request: PersonRequest, course_key: str, folder: str, exercise_key: str
) -> HttpResponse:
    """For the page that polls: how far the trials are, or what came of them."""
    place = place_of(workspace_for(request.user, course_key), folder, exercise_key)
    return _page(request, place, "teach/exercises/parts/trials.html")


def begin_trial(request: PersonRequest, place: Place) -> HttpResponse:
    """Try the newest revision: a quiz at once, code by `manage.py author`."""
    purpose = Trial.Purpose.MUTANTS if "mutants" in request.POST else Trial.Purpose.TRY
    try:
        kind = exercise_in(place, place.head).kind
    except NoTable:
        return redirect(place.url("exercise_source"))
    ask = partial(ask_trial, purpose=purpose) if kind in CODE_KINDS else try_now
    ask(workspace=place.workspace, revision=place.head, exercise_key=place.key, by=request.user)
    return redirect(place.url("exercise_trials"))


def _same(request: PersonRequest, place: Place) -> HttpResponse:
    """List a mutant as behaving the same."""
    mutant = request.POST["same"].strip()
    try:
        changes = with_equivalent(exercise_in(place, place.head), mutant)
    except NoTable:
        return redirect(place.url("exercise_source"))
    if mutant and "\n" not in mutant:
        write_files(
            workspace=place.workspace,
            by=request.user,
            changes={f"{place.prefix}{name}": data for name, data in changes.items()},
            base=place.head.number,
            message=f"= {mutant}"[:500],
        )
        messages.success(request, _("It is listed. Look again to leave it out."))
    return redirect(place.url("exercise_trials"))


def _page(request: PersonRequest, place: Place, template: str) -> HttpResponse:
    try:
        page = trials_page(place, exercise_in(place, place.head))
    except NoTable:
        return redirect(place.url("exercise_source"))
    return render(request, template, frame(place.workspace, "exercises", **page))
