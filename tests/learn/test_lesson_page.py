"""The lesson reader: what it shows, what it costs, that reading writes nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cohort, User
from courses.models import Course, Enrolment, Lesson
from grading.models import Progress
from learn.pages import figures_in
from tests.learn.classroom import (
    enrolled,
    lesson_of,
    lesson_url,
    place,
    shorten,
    signed_in,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
QUIZ_KINDS = ("choice", "choices", "numeric", "text", "order", "match", "cloze")


def try_all(browser: Client, enrolment: Enrolment, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        here = place(enrolment, kind)
        assert browser.post(here.url(), here.right()).status_code == 303


def marks(page: str) -> list[tuple[str, str]]:
    """(lesson, count of passed exercises) of the outline, where something is passed."""
    entry = r"<span>([^<]+)</span>\s*<span class=\"outline-count\">([^<]+)</span>"
    return re.findall(entry, page)


def test_the_page_has_title_place_time_and_ways_on(browser: Client, enrolment: Enrolment) -> None:
    page = browser.get(lesson_url(lesson_of(enrolment))).content.decode()
    assert "<h1>What a block is</h1>" in page
    assert "Lesson 1 of 2" in page
    assert "about 9 minutes" in page
    assert 'rel="prev"' not in page
    assert f'rel="next" href="{lesson_url(lesson_of(enrolment, 1))}"' in page
    assert page.count("data-exercise ") == 4


def test_the_language_of_the_page_is_the_language_of_the_course(
    browser: Client, enrolment: Enrolment
) -> None:
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(lesson_url(lesson_of(enrolment))).content.decode()
    assert "<h1>什么是区块</h1>" in page
    assert '<div class="lesson-body" lang="zh-hans">' in page


def test_a_missing_language_is_said_and_marked(browser: Client, enrolment: Enrolment) -> None:
    lesson = lesson_of(enrolment)
    lesson.body = {"en": lesson.body["en"]}
    lesson.save()
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(lesson_url(lesson)).content.decode()
    assert '<div class="lesson-body" lang="en">' in page
    assert "notice-language" in page


def test_the_outline_counts_what_was_passed(browser: Client, enrolment: Enrolment) -> None:
    try_all(browser, enrolment, ("choice", "numeric"))
    page = browser.get(lesson_url(lesson_of(enrolment))).content.decode()
    assert marks(page) == [("What a block is", "2/4")]
    try_all(browser, enrolment, ("choices", "text"))
    page = browser.get(lesson_url(lesson_of(enrolment))).content.decode()
    assert marks(page) == []
    assert page.count("outline-lesson outline-done") == 1


def test_the_answer_given_is_shown_again_with_its_verdict(
    browser: Client, enrolment: Enrolment
) -> None:
    here = place(enrolment, "text")
    browser.post(here.url(), {**here.wrong(), "value": "a pointer"})
    page = browser.get(lesson_url(here.placement.lesson)).content.decode()
    assert 'value="a pointer"' in page
    assert page.count('<section class="verdict verdict-wrong"') == 1


@pytest.mark.parametrize("exercise_count", [1, 3])
@pytest.mark.parametrize("is_tried", [False, True])
def test_it_costs_at_most_five_queries(
    browser: Client,
    enrolment: Enrolment,
    exercise_count: int,
    is_tried: bool,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    if is_tried:
        try_all(browser, enrolment, QUIZ_KINDS)
    lesson = lesson_of(enrolment)
    shorten(lesson, exercise_count)
    browser.get(lesson_url(lesson))  # from now on this process knows the lesson
    with django_assert_num_queries(5 if is_tried else 4):
        page = browser.get(lesson_url(lesson)).content.decode()
    assert page.count("data-exercise ") == exercise_count
    assert page.count('<section class="verdict ') == (exercise_count if is_tried else 0)


def test_a_cohort_costs_nothing_more(
    bob: User,
    small_course: Course,
    cohort: Cohort,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    enrolment = enrolled(bob, small_course, cohort)
    browser, url = signed_in(bob), lesson_url(lesson_of(enrolment))
    browser.get(url)
    with django_assert_num_queries(4):
        browser.get(url)


def test_a_lesson_is_read_once(
    browser: Client, enrolment: Enrolment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = lesson_url(lesson_of(enrolment))
    with django_assert_num_queries(4 + len(("release", "lesson", "placements"))):
        browser.get(url)


def test_only_the_latest_try_is_shown(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "choices")
    browser.post(here.url(), here.wrong())
    browser.post(here.url(), here.right())
    page = browser.get(lesson_url(here.placement.lesson)).content.decode()
    assert page.count('<section class="verdict ') == 1
    assert page.count('<section class="verdict verdict-passed"') == 1


def test_another_learners_answers_are_never_shown(
    browser: Client, enrolment: Enrolment, bob: User, small_course: Course
) -> None:
    theirs = place(enrolled(bob, small_course), "text")
    signed_in(bob).post(theirs.url(), {**theirs.wrong(), "value": "what bob wrote"})
    assert Progress.objects.count() == 1
    page = browser.get(lesson_url(theirs.placement.lesson)).content.decode()
    assert "what bob wrote" not in page
    assert '<section class="verdict ' not in page


def test_reading_writes_nothing(browser: Client, enrolment: Enrolment) -> None:
    try_all(browser, enrolment, ("choice",))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(lesson_url(lesson_of(enrolment)))
        browser.get(place(enrolment, "choice").url())
        browser.get(place(enrolment, "program").url())
        browser.get(place(enrolment, "choice").url("history"))
    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs == {"SELECT"}


def test_seen_moves_where_one_resumes(browser: Client, enrolment: Enrolment) -> None:
    lesson = lesson_of(enrolment, 1)
    url = reverse("learn:seen", args=[enrolment.course.key, lesson.key])
    assert browser.get(url).status_code == 405
    assert browser.post(url).status_code == 204
    enrolment.refresh_from_db()
    assert enrolment.last_lesson_key == lesson.key


def test_strangers_get_nothing(
    bob: User, charlie: User, small_course: Course, enrolment: Enrolment
) -> None:
    enrolled(bob, small_course)
    lesson: Lesson = lesson_of(enrolment)
    urls = [lesson_url(lesson), reverse("learn:seen", args=[enrolment.course.key, lesson.key])]
    assert signed_in(bob).get(urls[0]).status_code == 200
    stranger = signed_in(charlie)
    assert [stranger.get(urls[0]).status_code, stranger.post(urls[1]).status_code] == [404, 404]
    nobody = Client()
    assert [nobody.get(urls[0]).status_code, nobody.post(urls[1]).status_code] == [302, 302]


def test_figures_load_their_scripts_once() -> None:
    blocks = [
        {"html": "<p>…</p><cw-tamper-chain data-blocks='4'>…</cw-tamper-chain>"},
        {"exercise": "x"},
        {"html": "<cw-merkle-proof>…</cw-merkle-proof><cw-tamper-chain>…</cw-tamper-chain>"},
    ]
    assert figures_in(blocks) == ["js/figures/tamper-chain.js", "js/figures/merkle-proof.js"]
