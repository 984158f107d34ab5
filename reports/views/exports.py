"""Reports as files: small ones at once, large ones from a page that tells how far they are."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.types import PersonRequest
from reports.access import export_for
from reports.exports import (
    MOST_ROWS_AT_ONCE,
    ExportedFile,
    TooMany,
    ask_for,
    content_of,
    file_of,
    ready_export_for,
)
from reports.queries.exports import exports_of
from reports.registry import exported
from reports.writers import CONTENT_TYPES


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: HttpRequest, report: str, form: str) -> HttpResponseBase:
    """The report of that name as a file, as the address filters and sorts it.

    A long one is asked for by a POST, from a page that says so.
    """
    table = exported(request.user, report, request.GET)
    if request.method != "POST" and table.count() <= MOST_ROWS_AT_ONCE:
        return _sent(file_of(table, request.GET, form))
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return render(request, "reports/exports/ask.html", {"table": table, "form": form})
    try:
        asked = ask_for(user=request.user, table=table, query=request.GET, form=form)
    except TooMany:
        messages.error(request, _("Three of your exports are being written. Wait for one of them."))
        return redirect("reports:exports")
    return redirect("reports:export_page", asked.uuid)


def _sent(file: ExportedFile) -> FileResponse:
    return FileResponse(
        file.content, as_attachment=True, filename=file.name, content_type=file.content_type
    )


@require_safe
@login_required
def exports(request: PersonRequest) -> HttpResponse:
    """The person's own exports that have not ended: 1 query."""
    return render(request, "reports/exports/list.html", {"exports": exports_of(request.user)})


@require_safe
@login_required
@never_cache
def export_page(request: PersonRequest, export_uuid: uuid.UUID) -> HttpResponse:
    """How far an export is, and its file once it is ready. Owner only."""
    found = export_for(request.user, export_uuid)
    return render(request, "reports/exports/export.html", {"export": found})


@require_safe
@login_required
@never_cache
def export_state(request: PersonRequest, export_uuid: uuid.UUID) -> HttpResponse:
    """The part of that page that changes: asked again and again until it is final."""
    found = export_for(request.user, export_uuid)
    return render(request, "reports/exports/_state.html", {"export": found})


@require_safe
@login_required
@never_cache
def export_file(request: PersonRequest, export_uuid: uuid.UUID) -> StreamingHttpResponse:
    """The file, while its owner may see what is in it."""
    found = ready_export_for(request.user, export_uuid)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
        "Content-Length": str(found.size),
    }
    content_type = CONTENT_TYPES[found.form]
    return StreamingHttpResponse(content_of(found), content_type=content_type, headers=headers)
