"""Landing, my learning, theme and language."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cohort, User
from courses.actions import enrol, join_cohort, record_progress, tally
from courses.models import Tally
from courses.types import TallyMove
from tests.learn.classroom import signed_in
from tests.learn.site import Page, programme_of, published

pytestmark = pytest.mark.django_db


def test_the_landing_page_counts(client: Client) -> None:
    today = timezone.localdate()
    tally([TallyMove(Tally.Metric.QUALIFIED_PEOPLE, today, "", 12_345)])
    text = client.get("/").content.decode()
    assert ">12,345</data>" in text
    bar = Page(text).all("progress")[0]
    assert (bar["value"], bar["max"]) == ("12345", "500000")


@pytest.mark.parametrize("programmes", [1, 3])
def test_landing_costs_the_same_for_one_and_for_three(
    client: Client, programmes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(programmes):
        programme_of(f"programme-{number}", published(f"course-{number}"))
    with django_assert_num_queries(2):
        client.get("/")


def test_nothing_yet_leads_to_the_courses(alice: User) -> None:
    text = signed_in(alice).get("/learn/").content.decode()
    assert "You are not enrolled in a course yet" in text


def test_my_learning_resumes_counts_and_says_until_when(alice: User, cohort: Cohort) -> None:
    join_cohort(user=alice, cohort=cohort)
    enrolment = enrol(user=alice, course=published("hashes"), cohort=cohort)
    enrol(user=alice, course=published("fresh"))
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=175,
        passed_by=1,
        lesson_key="two",
        now=timezone.now() + datetime.timedelta(hours=1),
    )
    text = signed_in(alice).get("/learn/").content.decode()
    page = Page(text)
    assert [bar["value"] for bar in page.all("progress")] == ["25", "0"]
    assert f"until {cohort.ends_on:%Y-%m-%d}" in text
    assert text.index("Lesson two") < text.index("Lesson one")
    assert text.index("Go on") < text.index("Begin")


def test_a_completed_course_stands_apart_with_its_qualification(alice: User) -> None:
    course = published("hashes")
    programme_of("builder", course)
    enrolment = enrol(user=alice, course=course)
    record_progress(
        enrolment_id=enrolment.pk, credit_by=1000, passed_by=1, lesson_key="", now=timezone.now()
    )
    text = signed_in(alice).get("/learn/").content.decode()
    assert "Completed courses" in text
    assert "/programmes/builder/" in Page(text).links()
    assert Page(text).all("progress") == []


def test_nobody_sees_anothers_courses(alice: User, charlie: User) -> None:
    enrol(user=alice, course=published("hashes"))
    assert "Hashes" not in signed_in(charlie).get("/learn/").content.decode()


@pytest.mark.parametrize("courses", [1, 3])
def test_my_learning_costs_the_same_for_one_and_for_three(
    alice: User,
    cohort: Cohort,
    courses: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(courses):
        enrol(user=alice, course=published(f"course-{number}"), cohort=cohort)
    browser = signed_in(alice)
    # session, person, enrolments, cohorts, their organisations, qualifications, announcements, news
    with django_assert_num_queries(8):
        browser.get("/learn/")


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [("dark", "dark"), ("light", "light"), ("system", None), ("neon", None), ("", None)],
)
def test_the_theme_of_the_cookie_is_on_the_page(
    client: Client, cookie: str, attribute: str | None
) -> None:
    client.cookies["theme"] = cookie
    page = Page(client.get("/").content.decode())
    assert page.all("html")[0].get("data-theme") == attribute
    pressed = [given["value"] for given in page.all("button", aria_pressed="true")]
    assert pressed == [attribute or "system"]


def test_the_theme_is_chosen_without_a_script(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/courses/?q=a"})
    assert (response.status_code, response["Location"]) == (302, "/courses/?q=a")
    assert response.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/courses/").content.decode()


def test_a_theme_that_does_not_exist_is_not_kept(client: Client) -> None:
    response = client.post("/theme/", {"theme": "neon", "next": "https://example.org/"})
    assert response["Location"] == "/"
    assert "theme" not in response.cookies


def test_the_language_is_switched_without_a_script(client: Client) -> None:
    page = Page(client.get("/courses/").content.decode())
    assert page.all("button", name="language")[0]["value"] == "zh-hans"
    response = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/courses/"})
    assert response["Location"] == "/courses/"
    assert Page(client.get("/courses/").content.decode()).all("html", lang="zh-hans")
