"""A course from nothing: written, proved, reviewed, published, studied, watched and repaired.

Three people at the site as `make run` starts it: the instructor writes and publishes, the
administrator of their organisation reviews, the learner studies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import Visitor, picture, visitor
from tests.e2e.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("e2e")]

KEY = "records-that-last"
COURSE = f"/teach/{KEY}/"
KINDS = (
    *("choice", "choices", "numeric", "text", "order", "match", "cloze", "program", "contract"),
)
TRIAL_MS = 60_000
COUNTED_MS = 30_000
"""Statistics follow the answers by rounds of the analyst."""


@dataclass(frozen=True, slots=True)
class Team:
    """Each in a window of their own."""

    instructor: Visitor
    reviewer: Visitor
    learner: Visitor


@pytest.fixture(scope="module")
def team(site: Site, browser: Browser) -> Iterator[Team]:
    with (
        visitor(browser, site.address) as instructor,
        visitor(browser, site.address) as reviewer,
        visitor(browser, site.address) as learner,
    ):
        people = {"instructor": instructor, "administrator": reviewer, "learner": learner}
        for name, person in people.items():
            sign_in(person, f"{name}@example.org", site)
        yield Team(instructor, reviewer, learner)
        for name, person in people.items():
            assert person.faults == [], name


def sign_in(person: Visitor, email: str, site: Site) -> None:
    person.go("/accounts/login/")
    person.page.get_by_label("Email").fill(email)
    person.page.get_by_label("Password").fill(site.passwords[email])
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    person.page.wait_for_load_state()


def press(page: Page, name: str) -> None:
    """Press the button of this name, and wait for the page that follows."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def test_an_instructor_begins_a_course(team: Team) -> None:
    person, page = team.instructor, team.instructor.page
    person.go("/teach/")
    page.get_by_role("link", name="Begin a course").click()
    page.get_by_label("Title in English").fill("Records that last")
    page.get_by_label("Title in Chinese").fill("经得起时间的记录")
    page.get_by_label("Key").fill(KEY)
    press(page, "Begin")
    expect(page.locator("h1")).to_have_text("Records that last")
    page.get_by_role("link", name="Add a lesson").click()
    page.get_by_label("Title in English").fill("Second lesson")
    page.get_by_label("Title in Chinese").fill("第二课")
    press(page, "Save")
    person.go(COURSE)
    expect(page.locator("[data-item^='lesson:']")).to_have_count(2)
    picture(page, "teach-outline")


def test_a_lesson_is_saved_while_it_is_written(team: Team) -> None:
    person, page = team.instructor, team.instructor.page
    person.go(COURSE + "lessons/01-first-lesson/")
    editor = page.locator(".cm-content").first
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nWho wrote this line down, and **when**?\n")
    expect(page.locator("#desk-state")).to_contain_text("Saved at")
    person.go(COURSE + "lessons/01-first-lesson/")
    expect(page.locator(".cm-content").first).to_contain_text("Who wrote this line down")
    picture(page, "teach-lesson")


@pytest.mark.parametrize("kind", KINDS)
def test_an_exercise_of_each_kind_is_begun(team: Team, kind: str) -> None:
    person, page = team.instructor, team.instructor.page
    folder = "01-first-lesson" if KINDS.index(kind) < 5 else "02-second-lesson"
    person.go(f"{COURSE}lessons/{folder}/new-exercise/")
    page.get_by_label("Title (English)").fill(f"A {kind}")
    page.get_by_label("Title (中文)").fill(f"练习：{kind}")
    page.get_by_label("Key").fill(f"one-{kind}")
    page.locator(f"input[name=kind][value={kind}]").check()
    press(page, "Begin")
    expect(page.locator("h2").first).to_have_text(f"A {kind}")
    picture(page, f"teach-exercise-{kind}")
