"""What a person says about themselves, and where they belong."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import cohort_with_code
from accounts.queries import cohorts_of, consents_of, memberships_of
from accounts.types import PersonRequest
from courses.actions import join_cohort
from courses.types import NoSeats
from learn.context import YEAR_SECONDS
from learn.forms import NO_SUCH_COHORT, JoinForm, ProfileForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """Name, language and province; memberships, cohorts and consents: 3 queries to look at."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        person = form.save()
        translation.activate(person.language)
        messages.success(request, _("Saved."))
        response = redirect("learn:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, max_age=YEAR_SECONDS)
        return response
    context = {
        "form": form,
        "memberships": memberships_of(request.user),
        "cohorts": cohorts_of(request.user),
        "consents": consents_of(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "learn/profile.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: PersonRequest) -> HttpResponse:
    """Ask for the code of a cohort; lead to the page that says which cohort it is."""
    form = JoinForm(request.POST or None)
    if form.is_valid():
        return redirect("learn:join_cohort", form.cleaned_data["code"])
    return render(request, "learn/join.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_with_code(request: PersonRequest, code: str) -> HttpResponse:
    """Which cohort a code opens, and joining it. The address can be sent to a class."""
    try:
        cohort = cohort_with_code(code)
    except Http404:
        messages.error(request, NO_SUCH_COHORT)
        return redirect("learn:join")
    if request.method == "POST":
        try:
            join_cohort(user=request.user, cohort=cohort)
        except NoSeats:
            messages.error(request, _("All seats of this cohort are taken. Ask who teaches it."))
            return redirect("learn:join")
        messages.success(request, _("You are in the cohort %(name)s.") % {"name": cohort.name})
        return redirect("learn:my_learning")
    return render(request, "learn/join_cohort.html", {"cohort": cohort})
