"""The pages to which invitations lead: who invites, and how to join."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import measure_anew
from accounts.types import PersonRequest
from courses.actions import accept_places, follow_link
from courses.types import LinkEnded, NoSeats
from organisations import access


@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what by a link: 1 query."""
    found = access.link_with_token(token)
    is_usable = access.is_usable(found)
    context = {
        "link": found,
        "organisation": found.organisation,
        "cohort": found.cohort,
        "is_usable": is_usable,
    }
    status = 200 if is_usable else 410
    return render(request, "organisations/invited.html", context, status=status)


@login_required
@require_POST
def link_followed(request: PersonRequest, token: str) -> HttpResponse:
    """Join by a link."""
    try:
        found = access.usable_link(token)
        follow_link(user=request.user, link=found)
    except LinkEnded:
        return redirect("invite:link", token)
    except NoSeats:
        messages.error(request, _("All seats are taken. Ask who sent you the link."))
        return redirect("invite:link", token)
    measure_anew(user=request.user)
    messages.success(request, _("You have joined %(name)s.") % {"name": found.organisation.name})
    return redirect("learn:my_learning")


@require_safe
def place(request: HttpRequest, token: str) -> HttpResponse:
    """The place of a letter: whose it is, and how to take it: 1 query."""
    found = access.place_with_token(token)
    context = {"place": found, "organisation": found.organisation, "cohort": found.cohort}
    return render(request, "organisations/invited.html", {**context, "is_usable": True})


@login_required
@require_POST
def place_taken(request: PersonRequest, token: str) -> HttpResponse:
    """Take the places that are kept for the person's proved addresses, this one among them."""
    found = access.place_with_token(token)
    accept_places(user=request.user)
    if access.is_taken_by(found, request.user):
        words = _("You have joined %(name)s.") % {"name": found.organisation.name}
        messages.success(request, words)
        return redirect("learn:my_learning")
    messages.error(
        request,
        _(
            "This place is kept for another address. "
            "Add that address to your account, and prove it."
        ),
    )
    return redirect("account_email")
