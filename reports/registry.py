"""Every report by name: what an export is made of. To add one, add its line.

A builder takes who reads, what the address asks for, and what the report is about (`of`: "" for
the nation, the key of an organisation, the uuid of a cohort). It decides who may see, and raises
`Http404` to everybody else; reports/tables.py shows how one is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import Http404, QueryDict

from accounts.models import User
from reports import cohort_tables, gradebook, organisation_tables, people_table, stages
from reports.nation import tables as nation
from reports.tables import Reader, Table

Builder = Callable[[Reader, QueryDict, str], Table]

REPORTS: Mapping[str, Builder] = {
    "cohort-at-risk": cohort_tables.risk,
    "cohort-gradebook": gradebook.gradebook,
    "cohort-progress": cohort_tables.progress,
    "cohort-stages": stages.of_cohort,
    "national-funnel": nation.funnel,
    "national-kinds": nation.kinds,
    "national-levels": nation.levels,
    "national-months": nation.months,
    "national-organisations": nation.organisations,
    "national-programmes": nation.programmes,
    "national-provinces": nation.provinces,
    "organisation-at-risk": organisation_tables.risk,
    "organisation-cohorts": organisation_tables.cohorts,
    "organisation-people": people_table.people_report,
    "organisation-stages": stages.of_organisation,
}
"""Name (`Table.key`, also in the address of the export) → builder."""


def report_for(user: Reader, name: str, query: QueryDict, of: str) -> Table:
    """The report of that name as the query string asks for it; 404 to who may not see it."""
    has_left = isinstance(user, User) and not user.is_active
    if name not in REPORTS or has_left:
        raise Http404
    return REPORTS[name](user, query, of)


def exported(user: Reader, name: str, query: QueryDict) -> Table:
    """The same for an export, whose query string says what it is about."""
    return report_for(user, name, query, query.get("of", "").replace("\0", ""))
