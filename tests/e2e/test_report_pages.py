"""Reports and organisations in a real browser: nothing is cut, everything can be reached by keys
and read aloud, and a figure leads to the rows that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Cohort, User
from courses.actions import enrol, join_cohort, record_progress, set_plan
from courses.models import Course
from dev.shell import ROOT
from reports.snapshots import freeze_public_figures
from tests.courses.rows import make_course, make_programme
from tests.e2e.browser import PHONE, WIDE, Visitor, chromium, visitor
from tests.people import make_cohort, make_organisation, make_person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.django_db(transaction=True),
]

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = """async (tags) => (await axe.run(document, {runOnly: tags})).violations
    .map(found => found.id + ": " + found.nodes.map(node => node.target.join(" ")).join(", "))"""
CUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
QUALIFIED, OTHERS = 12, 14


@pytest.fixture
@transaction.atomic
def cohort(settings: Settings) -> Cohort:
    """A cohort of 26 at a university, of which 12 are qualified, and as many at a firm."""
    settings.REQUIRE_ADMIN_MFA = False  # tests/accounts/test_gate.py
    course = make_course("chains")
    programme = make_programme("path", [("chains", True)])
    cohorts = []
    for key, kind, province in (("lakeside", "university", "33"), ("ledgers", "firm", "11")):
        made = make_cohort(make_organisation(key, kind=kind, province=province))
        set_plan(cohort=made, programme=programme)
        for number in range(QUALIFIED + OTHERS):
            train(made, course, f"{key}{number}", credit=1000 if number < QUALIFIED else 10)
        cohorts.append(made)
    freeze_public_figures(timezone.localdate())
    return cohorts[0]


def train(cohort: Cohort, course: Course, name: str, *, credit: int) -> None:
    person = make_person(name, organisation=cohort.organisation)
    join_cohort(user=person, cohort=cohort)
    enrolment = enrol(user=person, course=course, cohort=cohort)
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=credit,
        passed_by=1,
        lesson_key="",
        now=timezone.now(),
    )


def session_of(person: User) -> tuple[str, str]:
    """Name and value of the cookie of who is signed in. The browser forbids the database."""
    client = Client()
    client.force_login(person)
    name = django_settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


@contextmanager
def window(
    browser: Browser, address: str, session: tuple[str, str], **context: Any
) -> Iterator[Visitor]:
    """Of somebody who is signed in."""
    with visitor(browser, address, **context) as visit:
        visit.page.context.add_cookies([{"name": session[0], "value": session[1], "url": address}])
        yield visit
        assert visit.faults == []


def check(visit: Visitor, path: str) -> None:
    """The page fits the window, and axe finds nothing."""
    visit.go(path)
    visit.page.evaluate(AXE)
    assert visit.page.evaluate(FIND, RULES) == [], path
    assert not visit.page.evaluate(CUT), f"{path} is wider than the window"


def test_reports_are_whole_for_everybody(live_server: LiveServer, cohort: Cohort) -> None:
    people = {
        "nina": make_person("nina", is_national_administrator=True),
        "dora": make_person("dora", organisation=cohort.organisation, role="administrator"),
    }
    sessions = {name: session_of(person) for name, person in people.items()}
    pages = pages_of(cohort)
    with chromium() as browser:
        for name, paths in pages.items():
            for look in ({"viewport": WIDE}, {"viewport": PHONE, "color_scheme": "dark"}):
                with window(browser, live_server.url, sessions[name], **look) as visit:
                    for path in paths:
                        check(visit, path)
        with window(browser, live_server.url, sessions["nina"]) as visit:
            follow_the_nation(visit)
        with window(browser, live_server.url, sessions["dora"]) as visit:
            follow_the_cohort(visit, pages["dora"][0])


def pages_of(cohort: Cohort) -> dict[str, list[str]]:
    """What each of the two has to look at."""
    learner = User.objects.get(email="lakeside0@example.org")
    report, own = "/reports/organisations/lakeside/", "/organisations/lakeside/"
    of_cohort = f"/reports/cohorts/{cohort.uuid}/"
    return {
        "nina": ["/reports/", "/reports/organisations/", "/progress/"],
        "dora": [
            *(report, f"{report}people/", of_cohort, f"{of_cohort}gradebook/"),
            *(f"{of_cohort}learners/{learner.uuid}/", "/reports/exports/"),
            *("/reports/subscriptions/", own, f"{own}people/", f"{own}people/doubles/"),
            "/profile/erase/",
        ],
    }


def follow_the_nation(visit: Visitor) -> None:
    """By keys alone: what a figure means, and from the whole country to a province."""
    visit.go("/reports/")
    page = visit.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    table = page.locator("#national-provinces")
    meaning = table.locator(".definition").first
    meaning.focus()
    page.keyboard.press("Enter")
    expect(table.locator(".definition-text").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(table.locator(".definition-text").first).to_be_hidden()
    row = table.get_by_role("row").filter(has_text="Zhejiang")
    qualified = row.get_by_role("cell").nth(2)
    expect(qualified).to_have_text(str(QUALIFIED))
    row.get_by_role("link").press("Enter")
    page.wait_for_url("**/reports/?province=33*")
    expect(stage(page, "Qualified")).to_have_text(str(QUALIFIED))
    expect(stage(page, "Enrolled")).to_have_text(str(QUALIFIED + OTHERS))


def stage(page: Page, name: str) -> Any:
    row = page.locator("table.funnel").get_by_role("row").filter(has_text=name)
    return row.get_by_role("cell").nth(1)


def follow_the_cohort(visit: Visitor, report: str) -> None:
    """From the figure of an organisation to the cohort, and to the learners that it counts."""
    visit.go(report)
    page = visit.page
    row = page.locator("#organisation-cohorts").get_by_role("row").filter(has_text="Autumn")
    expect(row.get_by_role("cell").first).to_have_text(str(QUALIFIED + OTHERS))
    row.get_by_role("link", name="Autumn").press("Enter")
    page.wait_for_url("**/reports/cohorts/**")
    rows = page.locator("#cohort-progress tbody tr")
    expect(rows).to_have_count(QUALIFIED + OTHERS)
    rows.filter(has_text="Lakeside0").get_by_role("link").press("Enter")
    page.wait_for_url("**/learners/**")
    expect(page.locator("h1")).to_have_text("Lakeside0")
