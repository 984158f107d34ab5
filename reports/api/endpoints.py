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


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and the report that it answers."""

    path: str
    """Below `ROOT`, as OpenAPI writes it: `cohorts/{cohort}/stages`."""
    report: str
    """Its name in reports/registry.py."""
    subject: Subject
    columns: Sequence[Column]
    summary: str

    @property
    def name(self) -> str:
        """Of the route, and the operation in OpenAPI."""
        return f"api_{self.report.replace('-', '_')}"


ENDPOINTS = (
    Endpoint(
        "organisations/{organisation}/stages",
        "organisation-stages",
        Subject.ORGANISATION,
        stages.COLUMNS,
        "How many people of an organisation have reached which stage of which programme.",
    ),
    Endpoint(
        "cohorts/{cohort}/stages",
        "cohort-stages",
        Subject.COHORT,
        stages.COLUMNS,
        "How many people of a cohort have reached which stage of which programme.",
    ),
)


def route_of(endpoint: Endpoint) -> str:
    """Its path as Django writes it."""
    path = endpoint.path.replace("{organisation}", "<slug:of>").replace("{cohort}", "<uuid:of>")
    return ROOT.removeprefix("/") + path
