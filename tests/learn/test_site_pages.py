"""What is true of every page: nothing inline, landmarks, one heading, headers, error pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.models import Cohort, User
from courses.actions import enrol
from learn.views.styleguide import tokens
from tests.learn.classroom import signed_in
from tests.learn.site import Page, programme_of, published
from tests.people import make_person

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/programmes/",
    "/programmes/builder/",
    "/courses/",
    "/courses/?q=zebra",
    "/courses/hashes/",
    "/progress/",
    "/terms/",
    "/privacy/",
    "/accounts/login/",
    "/accounts/signup/",
    "/nowhere/",
]
OWN = ["/learn/", "/profile/", "/join/", "/join/{code}/", "/styleguide/", "/courses/fresh/"]
LANGUAGES = ["en", "zh-hans"]


@pytest.fixture
def visitor(client: Client) -> Client:
    programme_of("builder", published("hashes"))
    return client


@pytest.fixture
def member(cohort: Cohort, settings: Settings) -> Client:
    """Somebody who may see every page of the site, also the style guide."""
    settings.REQUIRE_ADMIN_MFA = False  # the gate is not what is tested here
    person = make_person("sam", is_staff=True)
    course = published("hashes")
    published("fresh")
    enrol(user=person, course=course, cohort=cohort)
    return signed_in(person)


def look(client: Client, path: str, language: str) -> Page:
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code in {200, 404}
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    return Page(response.content.decode())


def check(page: Page, language: str) -> None:
    assert page.refused == []
    assert page.all("html", lang=language)
    assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]
    assert page.links()[0] == "#main"
    assert page.all("main", id="main")
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(set(ids)) == len(ids)
    labelled = {given["for"] for given in page.all("label") if "for" in given}
    for tag in ("input", "select", "textarea"):
        for given in page.all(tag):
            if given.get("type") not in {"hidden", "submit"}:
                assert given.get("id") in labelled or given.get("aria-label"), given


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_whole_and_have_nothing_inline(
    visitor: Client, path: str, language: str
) -> None:
    check(look(visitor, path, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OWN)
def test_own_pages_are_whole_and_have_nothing_inline(
    member: Client, cohort: Cohort, path: str, language: str
) -> None:
    check(look(member, path.format(code=cohort.join_code), language), language)


@pytest.mark.parametrize("name", ["403", "403_csrf", "404", "429"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages_are_pages_of_the_site(rf: RequestFactory, name: str, language: str) -> None:
    with translation.override(language):
        check(Page(render_to_string(f"{name}.html", {}, rf.get("/"))), language)


def test_the_page_of_a_fault_needs_no_request_and_no_context() -> None:
    page = Page(render_to_string("500.html"))
    assert page.refused == []
    assert len(page.all("h1")) == 1
    assert page.links() == ["/"]


def test_a_missing_page_leads_on(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert {"/courses/", "/", "/accounts/login/"} <= set(Page(response.content.decode()).links())


def test_a_form_without_its_token_says_what_to_do() -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()


def test_record_numbers_are_shown_when_there_are_some(client: Client, settings: Settings) -> None:
    assert "beian" not in client.get("/terms/").content.decode()
    settings.ICP_NUMBER = "京ICP备00000000号"
    settings.PSB_NUMBER = "京公网安备 00000000000000号"
    settings.OPERATOR_NAME = "The centre"
    text = client.get("/terms/").content.decode()
    assert "京ICP备00000000号" in text
    assert "京公网安备 00000000000000号" in text
    assert "The centre runs this site" in text


def test_the_style_guide_is_for_staff(alice: User, client: Client, settings: Settings) -> None:
    assert client.get("/styleguide/").status_code == 404
    assert signed_in(alice).get("/styleguide/").status_code == 404
    settings.DEBUG = True
    assert client.get("/styleguide/").status_code == 200


def test_the_style_guide_shows_every_token(member: Client) -> None:
    text = member.get("/styleguide/").content.decode()
    samples = Path("static/css/styleguide.css").read_text(encoding="utf-8")
    for group, rows in tokens().items():
        for name, _value in rows:
            assert f"<code>--{name}</code>" in text
            if group != "other":
                assert f"-{name} {{" in samples


def test_the_current_page_is_marked_in_the_header(visitor: Client) -> None:
    page = Page(visitor.get("/courses/hashes/").content.decode())
    marked = [given["href"] for given in page.all("a", aria_current="true")]
    assert marked == ["/courses/"]
