"""A person's own organisations, registering one, and the centre's decision."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import may_verify
from accounts.actions import refuse_organisation, register_organisation, verify_organisation
from accounts.types import AlreadyDecided, PersonRequest
from organisations import access, queries
from organisations.forms.registration import DecisionForm, RegistrationForm

MOST_WAITING = 3
"""Registrations of one person that may wait for the centre at a time."""


@login_required
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """Where the person administers or teaches, and what they registered: at most 4 queries."""
    context = {
        "offices": queries.offices_of(request.user),
        "cohorts": queries.taught_cohorts(request.user),
        "registrations": queries.registrations_of(request.user),
        "may_verify": may_verify(request.user),
    }
    return render(request, "organisations/mine.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PersonRequest) -> HttpResponse:
    """Ask the centre to verify a new organisation."""
    if queries.waiting_of(request.user) >= MOST_WAITING:
        messages.error(request, _("Three of your registrations wait. Let the centre answer first."))
        return redirect("organisations:mine")
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        register_organisation(user=request.user, organisation=form.save(commit=False))
        messages.success(request, _("Sent to the centre. You get an e-mail when it has decided."))
        return redirect("organisations:mine")
    return render(request, "organisations/register.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: PersonRequest, organisation_uuid: uuid.UUID) -> HttpResponse:
    """Mend a registration, and ask the centre again."""
    organisation = access.registration_for(request.user, organisation_uuid)
    form = RegistrationForm(request.POST or None, instance=organisation)
    if form.is_valid():
        register_organisation(user=request.user, organisation=form.save(commit=False))
        messages.success(request, _("Sent to the centre. You get an e-mail when it has decided."))
        return redirect("organisations:mine")
    context = {"form": form, "organisation": organisation}
    return render(request, "organisations/register.html", context)


@login_required
@require_safe
def waiting(request: PersonRequest) -> HttpResponse:
    """The registrations on which the centre is to decide."""
    access.check_may_verify(request.user)
    page = queries.waiting_registrations(request.GET.get("page"))
    return render(request, "organisations/waiting.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PersonRequest, organisation_uuid: uuid.UUID) -> HttpResponse:
    """One registration, and the centre's answer."""
    organisation = access.waiting_for(request.user, organisation_uuid)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if form.cleaned_data["decision"] == "verify":
                verify_organisation(organisation=organisation, reason=reason)
            else:
                refuse_organisation(organisation=organisation, reason=reason)
            messages.success(request, _("Decided. Who registered it gets an e-mail."))
        except AlreadyDecided:
            messages.error(request, _("Somebody decided on this in the meantime."))
        return redirect("organisations:waiting")
    context = {"form": form, "organisation": organisation}
    return render(request, "organisations/decide.html", context)
