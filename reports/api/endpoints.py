"""What the reporting API answers: report tables by path. To add one, add its line.

Only tables of figures stand here, never one with a row of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports import stages
from reports.api.subjects import Subject
from reports.tables import Column

ROOT = "/api/reports/v1/"
FILTERS = ("province", "kind", "programme")
"""What a table of the nation can be narrowed to; a token of a province is held to it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and the report that it answers."""

    path: str
    """Below `ROOT`, as OpenAPI writes it: `cohorts/{cohort}/stages`."""
    report: str
    """Its name in reports/registry.py."""
    subject: Subject
    summary: str
    columns: Sequence[Column] = ()
    """Of a row; () where the answer alone says, in `columns`."""
    filters: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Of the route, and the operation in OpenAPI."""
        return f"api_{self.report.replace('-', '_')}"


ENDPOINTS = (
    *(
        Endpoint(path, f"national-{path}", Subject.NATION, summary, filters=filters)
        for path, summary, filters in (
            ("funnel", "From the invitation to the qualification, with median days.", FILTERS),
            ("provinces", "Enrolled, active and qualified people by province.", FILTERS),
            ("kinds", "The same by the kind of organisation in which people learn.", FILTERS),
            ("programmes", "The same by programme.", FILTERS),
            ("levels", "The same by level.", FILTERS),
            ("organisations", "Enrolled and qualified people by organisation.", FILTERS[:2]),
            ("months", "Who became qualified in which months, in the whole country.", ()),
        )
    ),
    Endpoint(
        "organisations/{organisation}/stages",
        "organisation-stages",
        Subject.ORGANISATION,
        "How many people of an organisation have reached which stage of which programme.",
        stages.COLUMNS,
    ),
    Endpoint(
        "cohorts/{cohort}/stages",
        "cohort-stages",
        Subject.COHORT,
        "How many people of a cohort have reached which stage of which programme.",
        stages.COLUMNS,
    ),
)


def route_of(endpoint: Endpoint) -> str:
    """Its path as Django writes it."""
    path = endpoint.path.replace("{organisation}", "<slug:of>").replace("{cohort}", "<uuid:of>")
    return ROOT.removeprefix("/") + path
