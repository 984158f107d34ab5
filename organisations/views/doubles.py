"""One person with two accounts: who it may be, and making them one."""

from __future__ import annotations

import uuid

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.types import PersonRequest
from courses.actions import merge_people
from organisations import access
from organisations.doubles import double_in, doubles_in, outcome_of, sides_of
from organisations.forms.people import MergeForm
from organisations.pages import frame

logger = structlog.get_logger(__name__)


@login_required
@require_safe
def doubles(request: PersonRequest, key: str) -> HttpResponse:
    """Who of the organisation is likely one person with two accounts."""
    scope = access.administered_whole(request.user, key)
    context = frame(scope, "people", doubles=doubles_in(scope))
    return render(request, "organisations/doubles.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_two(
    request: PersonRequest, key: str, kept_uuid: uuid.UUID, gone_uuid: uuid.UUID
) -> HttpResponse:
    """The two accounts side by side, what will be kept, and making them one."""
    scope = access.administered_whole(request.user, key)
    kept, gone = double_in(scope, kept_uuid, gone_uuid)
    form = MergeForm(request.POST or None)
    if form.is_valid():
        merge_people(kept=kept, gone=gone)
        logger.info("people_merged", kept=str(kept_uuid), gone=str(gone_uuid), organisation=key)
        messages.success(request, _("The two accounts of %(name)s are one.") % {"name": kept.name})
        return redirect("organisations:person", key, kept.uuid)
    sides, outcome = sides_of((kept, gone), scope), outcome_of(kept, gone)
    context = frame(scope, "people", form=form, kept=sides[0], gone=sides[1], outcome=outcome)
    return render(request, "organisations/merge_people.html", context)
