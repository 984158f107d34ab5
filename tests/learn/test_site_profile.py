"""Profile and settings, and joining a cohort."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Cohort, CohortMember, Organisation, User
from courses.actions import join_cohort
from tests.learn.classroom import signed_in
from tests.learn.site import Page
from tests.people import make_cohort, make_organisation

pytestmark = pytest.mark.django_db


def test_what_is_said_is_kept_and_the_page_turns_to_the_language(alice: User) -> None:
    browser = signed_in(alice)
    form = {"name": "Alice Wu", "language": "zh-hans", "province": "44"}
    response = browser.post("/profile/", form)
    assert response["Location"] == "/profile/"
    alice.refresh_from_db()
    assert (alice.name, alice.language, alice.province) == ("Alice Wu", "zh-hans", "44")
    assert Page(browser.get("/profile/").content.decode()).all("html", lang="zh-hans")


def test_a_person_cannot_make_themselves_more_than_they_are(alice: User) -> None:
    form = {
        "name": "Alice",
        "language": "en",
        "province": "",
        "is_staff": "on",
        "is_national_administrator": "on",
        "email": "root@example.org",
    }
    signed_in(alice).post("/profile/", form)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_national_administrator) == (False, False)
    assert alice.email == "alice@example.org"


def test_what_is_wrong_stands_at_its_field(alice: User) -> None:
    text = (
        signed_in(alice)
        .post("/profile/", {"name": "", "language": "fr", "province": "99"})
        .content.decode()
    )
    page = Page(text)
    invalid = [
        given["name"] for tag in ("input", "select") for given in page.all(tag, aria_invalid="true")
    ]
    assert invalid == ["name", "language", "province"]
    ids = {given["id"] for _, given in page.elements if "id" in given}
    for given in page.all("input", aria_invalid="true"):
        assert set((given["aria-describedby"] or "").split()) <= ids
    alice.refresh_from_db()
    assert alice.name == "Alice"


@pytest.mark.parametrize("places", [1, 3])
def test_it_costs_the_same_for_one_and_for_three_cohorts(
    alice: User,
    organisation: Organisation,
    places: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(places):
        where = make_organisation(f"place-{number}")
        join_cohort(user=alice, cohort=make_cohort(where, f"Cohort {number}"))
    browser = signed_in(alice)
    # session, person, memberships, cohorts, consents
    with django_assert_num_queries(5):
        text = browser.get("/profile/").content.decode()
    assert text.count("Cohort ") >= places


def test_a_code_as_it_is_read_aloud_leads_to_its_cohort(alice: User, cohort: Cohort) -> None:
    browser = signed_in(alice)
    code = cohort.join_code.lower()
    response = browser.post("/join/", {"code": f" {code[:4]}-{code[4:]} "})
    assert response["Location"] == f"/join/{cohort.join_code}/"
    text = browser.get(response["Location"]).content.decode()
    assert "Autumn" in text
    assert "Lakeside University" in text
    assert not CohortMember.objects.exists()


def test_joining_is_a_post_and_joining_twice_is_joining_once(alice: User, cohort: Cohort) -> None:
    browser = signed_in(alice)
    for _ in range(2):
        response = browser.post(f"/join/{cohort.join_code}/")
        assert response["Location"] == "/learn/"
    assert CohortMember.objects.filter(user=alice, cohort=cohort).count() == 1
    assert "You are in the cohort Autumn." in browser.get("/learn/").content.decode()


def test_a_code_that_nobody_has_says_what_to_do(alice: User) -> None:
    browser = signed_in(alice)
    assert (
        "No running cohort has this code"
        in browser.post("/join/", {"code": "AAAAAAAA"}).content.decode()
    )
    response = browser.get("/join/AAAAAAAA/", follow=True)
    assert response.redirect_chain == [("/join/", 302)]
    assert "No running cohort has this code" in response.content.decode()


def test_nobody_joins_a_cohort_that_has_ended(alice: User, organisation: Organisation) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    over = make_cohort(organisation, "Spring", ends_on=yesterday)
    signed_in(alice).post(f"/join/{over.join_code}/")
    assert not CohortMember.objects.exists()


def test_a_visitor_signs_in_first_and_comes_back(client: Client, cohort: Cohort) -> None:
    response = client.get(f"/join/{cohort.join_code}/")
    assert response["Location"] == f"/accounts/login/?next=/join/{cohort.join_code}/"
