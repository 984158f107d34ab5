"""The public count, from tallies."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from courses.models import Programme, ProgrammeVersion, StageTally, Standing, Tally
from reports.queries.count import Point, national_count
from reports.snapshots import freeze_public_figures

pytestmark = pytest.mark.django_db


def qualified(day: datetime.date, people: int, slot: int = 0) -> None:
    Tally.objects.create(
        metric=Tally.Metric.QUALIFIED_PEOPLE, day=day, subject="", slot=slot, value=people
    )


def make_programme(key: str, qualifications: int) -> None:
    programme = Programme.objects.create(key=key)
    about = {"title": {"en": key.title(), "zh-hans": "课程"}}
    programme.current = ProgrammeVersion.objects.create(
        programme=programme, number=1, digest=key, about=about, courses=[]
    )
    programme.save(update_fields=["current"])
    StageTally.objects.create(
        stage=Standing.Stage.QUALIFIED,
        period=0,
        programme=programme,
        province="33",
        slot=0,
        value=qualifications,
    )


def test_nobody_yet() -> None:
    count = national_count()
    assert (count.qualified, count.goal, count.remaining) == (0, 500_000, 500_000)
    assert list(count.history) == []


def test_the_count_is_the_sum_over_days_and_slots() -> None:
    today = timezone.localdate()
    long_ago = today - datetime.timedelta(days=100)
    qualified(long_ago, 8, slot=0)
    qualified(long_ago, 4, slot=5)
    qualified(today, 10)
    count = national_count()
    assert count.history == [Point(long_ago, 12), Point(today, 22)]
    assert (count.qualified, count.remaining, count.last_thirty_days) == (22, 499_978, 10)
    assert count.percent == pytest.approx(0.0044)


def test_the_count_is_exact_at_once_and_a_few_people_have_no_day() -> None:
    today = timezone.localdate()
    for back, people in ((90, 10), (80, 3), (70, 4), (20, 5)):
        qualified(today - datetime.timedelta(days=back), people)
    count = national_count()
    assert [point.people for point in count.history] == [10, 22]
    assert (count.qualified, count.last_thirty_days) == (22, None)


def test_a_day_that_came_to_nothing_is_no_point() -> None:
    qualified(timezone.localdate(), 1, slot=0)
    qualified(timezone.localdate(), -1, slot=1)
    assert list(national_count().history) == []


def test_before_the_first_day_there_are_no_parts() -> None:
    assert national_count().parts is None


@pytest.mark.parametrize("programmes", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three_programmes(
    client: Client, programmes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(programmes):
        make_programme(f"programme-{number}", 10 + number)
    freeze_public_figures(timezone.localdate())
    with django_assert_num_queries(3):
        response = client.get("/progress/")
    assert response.status_code == 200
    parts = response.context["count"].parts
    # The smallest is not named: who comes first in another place will stand among its people.
    assert [part.people for part in parts.programmes] == [12, 11][3 - programmes :]
    assert parts.other_programmes == 10


def test_the_page_says_the_number_and_the_goal(client: Client) -> None:
    qualified(timezone.localdate(), 1234)
    page = client.get("/progress/").content.decode()
    assert "1,234" in page
    assert "500,000" in page
