"""PostgreSQL counts standings as the pure function does."""

from __future__ import annotations

import datetime
import random

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Cohort, Organisation
from courses import standing_sql, tallies
from courses.models import Programme, RetentionTally, StageTally, Standing
from courses.standings import LAST_BIT, MOMENTS, StageKey, counts
from tests.courses.rows import make_programme
from tests.people import make_cohort, make_organisation

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite counts in Python"),
]

FIRST = datetime.datetime(2023, 11, 30, 15, 59, 59, tzinfo=datetime.UTC)
"""The last second of a month in China."""


def random_standing(
    chance: random.Random, programmes: list[Programme], cohorts: list[Cohort]
) -> Standing:
    """Of nobody yet: a place that is kept, so that no two are the same person's."""
    cohort = chance.choice([None, *cohorts])
    organisation: Organisation | None = cohort.organisation if cohort else None
    standing = Standing(
        programme=chance.choice(programmes),
        organisation=organisation,
        cohort=chance.choice([None, cohort]),
        counts_nationally=chance.random() < 0.7,
        province=chance.choice(["", "11", "44"]),
        kind=organisation.kind if organisation else "",
        stage=chance.randint(1, 7),
    )
    moment = FIRST
    for column in MOMENTS[: standing.stage]:
        days = chance.choice([0, 0, 1, 40, 1200])
        moment += datetime.timedelta(
            days=days, microseconds=chance.choice([-1, 0, 1]) if days else 0
        )
        setattr(standing, column, moment)
    if standing.stage > 2:
        standing.active_months = sum(1 << chance.randint(0, LAST_BIT) for _ in range(3)) % 2**63
    return standing


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), size=st.integers(0, 30))
def test_the_statements_count_what_the_function_counts(seed: int, size: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        lakeside, hillside = make_organisation(), make_organisation("hillside", kind="firm")
        cohorts = [make_cohort(lakeside, "a"), make_cohort(lakeside, "b"), make_cohort(hillside)]
        programmes = [make_programme("one", []), make_programme("two", [])]
        standings = [random_standing(chance, programmes, cohorts) for _ in range(size)]
        Standing.objects.bulk_create(standings)
        tallies.add_counts(counts(standings))
        assert list(standing_sql.differences()) == []
        transaction.set_rollback(True)


def test_a_repair_writes_what_was_never_counted_and_what_went_wrong() -> None:
    cohorts = [make_cohort(make_organisation())]
    standings = [random_standing(random.Random(7), [make_programme("one", [])], cohorts)]
    Standing.objects.bulk_create(standings)
    counted = counts(standings)
    keys = len(counted.stages) + len(counted.delays) + len(counted.retention)
    assert standing_sql.repair() == keys
    assert standing_sql.repair() == 0
    RetentionTally.objects.all().delete()
    StageTally.objects.filter(period=0).update(value=5)
    wrong = list(standing_sql.differences())
    assert len(wrong) == len(counted.retention) + StageTally.objects.filter(period=0).count()
    assert standing_sql.repair() == len(wrong)
    tallied = dict.fromkeys(counted.stages, 0)
    for row in StageTally.objects.all():
        tallied[StageKey(*(getattr(row, column) for column in StageKey._fields))] += row.value
    assert tallied == dict(counted.stages)
