"""The page that asks for consent to a new version of a text."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts import gate
from accounts.actions import give_consent
from accounts.forms import ConsentForm
from accounts.models import User


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return resolve_url("learn:my_learning")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Ask for, and take, agreement to the texts in force."""
    assert isinstance(request.user, User)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_consent(user=request.user)
        gate.remember(request, request.user)
        return redirect(next_address(request))
    context = {"form": form, "next": next_address(request)}
    return render(request, "account/consent.html", context)
