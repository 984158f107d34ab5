"""Twenty at once: each thing happens once, and tallies equal rows. Real threads, PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from courses.actions import enrol, record_progress
from courses.models import Course, Enrolment, Qualification, Tally
from courses.queries import qualified_count, tally_differences
from courses.signals import course_completed, programme_qualified
from tests.courses.rows import make_course, make_programme
from tests.people import make_person

THREADS = 20

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def at_once(acts: list[Callable[[], object]]) -> None:
    """Run each act in a thread of its own, all released at the same moment."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait(timeout=30)
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for future in [pool.submit(run, act) for act in acts]:
            future.result(timeout=60)


@transaction.atomic
def earn(enrolment: Enrolment, credit: int) -> None:
    record_progress(
        enrolment_id=enrolment.pk, credit_by=credit, passed_by=1, lesson_key="", now=timezone.now()
    )


@pytest.fixture
def course() -> Course:
    return make_course("chains", points=10, percent=70)


def test_a_course_completes_once(alice: User, course: Course) -> None:
    make_programme("path", [("chains", True)])
    enrolment = enrol(user=alice, course=course)
    news: list[str] = []

    def completed(sender: object, **_: object) -> None:
        news.append("completed")

    def qualified(sender: object, **_: object) -> None:
        news.append("qualified")

    course_completed.connect(completed)
    programme_qualified.connect(qualified)
    try:
        at_once([lambda: earn(enrolment, 700)] * THREADS)
    finally:
        course_completed.disconnect(completed)
        programme_qualified.disconnect(qualified)
    enrolment.refresh_from_db()
    assert (enrolment.credit, enrolment.exercises_passed) == (700 * THREADS, THREADS)
    assert sorted(news) == ["completed", "qualified"]
    assert Qualification.objects.count() == 1
    assert qualified_count() == 1
    assert tally_differences() == []


def test_courses_that_complete_at_the_same_moment_qualify(alice: User) -> None:
    """None of them may overlook that the others are complete too."""
    keys = [f"course-{number}" for number in range(THREADS)]
    enrolments = [enrol(user=alice, course=make_course(key)) for key in keys]
    make_programme("all", [(key, True) for key in keys])
    make_programme("first", [(keys[0], True)])
    at_once([lambda one=one: earn(one, 1000) for one in enrolments])  # type: ignore[misc]
    assert Qualification.objects.count() == 2
    assert qualified_count() == 1
    assert tally_differences() == []


def test_enrolling_at_the_same_moment_enrols_once(alice: User, course: Course) -> None:
    at_once([lambda: enrol(user=alice, course=course)] * THREADS)
    assert Enrolment.objects.count() == 1
    assert tally_differences() == []


def test_many_people_move_the_same_tallies(course: Course) -> None:
    people = [make_person(f"person{number}") for number in range(THREADS)]
    make_programme("path", [("chains", True)])

    def study(person: User) -> None:
        enrolment = enrol(user=person, course=course)
        for _ in range(10):
            earn(enrolment, 100)

    at_once([lambda person=person: study(person) for person in people])  # type: ignore[misc]
    assert qualified_count() == THREADS
    rows = Tally.objects.filter(metric="enrolments").values_list("value", flat=True)
    assert sum(rows) == THREADS
    assert tally_differences() == []
