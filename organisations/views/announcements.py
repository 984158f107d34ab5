"""What an organisation tells its people."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import announcement_for
from accounts.actions import announce, put_away
from accounts.models import Announcement
from accounts.types import PersonRequest
from organisations import access, queries
from organisations.forms.invitations import AnnouncementForm, CohortAnnouncementForm
from organisations.pages import frame, teacher_frame


@login_required
@require_safe
def announcements(request: PersonRequest, key: str) -> HttpResponse:
    """What was announced: 3 queries."""
    scope = access.administered(request.user, key)
    page = queries.announcements_page(scope, request.GET.get("page"))
    context = frame(scope, "announcements", page=page)
    return render(request, "organisations/announcements.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_new(request: PersonRequest, key: str) -> HttpResponse:
    """Tell something to a cohort, or to everybody who learns in the organisation."""
    scope = access.administered(request.user, key)
    new = Announcement(organisation=scope.organisation, author=request.user)
    initial = {"cohort": request.GET.get("cohort")}
    form = AnnouncementForm(
        *(request.POST or None, scope.cohorts()),
        must_choose=not scope.is_whole,
        instance=new,
        initial=initial,
    )
    if form.is_valid():
        announcement = form.save(commit=False)
        announcement.cohort = form.cleaned_data["cohort"]
        announce(announcement=announcement)
        messages.success(request, _("Announced."))
        return redirect("organisations:announcements", key)
    context = frame(scope, "announcements", form=form)
    return render(request, "organisations/announcement_new.html", context)


@login_required
@require_POST
def cohort_announcement(request: PersonRequest, key: str, cohort_uuid: uuid.UUID) -> HttpResponse:
    """Tell something to the chosen people of a cohort, or to all of it.

    The page of the cohort sends whom it is for; the form that asks what, sends it again.
    """
    cohort = access.cohort_seen(request.user, key, cohort_uuid)
    scope = access.scope_over(request.user, cohort)
    people = queries.chosen_members(cohort, request.POST.getlist("person"))
    new = Announcement(organisation=cohort.organisation, author=request.user, cohort=cohort)
    form = CohortAnnouncementForm(request.POST if "subject" in request.POST else None, instance=new)
    if request.POST.getlist("person") and not people:
        messages.error(request, _("Choose people first."))
        return redirect("organisations:cohort", key, cohort.uuid)
    if form.is_valid():
        announce(announcement=form.save(commit=False), recipients=people)
        messages.success(request, _("Announced."))
        return redirect("organisations:cohort", key, cohort.uuid)
    context = {
        **(frame(scope, "cohorts") if scope else teacher_frame(cohort.organisation)),
        "cohort": cohort,
        "people": people,
        "form": form,
    }
    return render(request, "organisations/cohort_announcement.html", context)


@login_required
@require_POST
def announcement_seen(request: PersonRequest, announcement_uuid: uuid.UUID) -> HttpResponse:
    """Put an announcement away."""
    put_away(user=request.user, announcement=announcement_for(request.user, announcement_uuid))
    return redirect("learn:my_learning")
