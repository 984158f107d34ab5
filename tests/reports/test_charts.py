"""The geometry of charts."""

from __future__ import annotations

import datetime
import re

from hypothesis import given
from hypothesis import strategies as st

from reports.charts import round_up, step_chart

DAY = datetime.date(2026, 11, 1)


@given(st.integers(0, 10**9))
def test_round_up_is_a_round_number_that_is_not_below(value: int) -> None:
    top = round_up(value)
    assert top >= max(5, value)
    assert re.fullmatch(r"[125]0*", str(top))
    assert top == 5 or top / 2.5 <= value


def test_nothing_to_draw_is_no_chart() -> None:
    assert step_chart([], DAY) is None


def test_the_line_steps_on_the_days_on_which_the_count_moved() -> None:
    chart = step_chart(
        [(DAY, 1), (DAY + datetime.timedelta(days=2), 5)], DAY + datetime.timedelta(days=7)
    )
    assert chart is not None
    # 9 days from the eve of the first move to the last day: 640 units from 64 to 704 in 8 steps.
    assert chart.line == "M64 224H144.0V182.4H304.0V16.0H704"
    assert chart.area == "M64 224H144.0V182.4H304.0V16.0H704V224Z"
    assert [tick.label for tick in chart.value_ticks] == ["0", "1", "2", "3", "4", "5"]
    assert [tick.label for tick in chart.day_ticks] == ["2026-10-31", "2026-11-04", "2026-11-08"]
    assert (chart.last_x, chart.last_y) == (704.0, 16.0)


moves = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 9000)), min_size=1, max_size=40)


@given(moves)
def test_every_point_lies_in_the_plot(raw: list[tuple[int, int]]) -> None:
    total, points = 0, []
    for offset, moved in sorted(dict(raw).items()):
        total += moved
        points.append((DAY + datetime.timedelta(days=offset), total))
    chart = step_chart(points, points[-1][0])
    assert chart is not None
    xs = [float(x) for x in re.findall(r"H([\d.]+)", chart.line)]
    ys = [float(y) for y in re.findall(r"V([\d.]+)", chart.line)]
    assert xs == sorted(xs)
    assert min(xs) >= chart.left
    assert max(xs) <= chart.right
    assert ys == sorted(ys, reverse=True)
    assert min(ys) >= chart.top
    assert max(ys) <= chart.bottom
