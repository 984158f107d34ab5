"""Policy by tables."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.policy import (
    Denial,
    Terms,
    allows,
    credit,
    days_late,
    is_due_soon,
    late_percent,
    may_vary,
    reveals,
    terms_of,
)

TODAY = datetime.date(2026, 11, 24)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("tries", "used", "in_flight", "is_try", "last_day", "expected"),
    [
        (0, 99, False, True, None, None),
        (3, 2, False, True, None, None),
        (3, 3, False, True, None, Denial.NO_TRIES),
        (3, 3, False, False, None, None),
        (3, 0, True, True, None, Denial.IN_FLIGHT),
        (3, 0, True, False, None, Denial.IN_FLIGHT),
        (0, 0, False, True, TODAY, None),
        (0, 0, False, True, TODAY - DAY, Denial.ENDED),
        (0, 0, False, False, TODAY - DAY, Denial.ENDED),
    ],
)
def test_who_may_submit(
    tries: int,
    used: int,
    in_flight: bool,
    is_try: bool,
    last_day: datetime.date | None,
    expected: Denial | None,
) -> None:
    found = allows(
        tries=tries,
        tries_used=used,
        in_flight=in_flight,
        is_try=is_try,
        terms=Terms(last_day=last_day),
        today=TODAY,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("points", "score", "earlier", "penalty", "hints", "expected"),
    [
        (3, 1.0, 0, 0, [], 300),
        (3, 0.0, 0, 0, [], 0),
        (3, 1 / 3, 0, 0, [], 100),
        (3, 2 / 3, 0, 0, [], 200),
        (4, 1.0, 1, 25, [], 300),
        (4, 1.0, 5, 25, [], 0),
        (2, 1.0, 0, 0, [10], 180),
        (2, 1.0, 0, 0, [10, 20], 140),
        (2, 0.1, 0, 0, [20], 0),
        (1, 0.125, 0, 0, [], 13),
    ],
)
def test_what_a_try_earns(
    points: int, score: float, earlier: int, penalty: int, hints: list[int], expected: int
) -> None:
    earned = credit(
        points=points,
        score=score,
        earlier_tries=earlier,
        penalty_percent=penalty,
        hint_costs=hints,
    )
    assert earned == expected


@given(
    st.integers(1, 50),
    st.floats(0, 1),
    st.integers(0, 20),
    st.integers(0, 100),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_credit_stays_between_nothing_and_all_and_never_grows_with_tries(
    points: int, score: float, earlier: int, penalty: int, hints: list[int]
) -> None:
    first, second = (
        credit(
            points=points,
            score=score,
            earlier_tries=tries,
            penalty_percent=penalty,
            hint_costs=hints,
        )
        for tries in (earlier, earlier + 1)
    )
    assert 0 <= second <= first <= 100 * points


@pytest.mark.parametrize(
    ("reveal", "passed", "used", "in_flight", "expected"),
    [
        ("never", True, 1, False, False),
        ("after_pass", False, 3, False, False),
        ("after_pass", True, 1, False, True),
        ("after_last_try", False, 2, False, False),
        ("after_last_try", False, 3, False, True),
        ("after_last_try", False, 3, True, False),
    ],
)
def test_when_a_solution_is_shown(
    reveal: str, passed: bool, used: int, in_flight: bool, expected: bool
) -> None:
    shown = reveals(reveal=reveal, passed=passed, tries=3, tries_used=used, in_flight=in_flight)
    assert shown is expected


def test_other_values_come_after_the_first_try() -> None:
    assert [may_vary(has_values=True, tries_used=n) for n in (0, 1)] == [False, True]
    assert may_vary(has_values=False, tries_used=9) is False


@pytest.mark.parametrize(
    ("due_in", "late", "per_day", "floor", "lost", "closed"),
    [
        (None, "percent", 10, 0, 0, False),
        (0, "percent", 10, 0, 0, False),
        (3, "percent", 10, 0, 0, False),
        (-1, "percent", 10, 0, 10, False),
        (-2, "percent", 10, 50, 20, False),
        (-9, "percent", 10, 50, 50, False),
        (-99, "percent", 10, 0, 100, False),
        (-1, "percent", 10, 100, 0, False),
        (-5, "none", 10, 0, 0, False),
        (0, "refuse", 0, 0, 0, False),
        (-1, "refuse", 0, 0, 0, True),
        (None, "refuse", 0, 0, 0, False),
    ],
)
def test_what_lateness_costs(
    due_in: int | None, late: str, per_day: int, floor: int, lost: int, closed: bool
) -> None:
    due_on = None if due_in is None else TODAY + due_in * DAY
    terms = Terms(due_on=due_on, late=late, percent_per_day=per_day, floor_percent=floor)
    assert late_percent(terms, TODAY) == lost
    assert days_late(terms, TODAY) == max(0, -(due_in or 0))
    assert is_due_soon(terms, TODAY) == (due_in is not None and 0 <= due_in <= 7)
    denial = allows(tries=0, tries_used=0, in_flight=False, terms=terms, today=TODAY)
    assert denial is (Denial.LATE if closed else None)


@pytest.mark.parametrize(
    ("last", "deadline", "extended", "expected"),
    [
        (None, None, None, (None, None)),
        (9, 5, None, (9, 5)),
        (9, 5, 7, (9, 7)),
        (9, 5, 3, (9, 5)),
        (9, 5, 12, (12, 12)),
        (9, None, 12, (12, None)),
        (None, 5, 12, (None, 12)),
    ],
)
def test_more_time_never_shortens(
    last: int | None, deadline: int | None, extended: int | None, expected: tuple[int | None, ...]
) -> None:
    days = [None if day is None else TODAY + day * DAY for day in (last, deadline, extended)]
    terms = terms_of(last_day=days[0], deadline=days[1], extended_to=days[2])
    found = [day and (day - TODAY).days for day in (terms.last_day, terms.due_on)]
    assert tuple(found) == expected


@pytest.mark.parametrize(
    ("score", "hints", "late", "expected"),
    [(1.0, [], 0, 400), (1.0, [], 20, 320), (1.0, [10], 50, 180), (0.5, [], 33, 134)],
)
def test_lateness_takes_from_what_is_earned(
    score: float, hints: list[int], late: int, expected: int
) -> None:
    earned = credit(
        points=4,
        score=score,
        earlier_tries=0,
        penalty_percent=0,
        hint_costs=hints,
        late_percent=late,
    )
    assert earned == expected
