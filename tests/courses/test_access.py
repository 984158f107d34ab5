"""The door: the owner gets in by one query, a team mate and a stranger get 404."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.access import (
    enrolment_for,
    exercise_for,
    lesson_for,
    published_course,
    published_programme,
)
from courses.actions import enrol
from courses.models import Course, Enrolment, Programme
from tests.courses.rows import make_course, make_exercise, make_programme, make_release

pytestmark = pytest.mark.django_db

Door = Callable[[User | AnonymousUser], object]
DOORS: dict[str, Door] = {
    "enrolment": lambda user: enrolment_for(user, "chains"),
    "lesson": lambda user: lesson_for(user, "chains", "first"),
    "exercise": lambda user: exercise_for(user, "chains", "first", "one"),
}


@pytest.fixture
def enrolment(alice: User) -> Enrolment:
    course = make_course("chains")
    make_exercise(course, lesson="first", exercise="one")
    return enrol(user=alice, course=course)


@pytest.mark.parametrize("name", DOORS)
def test_only_the_owner_gets_in(
    name: str, enrolment: Enrolment, alice: User, bob: User, charlie: User
) -> None:
    assert DOORS[name](alice)
    for stranger in (bob, charlie, AnonymousUser()):
        with pytest.raises(Http404):
            DOORS[name](stranger)


@pytest.mark.parametrize("name", DOORS)
def test_a_learner_of_another_course_is_a_stranger(
    name: str, enrolment: Enrolment, bob: User
) -> None:
    other = make_course("consensus")
    make_exercise(other, lesson="first", exercise="one")
    enrol(user=bob, course=other)
    with pytest.raises(Http404):
        DOORS[name](bob)


@pytest.mark.parametrize("name", DOORS)
def test_nobody_gets_in_where_nobody_is_enrolled(name: str, charlie: User) -> None:
    make_exercise(make_course("chains"), lesson="first", exercise="one")
    for stranger in (charlie, AnonymousUser()):
        with pytest.raises(Http404):
            DOORS[name](stranger)


def test_what_is_not_there(enrolment: Enrolment, alice: User) -> None:
    for lesson, exercise in (("second", "one"), ("first", "two")):
        with pytest.raises(Http404):
            exercise_for(alice, "chains", lesson, exercise)


@pytest.mark.parametrize(("is_known", "count"), [(False, 3), (True, 1)])
def test_the_lesson_comes_with_everything(
    enrolment: Enrolment,
    alice: User,
    is_known: bool,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    if is_known:
        lesson_for(alice, "chains", "first")
    with django_assert_num_queries(count):
        own, lesson = lesson_for(alice, "chains", "first")
        assert (own.course.key, own.release.number, lesson.release.points) == ("chains", 1, 10)
        assert lesson.body["en"][0] == {"html": "<p>Read.</p>"}
    stored = Enrolment.objects.get()
    assert own == stored
    for field in Enrolment._meta.concrete_fields:
        assert getattr(own, field.attname) == getattr(stored, field.attname)


@pytest.mark.parametrize(("is_known", "count"), [(False, 4), (True, 1)])
def test_the_exercise_comes_with_everything(
    enrolment: Enrolment,
    alice: User,
    is_known: bool,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    if is_known:
        exercise_for(alice, "chains", "first", "one")
    with django_assert_num_queries(count):
        own, placement = exercise_for(alice, "chains", "first", "one")
        assert (own.course.key, own.release.points) == ("chains", 10)
        assert placement.version.exercise.key == "one"
        assert placement.version.statement == {"en": "<p>Which?</p>"}
        assert placement.lesson.key == "first"
        assert placement.lesson.release.outline == []


def test_the_enrolment_comes_with_course_and_release(
    enrolment: Enrolment, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        own = enrolment_for(alice, "chains")
        assert (own.course.key, own.release.number) == ("chains", 1)


def test_a_learner_stays_in_their_own_release(enrolment: Enrolment, alice: User, bob: User) -> None:
    course = Course.objects.get()
    make_release(course, points=20, percent=50)
    make_exercise(course, lesson="later", exercise="one")
    enrol(user=bob, course=course)
    assert lesson_for(alice, "chains", "first")[1].release.number == 1
    assert lesson_for(bob, "chains", "later")[1].release.number == 2
    for person, lesson in ((alice, "later"), (bob, "first")):
        with pytest.raises(Http404):
            lesson_for(person, "chains", lesson)


def test_only_what_is_published_is_shown(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_course("chains")
    make_programme("path", [("chains", True)])
    Course.objects.create(key="draft")
    Programme.objects.create(key="idea")
    with django_assert_num_queries(2):
        assert published_course("chains").current is not None
        assert published_programme("path").current is not None
    with pytest.raises(Http404):
        published_course("draft")
    with pytest.raises(Http404):
        published_programme("idea")
