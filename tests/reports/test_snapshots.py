"""What the public sees of provinces and programmes: once a day, and nobody can be made out."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from courses.models import Programme, StageTally, Standing
from reports.models import PublicSnapshot
from reports.queries.count import public_parts
from reports.snapshots import freeze_public_figures, hold
from tests.courses.rows import make_programme

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def programme() -> Programme:
    return make_programme("path", [])


def qualify(programme: Programme, province: str, people: int) -> None:
    tally, _ = StageTally.objects.get_or_create(
        stage=Standing.Stage.QUALIFIED, period=0, programme=programme, province=province, slot=0
    )
    tally.value += people
    tally.save()


def shown() -> dict[str, int]:
    parts = public_parts()
    assert parts is not None
    return {**parts.provinces, "others": parts.other_provinces}


def test_a_day_is_frozen_once(programme: Programme) -> None:
    qualify(programme, "11", 50)
    assert freeze_public_figures(MONDAY)
    qualify(programme, "11", 50)
    assert not freeze_public_figures(MONDAY)
    assert shown() == {"11": 50, "others": 0}
    assert freeze_public_figures(MONDAY + DAY)
    assert shown() == {"11": 100, "others": 0}


def test_small_provinces_are_told_together(programme: Programme) -> None:
    for province, people in (("11", 50), ("54", 6), ("82", 7)):
        qualify(programme, province, people)
    freeze_public_figures(MONDAY)
    assert shown() == {"11": 50, "others": 13}


def test_one_person_more_is_not_seen_from_one_day_to_the_next(programme: Programme) -> None:
    qualify(programme, "11", 50)
    qualify(programme, "31", 50)
    freeze_public_figures(MONDAY)
    qualify(programme, "11", 1)
    freeze_public_figures(MONDAY + DAY)
    assert shown() == {"11": 50, "31": 50, "others": 1}
    qualify(programme, "11", 9)
    freeze_public_figures(MONDAY + 2 * DAY)
    assert shown() == {"11": 60, "31": 50, "others": 0}


def test_what_moved_by_less_than_ten_is_held() -> None:
    assert hold({"a": 30, "b": 21, "c": 12}, {"a": 20, "b": 20}) == {"a": 30, "b": 20, "c": 12}


def test_the_clerk_freezes_the_day(programme: Programme, client: Client) -> None:
    qualify(programme, "33", 1234)
    call_command("clerk", "--once")
    assert PublicSnapshot.objects.get().day == timezone.localdate()
    page = client.get("/progress/").content.decode()
    assert "Zhejiang: 1,234 qualified, 1.91 for every 100,000 inhabitants" in page
