"""Inviting people: letters, links, and the places that are kept for them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import mail_places, make_link, revoke_link
from accounts.types import PersonRequest
from courses.actions import withdraw_places
from courses.types import NoSeats
from organisations import access, queries
from organisations.actions import invite_by_letter
from organisations.forms.invitations import LettersForm, LinkForm
from organisations.forms.people import WordsForm
from organisations.pages import frame
from organisations.views.members import no_seats


@login_required
@require_safe
def invite(request: PersonRequest, key: str) -> HttpResponse:
    """The ways to invite people: 5 queries."""
    scope = access.administered(request.user, key)
    context = frame(
        scope, "invite", letters=LettersForm(None, scope), links=queries.links_of(scope)
    )
    return render(request, "organisations/invite.html", context)


@login_required
@require_POST
def letters(request: PersonRequest, key: str) -> HttpResponse:
    """Say what a list of addresses would do; invite when this is confirmed."""
    scope = access.administered(request.user, key)
    form = LettersForm(request.POST, scope)
    preview = queries.preview(scope, form.read) if form.is_valid() else None
    if preview and preview.new and "confirmed" in request.POST:
        try:
            invited = invite_by_letter(
                scope.organisation, preview.new, form.cleaned_data["cohort"], by=request.user
            )
            words = ngettext("%(n)s place is kept.", "%(n)s places are kept.", invited.added)
            messages.success(request, words % {"n": invited.added})
            return redirect("organisations:places", key)
        except NoSeats as error:
            messages.error(request, no_seats(error))
    context = frame(scope, "invite", letters=form, preview=preview)
    return render(request, "organisations/letters.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: PersonRequest, key: str) -> HttpResponse:
    """Make a link."""
    scope = access.administered(request.user, key)
    form = LinkForm(request.POST or None, scope)
    if form.is_valid():
        make_link(link=form.link(), by=request.user)
        messages.success(request, _("The link is made. Copy it below."))
        return redirect("organisations:invite", key)
    return render(request, "organisations/link.html", frame(scope, "invite", form=form))


@login_required
@require_POST
def link_revoked(request: PersonRequest, key: str, token: str) -> HttpResponse:
    """Let nobody in by this link any more."""
    scope = access.administered(request.user, key)
    revoke_link(link=access.link_in(scope, token))
    messages.success(request, _("The link lets nobody in any more."))
    return redirect("organisations:invite", key)


@login_required
@require_safe
def places(request: PersonRequest, key: str) -> HttpResponse:
    """Places that nobody has taken yet: 4 queries."""
    scope = access.administered(request.user, key)
    form = WordsForm(request.GET)
    page = queries.places_page(scope, form.words(), request.GET.get("page"))
    context = frame(scope, "invite", form=form, page=page)
    return render(request, "organisations/places.html", context)


@login_required
@require_POST
def places_withdrawn(request: PersonRequest, key: str) -> HttpResponse:
    """Withdraw the chosen places."""
    scope = access.administered(request.user, key)
    chosen = queries.chosen_places(scope, request.POST.getlist("place"))
    gone = withdraw_places(organisation=scope.organisation, invitation_ids=chosen)
    words = ngettext("%(n)s place is withdrawn.", "%(n)s places are withdrawn.", gone)
    if gone:
        messages.success(request, words % {"n": gone})
    else:
        messages.error(request, _("Choose places first."))
    return redirect("organisations:places", key)


@login_required
@require_POST
def places_mailed(request: PersonRequest, key: str) -> HttpResponse:
    """Send a letter for the chosen places, again where there was one."""
    scope = access.administered(request.user, key)
    chosen = queries.chosen_places(scope, request.POST.getlist("place"))
    asked = mail_places(organisation=scope.organisation, invitation_ids=chosen)
    words = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", asked)
    if asked:
        messages.success(request, words % {"n": asked})
    else:
        messages.error(request, _("Choose places whose letters are not on their way already."))
    return redirect("organisations:places", key)
