"""The funnel of one organisation or one cohort as a table, for files and the reporting API.

Their own administrators read it, whose people these are: nothing is suppressed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import cohort_for
from accounts.models import User
from courses.models import Standing
from reports.access import whole_organisation_for
from reports.queries.stages import StageCount, stages_of_cohort, stages_of_organisation
from reports.tables import Column, Kind, Reader, Table, Words


def _programme(row: StageCount) -> str:
    return row.title.get(get_language() or "en") or row.title.get("en", row.programme)


def _share(row: StageCount) -> float | None:
    return row.people / row.started if row.started else None


COLUMNS = (
    Column("programme", _("Key of the programme"), definition=_("Its name in addresses.")),
    Column("title", _("Programme"), value=_programme),
    Column(
        "stage_number",
        _("Stage"),
        Kind.NUMBER,
        definition=_("1 invited to 7 qualified, each of which includes those after it."),
        value=lambda row: row.stage,
    ),
    Column("stage", _("Name of the stage"), value=lambda row: Standing.Stage(row.stage).label),
    Column(
        "people",
        _("People"),
        Kind.NUMBER,
        definition=_("Who has reached this stage or a later one."),
    ),
    Column(
        "share",
        _("Share"),
        Kind.PERCENT,
        definition=_("Of those who were invited, signed up or enrolled: all that are counted."),
        value=_share,
    ),
)


def of_organisation(user: Reader, query: QueryDict, of: str) -> Table:
    """The funnel of an organisation, by its key: for who administers the whole of it."""
    organisation = whole_organisation_for(user, of)
    rows = stages_of_organisation(organisation.pk)
    return _table("organisation-stages", _("Stages of the organisation"), rows, of)


def of_cohort(user: Reader, query: QueryDict, of: str) -> Table:
    """The funnel of a cohort, by its uuid: for who may see its people."""
    try:
        cohort_uuid = uuid.UUID(of)
    except ValueError as error:
        raise Http404 from error
    if not isinstance(user, User):
        raise Http404
    cohort = cohort_for(user, cohort_uuid)
    rows = stages_of_cohort(cohort.organisation_id, cohort.pk)
    return _table("cohort-stages", _("Stages of the cohort"), rows, of)


def _table(key: str, title: Words, rows: Sequence[StageCount], of: str) -> Table:
    return Table(key, title, COLUMNS, rows, timezone.now(), of=of)
