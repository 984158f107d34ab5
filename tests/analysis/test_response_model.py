"""The two-parameter model finds what responses were made of, and agrees with girth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.fitting import due, fit_course
from analysis.remarking import remark
from analysis.response_model import fit
from tests.analysis.crowd import (
    add_version,
    choice_spec,
    hand_in,
    make_learners,
    make_watched_course,
)
from tests.analysis.test_tallies import count_all

ITEMS = 12
GIRTH_SLOPE = (
    *(1.0678, 0.8927, 1.1816, 1.0469, 0.7548, 1.591),
    *(1.5718, 1.9603, 0.762, 2.0374, 1.6457, 1.0027),
)
GIRTH_DIFFICULTY = (
    *(-2.0621, -1.6069, -1.3685, -0.8471, -0.5124, -0.17),
    *(0.2492, 0.6209, 0.9109, 1.2398, 1.6971, 1.9518),
)
"""What girth 0.8.0's twopl_mml makes of `simulated(3000)`. It has no priors, and was last released
in 2021, so it is no dependency."""


def simulated(
    learners: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Responses, and the slopes and difficulties that they were made of."""
    random = np.random.default_rng(7)
    ability = random.normal(size=learners)
    slope = random.uniform(0.6, 2.0, ITEMS).round(3)
    difficulty = np.linspace(-2, 2, ITEMS).round(3)
    chance = 1 / (1 + np.exp(-slope * (ability[:, None] - difficulty)))
    return (random.random((learners, ITEMS)) < chance).astype(float), slope, difficulty


def test_it_agrees_with_girth_and_with_the_truth() -> None:
    right, slope, difficulty = simulated(3000)
    found = fit(right)
    assert found.converged
    assert found.slope == pytest.approx(np.array(GIRTH_SLOPE), abs=0.03)
    assert found.difficulty == pytest.approx(np.array(GIRTH_DIFFICULTY), abs=0.02)
    # 24 parameters: about one lies more than two errors away, none more than four.
    away = [(found.slope - slope) / found.slope_error]
    away.append((found.difficulty - difficulty) / found.difficulty_error)
    assert np.abs(away).max() < 4
    assert 0.6 < np.std(away) < 1.5


def test_what_is_not_answered_is_left_out() -> None:
    right, slope, difficulty = simulated(1200)
    right[600:, ITEMS // 2 :] = np.nan
    found = fit(right)
    assert found.converged
    assert np.abs((found.slope - slope) / found.slope_error).max() < 4
    assert np.abs((found.difficulty - difficulty) / found.difficulty_error).max() < 4
    assert (found.slope_error[ITEMS // 2 :] > found.slope_error.min()).all()


def test_a_wrong_key_has_a_falling_curve() -> None:
    right, _slope, _difficulty = simulated(1000)
    right[:, 3] = 1 - right[:, 3]
    found = fit(right)
    assert found.slope[3] < -0.5
    assert (np.delete(found.slope, 3) > 0.3).all()


@pytest.mark.django_db
def test_a_course_is_fitted_where_two_hundred_have_answered() -> None:
    course = make_watched_course()
    versions = [add_version(course, f"item-{number}", "choice", choice_spec()) for number in "1234"]
    learners = make_learners(course, 240)
    right, _slope, _difficulty = simulated(240)
    for place, version in enumerate(versions):
        answered = learners if place < 3 else learners[:199]
        hand_in(
            version,
            [
                (learner, [{"option": 0 if right[number, 2 * place] else 1}])
                for number, learner in enumerate(answered)
            ],
        )
    analyst = count_all()
    assert due() == []
    remark(analyst.moved)
    assert due() == [course]

    found = fit_course(course)
    assert due() == []
    assert found.learners == 240
    assert sorted(found.items) == sorted(str(version.pk) for version in versions[:3])
    item = found.items[str(versions[0].pk)]
    assert item["learners"] == 240
    assert sum(learners for _ability, _share, learners in item["points"]) == 240
    expected = fit(right[:, [0, 2, 4]])
    assert item["slope"] == pytest.approx(expected.slope[0], abs=1e-3)
    complete = right[:199, [0, 2, 4, 6]]
    reliability = 4 / 3 * (1 - complete.var(0, ddof=1).sum() / complete.sum(1).var(ddof=1))
    assert found.lessons == {
        "lesson": {"alpha": round(reliability, 3), "learners": 199, "exercises": 4}
    }
