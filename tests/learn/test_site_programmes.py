"""Programmes: their courses in order, their rule, what a learner has of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.actions import enrol, record_progress
from courses.models import Programme
from tests.learn.classroom import signed_in
from tests.learn.site import Page, programme_of, published

pytestmark = pytest.mark.django_db


def test_courses_stand_in_the_order_of_the_programme(client: Client) -> None:
    programme_of("builder", published("zeta"), published("alpha"), electives=(published("more"),))
    text = client.get("/programmes/builder/").content.decode()
    links = [link for link in Page(text).links() if link.startswith("/courses/")]
    assert links[-3:] == ["/courses/zeta/", "/courses/alpha/", "/courses/more/"]
    assert "At least 1 of these." in text
    assert "every required course and 1 elective" in text


def test_without_electives_every_course_is_asked_for(client: Client) -> None:
    programme_of("builder", published("alpha"))
    text = client.get("/programmes/builder/").content.decode()
    assert "completed every course" in text
    assert "Electives" not in text


def test_a_learner_sees_what_is_done_and_what_they_earned(alice: User) -> None:
    alpha, beta = published("alpha"), published("beta")
    programme_of("builder", alpha)
    programme_of("expert", alpha, beta)
    done = enrol(user=alice, course=alpha)
    enrol(user=alice, course=beta)
    record_progress(
        enrolment_id=done.pk, credit_by=1000, passed_by=1, lesson_key="", now=timezone.now()
    )
    browser = signed_in(alice)
    assert "You have been qualified since" in browser.get("/programmes/builder/").content.decode()
    text = browser.get("/programmes/expert/").content.decode()
    assert "You have been qualified" not in text
    assert text.count("Completed") == 1
    assert "/learn/beta/" in Page(text).links()


def test_what_is_not_published_is_no_page(client: Client) -> None:
    Programme.objects.create(key="draft")
    assert client.get("/programmes/draft/").status_code == 404


def test_no_programme_yet_leads_to_the_courses(client: Client) -> None:
    assert "No programme is published yet" in client.get("/programmes/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(
    alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    courses = [published(f"course-{at}") for at in range(number)]
    for at in range(number):
        programme_of(f"programme-{at}", *courses)
    for course in courses:
        enrol(user=alice, course=course)
    with django_assert_num_queries(1):
        Client().get("/programmes/")
    with django_assert_num_queries(2):
        Client().get("/programmes/programme-0/")
    browser = signed_in(alice)
    # session, person, programme, enrolments, qualifications, courses
    with django_assert_num_queries(6):
        browser.get("/programmes/programme-0/")
