"""The only door to exports and tokens, and to reports by their names."""

from __future__ import annotations

from django.http import Http404, QueryDict

from reports.registry import REPORTS
from reports.tables import Reader, Table


def report_for(user: Reader, name: str, query: QueryDict) -> Table:
    """The report of that name as the query string asks for it; 404 to who may not see it."""
    if name not in REPORTS:
        raise Http404
    return REPORTS[name](user, query, query.get("of", "").replace("\0", ""))
