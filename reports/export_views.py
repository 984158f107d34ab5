"""Reports as files: small ones at once, large ones from a page that tells how far they are."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from reports.access import report_for
from reports.exports import file_of


@require_safe
def export(request: HttpRequest, report: str, form: str) -> HttpResponseBase:
    """The report of that name as a file, as the address filters and sorts it."""
    table = report_for(request.user, report, request.GET)
    file = file_of(table, request.GET, form)
    return FileResponse(
        file.content, as_attachment=True, filename=file.name, content_type=file.content_type
    )
