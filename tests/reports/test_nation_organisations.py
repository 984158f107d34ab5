"""The organisations of the nation: no row tells of the organisations beside it."""

from __future__ import annotations

import pytest

from courses.models import Programme, StageTally, Standing
from reports.queries.nation import Scope, programme_names
from reports.queries.nation_organisations import People, organisation_counts, shown_of_place
from tests.courses.rows import make_programme
from tests.people import make_organisation

Stage = Standing.Stage


def test_rows_are_shown_where_the_others_are_enough() -> None:
    own = {1: People(40, 20), 2: People(30, 3), 3: People(4, 2)}
    # 6 would be left over, and are 3's: so 2 goes with it. 5 of the qualified are not 1's.
    assert shown_of_place(own, People(74, 25), ()) == {
        1: (60, None),
        2: (None, None),
        3: (None, None),
    }
    # 12 learn in an organisation that is not verified yet: 3 is told apart from nobody.
    assert shown_of_place(own, People(80, 31), ()) == {1: (60, 20), 2: (33, None), 3: (None, None)}


def test_a_place_of_one_organisation_is_its_organisation() -> None:
    own = {1: People(40, 20)}
    assert shown_of_place(own, People(40, 20), ()) == {1: (60, 20)}
    # What the national figures leave open of this place must not be told by its organisation.
    assert shown_of_place(own, People(40, 20), {0}) == {1: (None, None)}
    assert shown_of_place({1: People(3, 4)}, People(3, 4), ()) == {1: (None, None)}


def test_few_who_are_qualified_are_not_told_by_the_others() -> None:
    own = {1: People(40, 20), 2: People(40, 4)}
    assert shown_of_place(own, People(80, 24), ()) == {1: (60, None), 2: (44, None)}


def reached(key: str, programme: Programme, kind: str, people: dict[int, int]) -> None:
    organisation = make_organisation(key, kind=kind)
    for stage, number in people.items():
        for pk in (0, organisation.pk):
            tally, _ = StageTally.objects.get_or_create(
                organisation=pk,
                period=0,
                stage=stage,
                programme=programme,
                province=organisation.province,
                kind=kind,
                slot=0,
            )
            tally.value += number
            tally.save()


@pytest.mark.django_db
def test_the_same_rows_whatever_is_chosen() -> None:
    programme = make_programme("path", [])
    reached("large", programme, "university", {1: 60, 2: 60, 3: 60, 4: 20, 7: 20})
    reached("other", programme, "university", {1: 30, 2: 30, 3: 30, 4: 15, 7: 15})
    reached("small", programme, "firm", {1: 4, 2: 4, 3: 4, 4: 3, 7: 3})
    names = programme_names()
    rows = organisation_counts(Scope(), names)
    # The firm's people stand in blocks with those of a university, of which one tells too much.
    assert [(row.key, row.enrolled, row.qualified) for row in rows] == [
        ("large", 60, 20),
        ("other", None, None),
        ("small", None, None),
    ]
    assert organisation_counts(Scope(kind="university", programme="path"), names) == rows[:2]
    assert organisation_counts(Scope(province="11"), names) == []
