"""The organisations of the nation: what one choice hides, another does not tell."""

from __future__ import annotations

import pytest

from courses.models import Programme, StageTally, Standing
from reports.queries.nation import Scope, programme_names
from reports.queries.nation_organisations import OrganisationCounts, organisation_counts
from reports.suppression import Figure
from tests.courses.rows import make_course, make_programme
from tests.people import make_organisation

pytestmark = pytest.mark.django_db


def enrolled(key: str, kind: str, of_programme: dict[Programme, int]) -> None:
    organisation = make_organisation(key, kind=kind)
    for programme, people in of_programme.items():
        StageTally.objects.create(
            organisation=organisation.pk,
            cohort=0,
            period=0,
            stage=Standing.Stage.ENROLLED,
            programme=programme,
            province=organisation.province,
            kind=kind,
            value=people,
            slot=0,
        )


def test_two_choices_taken_together_tell_of_no_small_group() -> None:
    make_course("chains")
    first, second = (make_programme(key, [("chains", True)]) for key in ("first", "second"))
    enrolled("large", "university", {first: 20, second: 1})
    enrolled("small", "university", {first: 3})
    enrolled("firm", "company", {first: 9})
    enrolled("shop", "company", {first: 9})
    names = programme_names()

    def counted(scope: Scope) -> OrganisationCounts:
        name = next((one for one in names if one.key == scope.programme), None)
        return organisation_counts(scope, name)

    def people(counts: OrganisationCounts) -> list[int]:
        return [*(row.enrolled.value for row in counts.rows), counts.small_enrolled]

    # Small ones are 1 + 3 + 9 + 9: together wherever they are shown.
    assert people(counted(Scope())) == [20, 0, 0, 0, 22]
    assert people(counted(Scope(programme="first"))) == [20, 0, 0, 0, 0]
    assert people(counted(Scope(kind="university"))) == [20, 0, 0]
    assert people(counted(Scope(kind="company"))) == [0, 0, 0]
    assert counted(Scope()).rows[0].enrolled == Figure(20, is_exact=False)
