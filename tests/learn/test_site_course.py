"""The page of a course and enrolling: for a visitor, a learner, a member of a cohort."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cohort, Organisation, User
from courses.actions import enrol, join_cohort, record_progress
from courses.models import Course, Enrolment
from tests.learn.classroom import signed_in
from tests.learn.site import Page, published
from tests.people import make_cohort

pytestmark = pytest.mark.django_db

SESSION_AND_PERSON = 2
"""Queries of every page for somebody who is signed in."""


@pytest.fixture
def course() -> Course:
    return published("hashes")


def test_a_visitor_reads_all_of_it_and_is_asked_to_sign_in(client: Client, course: Course) -> None:
    text = client.get("/courses/hashes/").content.decode()
    for words in ("Hashes", "You can link blocks.", "First module", "Lesson two", "20 min"):
        assert words in text
    page = Page(text)
    assert "/accounts/login/?next=/courses/hashes/" in page.links()
    assert page.all("form", action="/courses/hashes/enrol/") == []


def test_prerequisites_are_named_in_their_order(client: Client, course: Course) -> None:
    published("second")
    published("next", prerequisites=("second", "hashes", "gone"))
    links = Page(client.get("/courses/next/").content.decode()).links()
    assert [link for link in links if link.startswith("/courses/") and len(link) > 9] == [
        "/courses/second/",
        "/courses/hashes/",
    ]


def test_an_unpublished_course_is_no_page(client: Client) -> None:
    Course.objects.create(key="draft")
    assert client.get("/courses/draft/").status_code == 404


def test_enrolling_leads_to_the_first_lesson(alice: User, course: Course) -> None:
    browser = signed_in(alice)
    response = browser.post("/courses/hashes/enrol/")
    assert (response.status_code, response["Location"]) == (302, "/learn/hashes/")
    assert browser.get("/learn/hashes/")["Location"] == "/learn/hashes/one/"
    assert Enrolment.objects.get(user=alice).cohort is None


def test_a_visitor_who_enrols_signs_in_and_comes_back_to_the_course(
    client: Client, course: Course
) -> None:
    response = client.post("/courses/hashes/enrol/")
    assert response["Location"] == "/accounts/login/?next=/courses/hashes/"
    assert not Enrolment.objects.exists()


def test_a_member_of_a_cohort_may_enrol_with_it(
    alice: User, course: Course, cohort: Cohort
) -> None:
    join_cohort(user=alice, cohort=cohort)
    browser = signed_in(alice)
    page = Page(browser.get("/courses/hashes/").content.decode())
    offered = [given["value"] for given in page.all("option")]
    assert offered == ["", str(cohort.uuid)]
    browser.post("/courses/hashes/enrol/", {"cohort": str(cohort.uuid)})
    assert Enrolment.objects.get(user=alice).cohort == cohort


@pytest.mark.parametrize("which", ["not mine", "no cohort at all", "not even a uuid"])
def test_nobody_enrols_with_a_cohort_that_is_not_theirs(
    alice: User, course: Course, organisation: Organisation, which: str
) -> None:
    cohort = {
        "not mine": str(make_cohort(organisation, "Others").uuid),
        "no cohort at all": str(uuid.uuid4()),
        "not even a uuid": "autumn",
    }[which]
    response = signed_in(alice).post("/courses/hashes/enrol/", {"cohort": cohort}, follow=True)
    assert "You are not in that cohort" in response.content.decode()
    assert not Enrolment.objects.exists()


def test_a_learner_goes_on_where_they_left_off(alice: User, course: Course) -> None:
    enrolment = enrol(user=alice, course=course)
    browser = signed_in(alice)
    assert "Begin with the first lesson" in browser.get("/courses/hashes/").content.decode()
    # 10 points, 70 % of them complete the course: 350 of 700 hundredths are half of the way.
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=350,
        passed_by=1,
        lesson_key="two",
        now=timezone.now(),
    )
    text = browser.get("/courses/hashes/").content.decode()
    assert "Go on where you left off" in text
    assert Page(text).all("progress")[0]["value"] == "50"
    assert "/learn/hashes/two/" in Page(text).links()
    assert browser.get("/learn/hashes/")["Location"] == "/learn/hashes/two/"


@pytest.mark.parametrize("prerequisites", [("one",), ("one", "two", "three")])
def test_it_costs_the_same_for_one_and_for_three_prerequisites(
    alice: User,
    cohort: Cohort,
    prerequisites: tuple[str, ...],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for key in prerequisites:
        published(key)
    published("hashes", prerequisites=prerequisites)
    with django_assert_num_queries(2):
        Client().get("/courses/hashes/")
    browser = signed_in(alice)
    # course, enrolment, open cohorts, prerequisites
    with django_assert_num_queries(SESSION_AND_PERSON + 4):
        browser.get("/courses/hashes/")
    join_cohort(user=alice, cohort=cohort)
    # one more: the choices of the form
    with django_assert_num_queries(SESSION_AND_PERSON + 5):
        browser.get("/courses/hashes/")
