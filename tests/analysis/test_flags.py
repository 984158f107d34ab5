"""When a flag is raised, and when it is not; which groups may be shown; alpha."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.flags import raised
from analysis.models import AnswerTally
from analysis.statistics import alpha, correlation, interval, shown_cells
from analysis.types import ADVICE, Flag

SPEC: dict[str, Any] = {"options": [{"correct": True}, {}, {}]}


def sums_of(scores: list[int], rests: list[int], **more: int) -> dict[str, int]:
    """The sums of learners with these first scores and rest scores, in thousandths."""
    return {
        "visitors": len(scores),
        "learners": len(scores),
        "tries": len(scores),
        "score": sum(scores),
        "score2": sum(score**2 for score in scores),
        "pairs": len(scores),
        "pair_score": sum(scores),
        "pair_score2": sum(score**2 for score in scores),
        "rest": sum(rests),
        "rest2": sum(rest**2 for rest in rests),
        "product": sum(score * rest for score, rest in zip(scores, rests, strict=True)),
        "tried:1": len(scores),
        **more,
    }


def flags(sums: dict[str, int], answers: tuple[AnswerTally, ...] = ()) -> list[str]:
    return [one.flag.value for one in raised("choice", SPEC, sums, answers)]


def option(key: str, firsts: int, rest: int, mark: str = "wrong", facet: str = "option") -> Any:
    """An option, and the mean rest score of who chose it."""
    return AnswerTally(
        facet=facet,
        key=key,
        mark=mark,
        learners=firsts,
        firsts=firsts,
        rest_count=firsts,
        rest_sum=firsts * rest,
    )


STRONG, WEAK = [900] * 30, [300] * 30
RISING = sums_of([1000] * 25 + [0] * 5 + [1000] * 5 + [0] * 25, STRONG + WEAK)
TAKEN = (option("0", 30, 800, "right"), option("1", 15, 400), option("2", 15, 400))


def test_a_good_exercise_raises_nothing() -> None:
    assert flags(RISING, TAKEN) == []


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        (sums_of([1000] * 60, STRONG + WEAK), ["too_easy"]),
        (sums_of([0] * 55 + [1000] * 5, WEAK + STRONG), ["too_hard"]),
        (sums_of([0] * 30 + [1000] * 30, STRONG + WEAK), ["negative"]),
        (sums_of([0, 1000] * 30, STRONG + WEAK), ["flat"]),
        ({**RISING, "tried:1": 0, "tried:5": 60}, ["many_tries"]),
        ({**RISING, "time:45": 60}, ["slow"]),
        (sums_of([0] * 10, [500] * 10), []),
    ],
)
def test_each_rule_by_its_figures(sums: dict[str, int], expected: list[str]) -> None:
    assert flags(sums, TAKEN) == expected


def test_rules_about_answers() -> None:
    idle = (TAKEN[0], option("1", 30, 400))
    assert flags(RISING, idle) == ["idle"]
    strong = (TAKEN[0], option("1", 15, 880), option("2", 15, 400))
    (found,) = raised("choice", SPEC, RISING, strong)
    assert found.flag is Flag.STRONG_WRONG
    assert [one["key"] for one in found.facts["answers"]] == ["1"]
    idea = option("idea", 15, 400, facet="misconception")
    assert flags(RISING, (*TAKEN, idea)) == ["misconception"]
    rare = option("idea", 9, 400, facet="misconception")
    assert flags(RISING, (*TAKEN, rare)) == []
    near = [
        option(key, firsts, rest, "near", "answer")
        for key, firsts, rest in (("few", 1, 900), ("weak", 2, 300), ("able", 2, 800))
    ]
    (found,) = raised("text", {}, sums_of([0], [500]), near)
    assert [one["key"] for one in found.facts["answers"]] == ["able", "weak", "few"]


def test_every_flag_has_advice() -> None:
    assert set(ADVICE) == set(Flag)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 30), max_size=8))
def test_what_is_hidden_cannot_be_worked_out_from_the_total(learners: dict[str, int]) -> None:
    shown = shown_cells(learners)
    hidden = [count for group, count in learners.items() if group not in shown and count]
    assert all(learners[group] >= 5 for group in shown)
    if shown and hidden:
        assert len(hidden) > 1
        assert sum(hidden) >= 5


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=4, max_size=60))
def test_correlation_equals_numpys(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs).T
    found = correlation(
        len(pairs),
        int(x.sum()),
        int((x**2).sum()),
        int(y.sum()),
        int((y**2).sum()),
        int((x * y).sum()),
    )
    if x.std() == 0 or y.std() == 0:
        assert found is None
        return
    assert found is not None
    assert found == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
    low, high = interval(found, len(pairs))
    assert low <= found <= high


def test_alpha_is_kr20_for_right_and_wrong() -> None:
    scores = np.random.default_rng(3).integers(0, 2, (40, 5)).astype(float)
    share = scores.mean(0)
    kr20 = 5 / 4 * (1 - (share * (1 - share)).sum() / scores.sum(1).var())
    found = alpha(list(scores.var(axis=0)), float(scores.sum(1).var()))
    assert found == pytest.approx(kr20)
    assert alpha([1.0], 1.0) is None
