"""What pages read."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.access import lesson_for
from courses.actions import enrol, remember_lesson
from courses.models import Course, Enrolment
from courses.queries import (
    catalogue,
    enrolment_in,
    my_courses,
    neighbours,
    placements_of,
    programme_courses,
    programmes,
    providers,
    resume_key,
)
from courses.search import terms
from courses.types import CatalogueFilters
from tests.courses.rows import make_course, make_exercise, make_programme, make_release

pytestmark = pytest.mark.django_db


def make_found(key: str, words: str, **fields: Any) -> Course:
    """A course that the catalogue finds by these words."""
    languages = fields.get("languages", ["en"])
    marks = " ".join(f"lang={language}" for language in languages)
    return make_course(key, search_text=f" {' '.join(terms(words))} {marks} ", **fields)


@pytest.fixture
def shelf() -> None:
    make_found("hashes", "Hashes and blocks 哈希与区块", languages=["en", "zh-hans"])
    make_found("rules", "Rules 区块链信息服务管理规定", topic="rules", provider="Law school")
    make_found("peers", "Peers agree", level="specialist", topic="consensus", effort_hours=30)
    Course.objects.create(key="draft")


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (CatalogueFilters(), ["hashes", "peers", "rules"]),
        (CatalogueFilters(q="HASH"), ["hashes"]),
        (CatalogueFilters(q="ashes"), []),
        (CatalogueFilters(q="区块"), ["hashes", "rules"]),
        (CatalogueFilters(q="区块链"), ["rules"]),
        (CatalogueFilters(q="链"), ["rules"]),
        (CatalogueFilters(q="与"), ["hashes"]),
        (CatalogueFilters(q="blocks 哈希"), ["hashes"]),
        (CatalogueFilters(q="blocks peers"), []),
        (CatalogueFilters(q="% _"), ["hashes", "peers", "rules"]),
        (CatalogueFilters(q="lang=en"), []),
        (CatalogueFilters(topic="rules"), ["rules"]),
        (CatalogueFilters(level="specialist"), ["peers"]),
        (CatalogueFilters(language="zh-hans"), ["hashes"]),
        (CatalogueFilters(max_hours=29), ["hashes", "rules"]),
        (CatalogueFilters(provider="Law school"), ["rules"]),
        (CatalogueFilters(q="rules", level="specialist"), []),
    ],
)
def test_catalogue(
    filters: CatalogueFilters,
    keys: list[str],
    shelf: None,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        found = list(catalogue(filters))
        assert [course.key for course in found] == keys
        assert all(course.current and course.current.points == 10 for course in found)


def test_only_the_current_release_is_searched() -> None:
    course = make_found("hashes", "old words")
    make_release(course, points=1, percent=1, search_text=" new words ", provider="Other")
    assert list(catalogue(CatalogueFilters(q="old"))) == []
    assert list(catalogue(CatalogueFilters(q="new"))) == [course]
    assert providers() == ["Other"]


def test_my_courses(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = make_course("first"), make_course("second")
    enrolment = enrol(user=alice, course=first)
    enrol(user=alice, course=second)
    remember_lesson(enrolment=enrolment, lesson_key="x")
    with django_assert_num_queries(1):
        mine = my_courses(alice)
        assert [(one.course.key, one.release.number) for one in mine] == [
            ("first", 1),
            ("second", 1),
        ]
    assert my_courses(bob) == []
    assert enrolment_in(alice, first) == enrolment
    assert enrolment_in(bob, first) is None


def test_placements_in_order(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course("chains")
    for key in ("b", "a", "c"):
        make_exercise(course, lesson="first", exercise=key)
    enrol(user=alice, course=course)
    lesson = lesson_for(alice, "chains", "first")[1]
    for count in (1, 0):
        with django_assert_num_queries(count):
            found = placements_of(lesson)
            assert [one.version.exercise.key for one in found] == ["b", "a", "c"]
            assert found[0].lesson is lesson


def test_programmes_and_their_courses(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for key in ("a", "b"):
        make_course(key)
    programme = make_programme("path", [("b", True), ("missing", True), ("a", False)])
    assert programmes() == [programme]
    assert programme.current is not None
    with django_assert_num_queries(1):
        found = [
            (course.key, required) for course, required in programme_courses(programme.current)
        ]
    assert found == [("b", True), ("a", False)]


OUTLINE = [
    {"key": "m1", "lessons": [{"key": "a"}, {"key": "b"}]},
    {"key": "m2", "lessons": [{"key": "c"}]},
]


@pytest.mark.parametrize(
    ("key", "before", "after"), [("a", None, "b"), ("b", "a", "c"), ("c", "b", None)]
)
def test_neighbours(key: str, before: str | None, after: str | None) -> None:
    course = make_course("chains", outline=OUTLINE)
    assert course.current is not None
    found = [lesson and lesson["key"] for lesson in neighbours(course.current, key)]
    assert found == [before, after]


@pytest.mark.parametrize(("last", "resumed"), [("", "a"), ("b", "b"), ("gone", "a")])
def test_resume(last: str, resumed: str, alice: User) -> None:
    enrolment = enrol(user=alice, course=make_course("chains", outline=OUTLINE))
    Enrolment.objects.update(last_lesson_key=last)
    enrolment.refresh_from_db()
    assert resume_key(enrolment) == resumed
