"""The page that asks for consent to a new version of a text, and takes consent back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import gate
from accounts.access import consent_is_current
from accounts.actions import give_consent, withdraw_consent
from accounts.forms import ConsentForm
from accounts.types import PersonRequest


def next_address(request: PersonRequest) -> str:
    """Where the person wanted to go, if it is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return resolve_url("learn:my_learning")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PersonRequest) -> HttpResponse:
    """Ask for, and take, agreement to the texts in force; or say that there is one."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_consent(user=request.user)
        gate.remember(request, request.user)
        return redirect(next_address(request))
    context = {
        "form": form,
        "next": next_address(request),
        "agreed": consent_is_current(request.user),
    }
    return render(request, "account/consent.html", context)


@login_required
@require_POST
def withdraw(request: PersonRequest) -> HttpResponse:
    """Take every consent back, which signs the person out of every device."""
    withdraw_consent(user=request.user)
    logout(request)
    messages.success(
        request, _("Your consent is withdrawn, and you are signed out on every device.")
    )
    return redirect("learn:landing")
