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
from reports.snapshots import Group, Told, freeze_public_figures, tell
from tests.courses.rows import make_programme

MONDAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)
BEIJING, SHANGHAI, TIBET, MACAO = ((code, "path") for code in ("11", "31", "54", "82"))


def group(people: int, *places: tuple[str, str]) -> Group:
    return Group(frozenset(places), people)


def test_small_provinces_are_told_together() -> None:
    told = tell({BEIJING: 50, TIBET: 6, MACAO: 7}, Told())
    assert told == Told((group(50, BEIJING),), rest=13)


def test_the_smallest_is_among_whom_others_will_stand() -> None:
    first = tell({BEIJING: 50, SHANGHAI: 20}, Told())
    assert first == Told((group(50, BEIJING),), rest=20)
    # One person in Tibet is not seen, neither in the figures nor beside those of yesterday.
    assert tell({BEIJING: 50, SHANGHAI: 29, TIBET: 1}, first) == Told(
        (group(50, BEIJING),), rest=30
    )


def test_what_moved_by_less_than_ten_is_held() -> None:
    first = Told((group(50, BEIJING),), rest=20)
    assert tell({BEIJING: 59, SHANGHAI: 29}, first) == first
    assert tell({BEIJING: 60, SHANGHAI: 29}, first) == Told((group(60, BEIJING),), rest=20)


def test_groups_are_split_and_never_joined() -> None:
    together = Told(
        (
            group(50, BEIJING),
            group(12, TIBET, MACAO),
        ),
        rest=20,
    )
    assert tell({BEIJING: 50, TIBET: 14, MACAO: 7, SHANGHAI: 20}, together) == together
    grown = {BEIJING: 50, TIBET: 14, MACAO: 10, SHANGHAI: 20}
    split = tell(grown, together)
    assert split == Told(
        (
            group(50, BEIJING),
            group(10, MACAO),
            group(14, TIBET),
        ),
        rest=20,
    )


def test_a_group_that_has_shrunk_to_a_few_joins_the_rest() -> None:
    before = Told(
        (
            group(50, BEIJING),
            group(18, TIBET),
        ),
        rest=20,
    )
    assert tell({BEIJING: 50, TIBET: 8, SHANGHAI: 20}, before) == Told(
        (group(50, BEIJING),), rest=20
    )


def test_a_handful_is_not_told_at_all() -> None:
    assert tell({BEIJING: 4, TIBET: 5}, Told()) == Told()


@pytest.fixture
def programme(db: None) -> Programme:
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


def test_a_day_is_frozen_once_and_goes_on_from_the_one_before(programme: Programme) -> None:
    qualify(programme, "11", 50)
    qualify(programme, "31", 20)
    assert freeze_public_figures(MONDAY)
    qualify(programme, "11", 50)
    assert not freeze_public_figures(MONDAY)
    assert shown() == {"11": 50, "others": 20}
    assert freeze_public_figures(MONDAY + DAY)
    assert shown() == {"11": 100, "others": 20}
    qualify(programme, "31", 9)
    qualify(programme, "54", 1)
    assert freeze_public_figures(MONDAY + 2 * DAY)
    assert shown() == {"11": 100, "others": 30}


def test_the_clerk_freezes_the_day(programme: Programme, client: Client) -> None:
    qualify(programme, "33", 1234)
    qualify(programme, "11", 10)
    call_command("clerk", "--once")
    assert PublicSnapshot.objects.get().day == timezone.localdate()
    page = client.get("/progress/").content.decode()
    assert "Zhejiang 1,234 qualified, 1.91 for every 100,000 inhabitants" in page
