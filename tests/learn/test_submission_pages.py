"""History and the page of a submission: the owner's alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Enrolment
from grading.models import Body, Submission, WorkerBeat
from learn.differences import Line, compare
from learn.results import waiting_for
from tests.learn.classroom import enrolled, place, signed_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
KINDS = ("choice", "choices", "numeric", "text", "order", "match", "cloze", "program")


def page_of(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/"


@pytest.mark.parametrize("kind", KINDS)
def test_it_shows_what_was_submitted_and_its_verdict(
    browser: Client, enrolment: Enrolment, kind: str, grade_waiting: Callable[[], bool]
) -> None:
    here = place(enrolment, kind)
    browser.post(here.url(), here.right())
    grade_waiting()
    page = browser.get(page_of(Submission.objects.get())).content.decode()
    assert "<h1>" in page
    assert page.count('<section class="verdict verdict-passed"') == 1
    assert "What was submitted" in page


def test_a_program_is_compared_with_its_starter(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "program")
    starter = here.placement.version.spec["starter"]["solution.py"]
    text = starter.replace("return []", "return list(words)")
    browser.post(here.url(), {**here.right(), "file:solution.py": text})
    page = browser.get(page_of(Submission.objects.get())).content.decode()
    assert page.count('class="line-new"') == 1
    assert page.count('class="line-gone"') == 1
    assert "return list(words)" in page


@pytest.mark.parametrize("kind", ["choice", "program"])
def test_team_mates_and_strangers_get_nothing(
    browser: Client,
    enrolment: Enrolment,
    bob: User,
    charlie: User,
    small_course: Course,
    kind: str,
) -> None:
    here = place(enrolment, kind)
    browser.post(here.url(), here.right())
    page = page_of(Submission.objects.get())
    enrolled(bob, small_course)
    for url in (page, f"{page}state/"):
        assert browser.get(url).status_code == 200
        assert signed_in(bob).get(url).status_code == 404
        assert signed_in(charlie).get(url).status_code == 404
        assert Client().get(url).status_code == 302
        assert browser.post(url).status_code == 405


def test_history_lists_tries_and_runs_the_latest_first(
    browser: Client, enrolment: Enrolment, grade_waiting: Callable[[], bool]
) -> None:
    here = place(enrolment, "program")
    browser.post(here.url("run"), here.wrong())
    grade_waiting()
    browser.post(here.url(), here.right())
    grade_waiting()
    page = browser.get(here.url("history")).content.decode()
    rows = [part.split("</th>")[0] for part in page.split('<th scope="row">')[1:]]
    assert rows == ["1", "Run"]


@pytest.mark.parametrize("count", [1, 3])
def test_history_costs_the_same_for_any_length(
    browser: Client, enrolment: Enrolment, count: int, django_assert_num_queries: object
) -> None:
    here = place(enrolment, "numeric")
    for _ in range(count):
        browser.post(here.url(), here.wrong())
    with django_assert_num_queries(6):  # type: ignore[operator]
        browser.get(here.url("history"))


def test_a_pruned_body_is_said(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "numeric")
    browser.post(here.url(), here.wrong())
    Body.objects.all().delete()
    page = browser.get(page_of(Submission.objects.get())).content.decode()
    assert "no longer kept" in page
    assert browser.get(here.url()).status_code == 200
    assert browser.get(here.url("history")).status_code == 200


@pytest.fixture
def waiting(browser: Client, enrolment: Enrolment) -> Submission:
    """A program that has waited for a minute."""
    here = place(enrolment, "program")
    browser.post(here.url(), here.right())
    past = timezone.now() - datetime.timedelta(seconds=60)
    Submission.objects.update(created_at=past, turn_at=past)
    return Submission.objects.get()


def test_it_says_why_nothing_is_graded(browser: Client, waiting: Submission) -> None:
    WorkerBeat.objects.create(
        worker="a:1", reason="No lane has passed its canaries.", seen_at=timezone.now()
    )
    page = browser.get(f"{page_of(waiting)}state/", headers=HTMX).content.decode()
    assert "Grading is paused." in page
    assert "No lane has passed its canaries." in page


def test_it_says_when_no_worker_lives(browser: Client, waiting: Submission) -> None:
    page = browser.get(page_of(waiting)).content.decode()
    assert "No grading worker is running at the moment." in page


def test_it_says_nothing_of_the_kind_while_a_worker_grades(waiting: Submission) -> None:
    WorkerBeat.objects.create(worker="a:1", lane="x", seen_at=timezone.now())
    said = waiting_for(waiting)
    assert (said.pace, said.ahead, said.paused) == ("3s", 0, "")


def test_differences_are_shown_in_reading_order() -> None:
    assert compare("a\nb\nc\n", "a\nB\nc\nd\n") == [
        Line(" ", 1, "a"),
        Line("-", None, "b"),
        Line("+", 2, "B"),
        Line(" ", 3, "c"),
        Line("+", 4, "d"),
    ]


def test_very_long_programs_are_shown_without_comparison() -> None:
    long = "\n".join("x" * 3000)
    assert {line.sign for line in compare("y\n" * 10, long)} == {" "}
