"""Tallies equal a count by numpy; they move by the difference, and forget who is forgotten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from analysis.analyst import Analyst
from analysis.models import AnswerTally, Awaited, Counted, ExerciseTally, Watermark
from analysis.recount import differences, repair
from analysis.statistics import chooser_correlation, figures, median_time
from courses.actions import erase_person
from courses.models import ExerciseVersion
from exercises.types import Outcome, Verdict
from grading.models import Submission
from grading.regrading import regrade
from tests.analysis.crowd import (
    START,
    add_version,
    choice_spec,
    hand_in,
    make_learners,
    make_watched_course,
)

pytestmark = pytest.mark.django_db

LEARNERS = 10_000
POINTS = (1, 2, 4)
ANSWERED = (10_000, 2_000, 1_000)
"""Learners who have come as far as each exercise."""


def count_all(analyst: Analyst | None = None) -> Analyst:
    analyst = analyst or Analyst()
    while analyst.round():
        pass
    return analyst


def overall(version: ExerciseVersion) -> dict[str, int]:
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
    answered = np.column_stack([np.arange(LEARNERS) < reached for reached in ANSWERED])
    right = random.random((LEARNERS, len(POINTS))) < 1 / (
        1 + np.exp(-1.5 * (ability[:, None] - np.array([-1.0, 0.0, 0.5])))
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


def state() -> list[Any]:
    """Every tally, as plain values."""
    rows = ExerciseTally.objects.order_by("version", "dimension", "value")
    answers = AnswerTally.objects.order_by("version", "language", "facet", "part", "key", "mark")
    return [
        *rows.values_list("version", "dimension", "value", "sums"),
        *answers.values_list("version", "language", "facet", "part", "key", "mark", "learners"),
    ]


def test_counting_again_changes_nothing_and_a_full_count_agrees() -> None:
    course = make_watched_course()
    first = add_version(course, "first", "choice", choice_spec(), points=2)
    second = add_version(course, "second", "choice", choice_spec())
    learners = [*make_learners(course, 5), *make_learners(course, 3, language="zh-hans")]
    hand_in(first, [(one, [{"option": 1}, {"option": 0}]) for one in learners])
    hand_in(second, [(one, [{"option": number % 4}]) for number, one in enumerate(learners)])
    analyst = count_all()
    counted = state()
    assert overall(first)["tries"] == 16
    assert figures(overall(first)).passed == 1.0
    assert figures(overall(first)).first_passed == 0.0
    chinese = ExerciseTally.objects.get(version=first, dimension="language", value="zh-hans")
    assert chinese.sums["learners"] == 3
    assert differences() == []

    Watermark.objects.update(submission=0)
    count_all()
    count_all(analyst)
    assert state() == counted

    ExerciseTally.objects.filter(version=first, dimension="").update(sums={"learners": 99})
    AnswerTally.objects.filter(version=second, language="", key="3").delete()
    assert len(repair()) > 2
    assert state() == counted
    assert repair() == []


def test_a_submission_that_is_still_graded_is_counted_when_it_is_done() -> None:
    course = make_watched_course()
    version = add_version(course, "item", "choice", choice_spec())
    one, two = make_learners(course, 2)
    (waiting,) = hand_in(version, [(one, [{"option": 0}])])
    Submission.objects.filter(pk=waiting.pk).update(state=Submission.State.QUEUED)
    hand_in(version, [(two, [{"option": 0}])])
    analyst = count_all()
    count_all(analyst)
    assert Watermark.objects.get().submission > waiting.pk
    assert list(Awaited.objects.values_list("pk", flat=True)) == [waiting.pk]
    assert overall(version)["learners"] == 1

    Submission.objects.filter(pk=waiting.pk).update(state=Submission.State.DONE)
    count_all()
    assert overall(version)["learners"] == 2
    assert not Awaited.objects.exists()


def test_a_row_that_appears_below_what_was_read_is_not_lost() -> None:
    course = make_watched_course()
    version = add_version(course, "item", "choice", choice_spec())
    one, two = make_learners(course, 2)
    (late,) = hand_in(version, [(one, [{"option": 0}])], start=timezone.now())
    body = late.body
    hand_in(version, [(two, [{"option": 0}])], start=timezone.now())
    kept = late.pk
    Submission.objects.filter(pk=kept).delete()  # as if its transaction had not ended yet
    analyst = count_all()
    assert overall(version)["learners"] == 1

    late.pk = body.pk = kept
    late.save(force_insert=True)
    body.save(force_insert=True)
    count_all(analyst)
    assert overall(version)["learners"] == 1
    Submission.objects.update(created_at=START)
    count_all(analyst)
    assert overall(version)["learners"] == 2
    assert Watermark.objects.get().submission > kept


def test_a_regrade_moves_the_tallies_by_the_difference() -> None:
    course = make_watched_course()
    version = add_version(course, "item", "choice", choice_spec(right=1))
    learners = make_learners(course, 3)
    rows = hand_in(version, [(one, [{"option": 0}]) for one in learners])
    count_all()
    assert figures(overall(version)).facility == 0.0

    right = Verdict(Outcome.PASSED, 1.0)
    for row in rows[:2]:
        regrade(row, right, version=version, engine="test")
    count_all()
    assert overall(version)["score"] == 2000
    assert overall(version)["passed"] == 2
    assert differences() == []


def test_answers_of_who_is_erased_are_forgotten_and_what_they_earned_stays(
    django_capture_on_commit_callbacks: Any,
) -> None:
    course = make_watched_course()
    version = add_version(course, "item", "text", {"accept": ["hash"]})
    one, two = make_learners(course, 2)
    hand_in(version, [(one, [{"value": "13812345678"}]), (two, [{"value": "hash"}])])
    count_all()
    assert AnswerTally.objects.filter(key="13812345678").count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(user=User.objects.get(pk=one.user_id))
    count_all()
    assert not AnswerTally.objects.filter(key="13812345678").exists()
    assert "13812345678" not in str(list(Counted.objects.values_list("responses", flat=True)))
    assert overall(version)["learners"] == 2
    assert not Counted.objects.filter(is_stale=True).exists()
    assert differences() == []


def test_median_of_a_histogram() -> None:
    assert median_time({}) is None
    assert median_time({4: 2}) == pytest.approx(2**1.125)


def test_learners_are_grouped_by_what_they_were_given() -> None:
    course = make_watched_course()
    spec = {"vary": [["n", "randint(3, 5)"], ["salt", "randint(1, 10**9)"]], "answer": "2 ** n"}
    version = add_version(course, "item", "numeric", spec)
    learners = make_learners(course, 12)
    hand_in(version, [(one, [{"value": "8", "unit": ""}]) for one in learners])
    count_all()
    groups = {
        row.value: (row.sums["learners"], row.sums.get("score", 0))
        for row in ExerciseTally.objects.filter(version=version, dimension="value")
    }
    assert set(groups) <= {"n = 3", "n = 4", "n = 5"}
    assert sum(learners for learners, _score in groups.values()) == 12
    assert groups["n = 3"] == (groups["n = 3"][0], 1000 * groups["n = 3"][0])
    assert {score for value, (_learners, score) in groups.items() if value != "n = 3"} == {0}
