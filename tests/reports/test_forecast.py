"""The forecast of the count: its back-test, and what it must say in plain cases."""

from __future__ import annotations

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dev.backtest import HORIZONS, LENGTHS, REGIMES, histories, inside, share
from reports.forecast import Ahead, Forecast, forecast

TODAY = datetime.date(2026, 11, 24)


def foreseen(weeks: list[int], goal: int = 500_000, weeks_ahead: int = 60) -> Forecast:
    return forecast(
        weeks,
        goal,
        reached=sum(weeks),
        today=TODAY,
        goal_day=TODAY + datetime.timedelta(days=700),
        weeks_ahead=weeks_ahead,
    )


def test_the_interval_of_80_percent_holds_between_75_and_85_percent() -> None:
    found = inside("acceptance", 20)
    assert len(found) == len(REGIMES) * len(LENGTHS) * len(HORIZONS)
    assert 0.75 <= share(found) <= 0.85
    assert [h for h in HORIZONS if not 0.75 <= share(found, h) <= 0.86] == []
    assert [r for r in REGIMES if not 0.6 <= share(found, r) <= 0.95] == []


def test_a_history_is_the_same_for_the_same_seed() -> None:
    assert list(histories("x", 1)) == list(histories("x", 1))
    assert list(histories("x", 1)) != list(histories("y", 1))


def test_an_even_history_goes_on() -> None:
    seen = foreseen([100] * 156, goal=15_600 + 5_200)
    year = seen.ahead[52]
    assert (seen.per_week, seen.required_per_week) == (100.0, 52.0)
    assert round(year.middle) == 15_600 + 5_200
    assert seen.reached_on == TODAY + datetime.timedelta(weeks=52)
    assert year.low < year.middle < year.high
    assert seen.earliest is not None
    assert seen.latest is not None
    assert seen.earliest < seen.reached_on < seen.latest


def test_the_summer_is_found_in_three_years_and_not_foreseen_from_one() -> None:
    """Nobody in 8 weeks of every year, which begin in the 7th week from now."""
    weeks = [0 if 6 <= week % 52 < 14 else 100 for week in range(156)]
    three = [step.middle for step in foreseen(weeks).ahead]
    one = [step.middle for step in foreseen(weeks[-51:]).ahead]
    assert three[13] - three[7] < 0.25 * (three[6] - three[0])
    assert one[13] - one[7] > 0.9 * (one[6] - one[0])


def test_growth_dies_away() -> None:
    weeks = [round(100 * 1.01**week) for week in range(156)]
    added = [step.middle for step in foreseen(weeks, weeks_ahead=520).ahead]
    assert added[52] - added[0] > 1.1 * 52 * weeks[-1]
    last_years = added[520] - added[468], added[468] - added[416]
    assert last_years[0] < 1.01 * last_years[1]


def test_nobody_or_no_history_promises_nothing() -> None:
    for weeks in ([], [0], [0] * 120):
        seen = foreseen(weeks)
        assert (seen.reached_on, seen.earliest, seen.latest) == (None, None, None)
        assert seen.on_goal_day == Ahead(100, 0, 0, 0)


def test_a_reached_goal_is_reached_today() -> None:
    seen = foreseen([10] * 30, goal=300)
    assert (seen.reached_on, seen.earliest, seen.latest) == (TODAY, TODAY, TODAY)
    assert seen.required_per_week == 0


@settings(max_examples=30, deadline=None)
@given(weeks=st.lists(st.integers(0, 5000), max_size=170), days=st.integers(0, 400))
def test_any_history_is_foreseen_in_order(weeks: list[int], days: int) -> None:
    """The count never falls, and the interval lies around its middle."""
    reached = sum(weeks)
    goal_day = TODAY + datetime.timedelta(days=days)
    seen = forecast(
        weeks, reached + 1, reached=reached, today=TODAY, goal_day=goal_day, weeks_ahead=30
    )
    assert [step.weeks for step in seen.ahead] == list(range(31))
    assert all(reached <= step.low <= step.middle <= step.high for step in seen.ahead)
    middles = [step.middle for step in seen.ahead]
    assert middles == sorted(middles)
    assert seen.on_goal_day.weeks == round(days / 7)
