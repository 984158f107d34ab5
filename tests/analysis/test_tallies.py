"""Tallies equal a count by numpy; they move by the difference, and forget who is forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.analyst import Analyst
from analysis.models import AnswerTally, ExerciseTally
from analysis.recount import differences
from analysis.statistics import chooser_correlation, figures
from tests.analysis.crowd import (
    add_version,
    choice_spec,
    hand_in,
    make_learners,
    make_watched_course,
)

pytestmark = pytest.mark.django_db

LEARNERS = 10_000
POINTS = (1, 2, 3, 4)


def count_all(analyst: Analyst | None = None) -> Analyst:
    analyst = analyst or Analyst()
    while analyst.round():
        pass
    return analyst


def overall(version: object) -> dict[str, int]:
    return dict(ExerciseTally.objects.get(version=version, dimension="", value="").sums)


def test_ten_thousand_learners_equal_a_computation_by_numpy() -> None:
    random = np.random.default_rng(20261124)
    course = make_watched_course()
    ability = random.normal(size=LEARNERS)
    versions = [
        add_version(course, f"item-{points}", "choice", choice_spec(), points=points)
        for points in POINTS
    ]
    learners = make_learners(course, LEARNERS)
    answered = np.column_stack(
        [np.arange(LEARNERS) < LEARNERS - 2500 * place for place in range(len(POINTS))]
    )
    right = random.random((LEARNERS, len(POINTS))) < 1 / (
        1 + np.exp(-1.5 * (ability[:, None] - np.array([-1.0, 0.0, 0.5, 1.0])))
    )
    option = np.where(right, 0, random.integers(1, 4, size=right.shape))
    waited = np.cumsum(random.integers(5, 4000, size=right.shape), axis=1)
    for place, version in enumerate(versions):
        rows = [index for index in range(LEARNERS) if answered[index, place]]
        hand_in(
            version,
            [(learners[index], [{"option": int(option[index, place])}]) for index in rows],
            gap_seconds=[int(waited[index, place]) for index in rows],
        )

    count_all()

    points = np.array(POINTS)
    for place, version in enumerate(versions):
        sums = overall(version)
        got = figures(sums)
        who = answered[:, place]
        score = right[who, place].astype(float)
        assert got.learners == who.sum()
        assert got.facility == pytest.approx(score.mean(), abs=1e-12)
        assert got.spread == pytest.approx(score.std(ddof=1), abs=1e-12)
        assert got.error == pytest.approx(score.std(ddof=1) / np.sqrt(len(score)), abs=1e-12)
        others = answered[who] & (np.arange(len(POINTS)) != place)
        has_others = others.any(axis=1)
        earned = (right[who] * others * points).sum(axis=1)
        # Rest scores are kept in thousandths: no correlation moves by more than that.
        rest = np.round(1000 * earned[has_others] / (others * points).sum(axis=1)[has_others])
        expected = np.corrcoef(score[has_others], rest)[0, 1]
        assert got.discrimination is not None
        assert got.discrimination.learners == has_others.sum()
        assert got.discrimination.value == pytest.approx(expected, abs=1e-9)
        for index in range(4):
            row = AnswerTally.objects.get(
                version=version, language="", facet="option", key=str(index)
            )
            chose = option[who, place] == index
            assert (row.learners, row.tries, row.firsts) == (chose.sum(),) * 3
            assert chooser_correlation(sums, row.rest_count, row.rest_sum) == pytest.approx(
                np.corrcoef(chose[has_others], rest)[0, 1], abs=1e-9
            )
    gaps = (waited[:, 1] - waited[:, 0])[answered[:, 1]]
    got_median = figures(overall(versions[1])).seconds
    assert got_median == pytest.approx(np.median(gaps), rel=2**0.25 - 1)
    assert differences() == []
