"""Rosters: upload, how far it is, what it will do, and its result."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import RosterUpload
from accounts.types import PersonRequest
from organisations.access import administered
from organisations.pages import frame
from organisations.rosters import queries
from organisations.rosters.access import upload_in
from organisations.rosters.forms import UploadForm
from organisations.rosters.jobs import ask_to_apply
from organisations.rosters.samples import CONTENT_TYPES
from organisations.rosters.samples import sample as sample_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rosters(request: PersonRequest, key: str) -> HttpResponse:
    """Upload a list, and the lists that were uploaded before: 4 queries."""
    scope = administered(request.user, key)
    form = UploadForm(scope, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.save(request.user)
        return redirect("organisations:roster", key, upload.uuid)
    page = queries.uploads_page(scope, request.user, request.GET.get("page"))
    context = frame(scope, "rosters", form=form, page=page)
    return render(request, "organisations/rosters/rosters.html", context)


@login_required
@require_safe
@never_cache
def roster(request: PersonRequest, key: str, upload_uuid: uuid.UUID) -> HttpResponse:
    """How far an upload is; what it will do, or did, by a page of rows: 5 queries."""
    scope = administered(request.user, key)
    upload = upload_in(scope, request.user, upload_uuid)
    context = frame(scope, "rosters", **_told(upload, request))
    return render(request, "organisations/rosters/roster.html", context)


@login_required
@require_safe
@never_cache
def roster_state(request: PersonRequest, key: str, upload_uuid: uuid.UUID) -> HttpResponse:
    """How far it is, asked again and again; once it is over, the whole page is loaded anew."""
    scope = administered(request.user, key)
    upload = upload_in(scope, request.user, upload_uuid)
    if not queries.is_unfinished(upload):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"organisation": scope.organisation, **_told(upload, request)}
    return render(request, "organisations/rosters/_state.html", context)


def _told(upload: RosterUpload, request: PersonRequest) -> dict[str, Any]:
    """What the page of an upload shows: while it is being worked on, only how far it is."""
    is_unfinished = queries.is_unfinished(upload)
    told = {
        "upload": upload,
        "is_unfinished": is_unfinished,
        "percent": queries.percent(upload),
    }
    if is_unfinished:
        return told
    outcomes = queries.outcomes(upload, request.GET.get("effect"))
    shown = next((outcome.effect for outcome in outcomes if outcome.is_shown), "")
    page = queries.rows_page(upload, shown, request.GET.get("page"))
    return {**told, "outcomes": outcomes, "shown": shown, "page": page}


@login_required
@require_POST
def roster_apply(request: PersonRequest, key: str, upload_uuid: uuid.UUID) -> HttpResponse:
    """Have what was read applied; twice is once."""
    scope = administered(request.user, key)
    upload = upload_in(scope, request.user, upload_uuid)
    if not ask_to_apply(upload):
        messages.info(request, _("This list was applied already, or is being applied."))
    return redirect("organisations:roster", key, upload.uuid)


@login_required
@require_safe
def roster_refused(request: PersonRequest, key: str, upload_uuid: uuid.UUID) -> HttpResponse:
    """The refused rows as CSV, with the reason of each."""
    scope = administered(request.user, key)
    upload = upload_in(scope, request.user, upload_uuid)
    headers = {"Content-Disposition": 'attachment; filename="refused.csv"'}
    lines = queries.refused_lines(upload)
    return HttpResponse(lines, content_type=CONTENT_TYPES["csv"], headers=headers)


@login_required
@require_safe
def roster_sample(request: PersonRequest, key: str, form: str) -> HttpResponse:
    """A list to begin with, in the reader's language."""
    administered(request.user, key)
    headers = {"Content-Disposition": f'attachment; filename="roster.{form}"'}
    return HttpResponse(sample_of(form), content_type=CONTENT_TYPES[form], headers=headers)
