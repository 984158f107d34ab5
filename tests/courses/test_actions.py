"""Enrolling, progressing, completing, qualifying: once each, and counted."""

from __future__ import annotations

import datetime

import pytest
from django.test import TestCase
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cohort, User
from courses import recount
from courses.actions import (
    enrol,
    move_to_current_release,
    qualify_eligible,
    record_progress,
    remember_lesson,
    repair_tallies,
    tally,
)
from courses.models import Course, Enrolment, Programme, Qualification, Tally
from courses.queries import qualified_count, qualified_history, tally_differences
from courses.signals import course_completed, programme_qualified
from courses.types import TallyDifference, TallyMove, china_day
from tests.courses.rows import make_course, make_programme, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course("chains", points=10, percent=70)


def progress(
    enrolment: Enrolment, credit: int, passed: int = 0, lesson: str = ""
) -> datetime.datetime | None:
    """Record progress; return when the course was completed, if it is."""
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=credit,
        passed_by=passed,
        lesson_key=lesson,
        now=timezone.now(),
    )
    enrolment.refresh_from_db()
    return enrolment.completed_at


def total(metric: str, subject: str = "") -> int:
    rows = Tally.objects.filter(metric=metric, subject=subject)
    return sum(rows.values_list("value", flat=True))


def test_enrolling_twice_is_enrolling_once(alice: User, course: Course, cohort: Cohort) -> None:
    first = enrol(user=alice, course=course)
    assert first.release_id == course.current_id
    assert enrol(user=alice, course=course, cohort=cohort) == first
    assert Enrolment.objects.get().cohort == cohort
    assert total("enrolments", "chains") == 1


def test_a_learner_keeps_the_cohort_that_they_came_with(
    alice: User, course: Course, cohort: Cohort
) -> None:
    enrol(user=alice, course=course, cohort=cohort)
    enrol(user=alice, course=course)
    assert Enrolment.objects.get().cohort == cohort


def test_progress_moves_by_difference(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    progress(enrolment, 250, 1, "first")
    progress(enrolment, -50, 0)
    assert (enrolment.credit, enrolment.exercises_passed) == (200, 1)
    assert enrolment.last_lesson_key == "first"
    assert enrolment.completed_at is None


def test_progress_of_nobody_is_an_error(course: Course) -> None:
    with pytest.raises(Enrolment.DoesNotExist):
        record_progress(enrolment_id=0, credit_by=1, passed_by=0, lesson_key="", now=timezone.now())


def test_progress_is_one_statement(
    alice: User, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enrolment = enrol(user=alice, course=course)
    progress(enrolment, 1)  # the first try of a month, which is marked
    with django_assert_num_queries(1):
        record_progress(
            enrolment_id=enrolment.pk,
            credit_by=100,
            passed_by=1,
            lesson_key="a",
            now=timezone.now(),
        )
    with django_assert_num_queries(1):
        tally([TallyMove("submissions", datetime.date(2026, 11, 24), "chains")] * 3)
    with django_assert_num_queries(0):
        tally([])


def test_a_course_completes_at_its_share_and_stays_complete(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    assert progress(enrolment, 699) is None
    completed_at = progress(enrolment, 1)
    assert completed_at is not None
    assert progress(enrolment, 300) == completed_at
    assert progress(enrolment, -600) == completed_at
    assert total("completions", "chains") == 1


def test_news_is_sent_once_and_after_the_commit(alice: User, course: Course) -> None:
    make_programme("path", [("chains", True)])
    enrolment = enrol(user=alice, course=course)
    news: list[object] = []

    def completed(sender: object, user_id: int, course_key: str, **_: object) -> None:
        news.append((user_id, course_key))

    def qualified(sender: object, user_id: int, programme_key: str, **_: object) -> None:
        news.append((user_id, programme_key))

    course_completed.connect(completed)
    programme_qualified.connect(qualified)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            progress(enrolment, 700)
            progress(enrolment, 100)
            assert news == []
    finally:
        course_completed.disconnect(completed)
        programme_qualified.disconnect(qualified)
    assert sorted(news, key=str) == sorted([(alice.pk, "chains"), (alice.pk, "path")], key=str)


def test_a_programme_asks_for_its_required_courses_and_enough_others(alice: User) -> None:
    keys = ["one", "two", "three", "four"]
    courses = [make_course(key, points=1, percent=100) for key in keys]
    make_programme(
        "path", [("one", True), ("two", False), ("three", False), ("four", False)], electives=2
    )
    enrolments = {course.key: enrol(user=alice, course=course) for course in courses}
    for key, qualified in (("two", 0), ("three", 0), ("one", 1), ("four", 1)):
        progress(enrolments[key], 100)
        assert Qualification.objects.count() == qualified
    assert Qualification.objects.get().version == Programme.objects.get().current


def test_a_person_with_two_qualifications_counts_once(alice: User, bob: User) -> None:
    course = make_course("chains", points=1, percent=100)
    other = make_course("consensus", points=1, percent=100)
    make_programme("path", [("chains", True)])
    make_programme("short", [("chains", True)])
    make_programme("long", [("chains", True), ("consensus", True)])
    for person in (alice, bob):
        progress(enrol(user=person, course=course), 100)
    progress(enrol(user=alice, course=other), 100)
    assert Qualification.objects.count() == 5
    assert total("qualifications", "path") == 2
    assert total("qualifications", "long") == 1
    assert qualified_count() == 2
    assert [people for _, people in qualified_history()] == [2]
    assert tally_differences() == []


def test_days_are_days_in_china(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    late = datetime.datetime(2026, 11, 24, 16, 30, tzinfo=datetime.UTC)
    record_progress(enrolment_id=enrolment.pk, credit_by=1000, passed_by=1, lesson_key="", now=late)
    assert china_day(late) == datetime.date(2026, 11, 25)
    assert Tally.objects.get(metric="completions").day == datetime.date(2026, 11, 25)
    assert tally_differences() == []


def test_a_new_programme_counts_those_who_finished_before(alice: User, bob: User) -> None:
    course = make_course("chains", points=1, percent=100)
    progress(enrol(user=alice, course=course), 100)
    enrol(user=bob, course=course)
    make_programme("path", [("chains", True)])
    assert qualify_eligible(programme_key="path") == 1
    assert qualify_eligible(programme_key="path") == 0
    assert qualified_count() == 1
    assert tally_differences() == []


def test_moving_to_the_current_release(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    progress(enrolment, 500)
    assert move_to_current_release(enrolment=enrolment) is False
    smaller = make_release(course, points=5, percent=70)
    assert move_to_current_release(enrolment=enrolment) is True
    enrolment.refresh_from_db()
    assert enrolment.release == smaller
    assert enrolment.credit == 500
    assert enrolment.completed_at is not None


def test_remembering_a_lesson(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    remember_lesson(enrolment=enrolment, lesson_key="second")
    enrolment.refresh_from_db()
    assert enrolment.last_lesson_key == "second"


def test_tallies_add_up_over_slots() -> None:
    day = datetime.date(2026, 11, 24)
    for _ in range(30):
        tally([TallyMove("passes", day, "a", 2), TallyMove("passes", day, "b", -1)])
    assert (total("passes", "a"), total("passes", "b")) == (60, -30)
    assert Tally.objects.filter(subject="a").count() > 1


def test_moves_that_cancel_out_write_nothing() -> None:
    day = datetime.date(2026, 11, 24)
    tally([TallyMove("passes", day, "a", 1), TallyMove("passes", day, "a", -1)])
    assert Tally.objects.count() == 0


def test_recount_finds_and_repairs(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    day = china_day(enrolment.created_at)
    tally([TallyMove("enrolments", day, "chains", 4), TallyMove("completions", day, "ghost")])
    wrong = [
        TallyDifference("enrolments", day, "chains", 5, 1),
        TallyDifference("completions", day, "ghost", 1, 0),
    ]
    assert recount.differences() == wrong
    assert repair_tallies() == wrong
    assert recount.differences() == []
