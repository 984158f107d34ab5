"""Tokens of the reporting API: who may see figures makes them for programs."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.types import PersonRequest
from reports.access import token_scopes_for, token_to_revoke
from reports.forms import TokenForm
from reports.queries.tokens import tokens_of
from reports.tokens import make_token, revoke


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def tokens(request: PersonRequest) -> HttpResponse:
    """The person's own tokens, and a form for a new one, whose text is shown this once."""
    scopes = token_scopes_for(request.user)
    form = TokenForm(request.POST or None, scopes)
    text = ""
    if form.is_valid():
        name, days = form.cleaned_data["name"], form.cleaned_data["days"]
        _token, text = make_token(user=request.user, name=name, scope=form.chosen_scope, days=days)
        form = TokenForm(None, scopes)
    context = {"form": form, "tokens": tokens_of(request.user), "text": text}
    return render(request, "reports/tokens/list.html", context)


@require_POST
@login_required
def revoke_token(request: PersonRequest, token_uuid: uuid.UUID) -> HttpResponse:
    """A token of the person's own opens nothing any more."""
    token = token_to_revoke(request.user, token_uuid)
    revoke(token)
    messages.success(
        request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name}
    )
    return redirect("reports:tokens")
