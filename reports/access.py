"""The only door to exports and tokens, and to reports by their names."""

from __future__ import annotations

import uuid

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from reports.models import ReportExport
from reports.registry import REPORTS
from reports.tables import Reader, Table


def report_for(user: Reader, name: str, query: QueryDict) -> Table:
    """The report of that name as the query string asks for it; 404 to who may not see it."""
    has_left = isinstance(user, User) and not user.is_active
    if name not in REPORTS or has_left:
        raise Http404
    return REPORTS[name](user, query, query.get("of", "").replace("\0", ""))


def export_for(user: User, export_uuid: uuid.UUID) -> ReportExport:
    """An export of the person's own that has not ended; else 404. 1 query."""
    own = ReportExport.objects.filter(user=user, expires_at__gt=timezone.now())
    return get_object_or_404(own, uuid=export_uuid)


def finished_export_for(user: User, export_uuid: uuid.UUID) -> ReportExport:
    """An export whose file is ready, if its owner may still see what is in it; else 404."""
    export = export_for(user, export_uuid)
    if export.state != ReportExport.State.READY:
        raise Http404
    report_for(user, export.report, QueryDict(export.query))
    return export
