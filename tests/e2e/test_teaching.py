"""A course from nothing: written, proved, reviewed, published, studied, watched and repaired.

Three people at the site as `make run` starts it: the instructor writes and publishes, the
administrator of their organisation reviews, the learner studies.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import Visitor, picture, visitor
from tests.e2e.site import Site, enrol

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
    expect(page.get_by_role("heading", name=f"A {kind}", exact=True)).to_be_visible()
    picture(page, f"teach-exercise-{kind}")


SOLUTION_WITH_A_GAP = """def is_linked(chain):
    if len(chain) > 100:
        return False
    for before, block in zip(chain, chain[1:]):
        if block["previous"] != before["digest"]:
            return False
    return True
"""
"""No check hands over a chain of more than a hundred blocks."""


def test_what_no_check_notices_is_shown(team: Team) -> None:
    person, page = team.instructor, team.instructor.page
    person.go(COURSE + "lessons/02-second-lesson/exercises/one-program/source/")
    write(page.locator("section[aria-label='solution.py']"), SOLUTION_WITH_A_GAP)
    press(page, "Save and try")
    expect(page.get_by_text("All is as it must be.")).to_be_visible(timeout=TRIAL_MS)
    press(page, "Look for them")
    survivors = page.locator(".survivors")
    expect(survivors).to_contain_text("len(chain) > 100", timeout=TRIAL_MS)
    picture(page, "teach-survivors")


def write(place: Locator, text: str) -> None:
    """Replace what stands in an editor, by keyboard."""
    place.locator(".cm-content").click()
    place.page.keyboard.press("Control+a")
    place.page.keyboard.insert_text(text)


CHOICE = COURSE + "lessons/01-first-lesson/exercises/one-choice/"


def test_a_wrong_key_is_proved_reviewed_and_published(team: Team) -> None:
    """Proof cannot know which option is right: it holds whatever the author takes to be so."""
    person, page = team.instructor, team.instructor.page
    person.go(CHOICE)
    mark_right(page, "One character of the digest changes.")
    press(page, "Save")
    let_in(team)
    publish(team, "The first release.", "第一版。")


def mark_right(page: Page, option: str) -> None:
    """In the form of a choice: this option is right, and no other one."""
    is_right = []
    for row in page.locator(".row-list > .row").all():
        is_right.append(row.locator("textarea").first.input_value() == option)
        row.get_by_label("This is right").set_checked(is_right[-1])
    assert is_right.count(True) == 1


def let_in(team: Team) -> None:
    """The administrator of the organisation becomes the course's reviewer."""
    person, page = team.instructor, team.instructor.page
    person.go(COURSE + "members/")
    page.get_by_label("E-mail address").fill("administrator@example.org")
    page.get_by_label("Role").last.select_option("reviewer")
    press(page, "Let in")


def publish(team: Team, english: str, chinese: str) -> None:
    """Notes and proof by the instructor, consent by the reviewer, and then the release."""
    person, page = team.instructor, team.instructor.page
    person.go(COURSE + "publish/")
    page.get_by_label("in English").fill(english)
    page.get_by_label("in Chinese").fill(chinese)
    press(page, "Save")
    press(page, "Prove it")
    expect(page.locator("#proof-state")).to_contain_text("Proved", timeout=TRIAL_MS)
    team.reviewer.go(COURSE + "publish/")
    press(team.reviewer.page, "Consent to the release")
    person.go(COURSE + "publish/")
    picture(page, "teach-publish")
    page.get_by_role("button", name="Publish revision").click()
    page.wait_for_load_state()
    expect(page.locator("#new")).to_contain_text("Learners study exactly this already")


TRUE = "The digest changes completely."


def test_a_learner_is_marked_wrong_by_the_wrong_key(team: Team) -> None:
    person, page = team.learner, team.learner.page
    enrol(person, KEY)
    person.go(f"/learn/{KEY}/first-lesson/")
    quiz = page.locator("#exercise-one-choice")
    quiz.get_by_label(TRUE).check()
    press(page, "Check my answer")
    expect(quiz.locator(".verdict")).to_contain_text("0 of 1 point")
    picture(page, "teach-learner-wrong")


def test_statistics_show_the_answer(team: Team) -> None:
    person, page = team.instructor, team.instructor.page
    deadline = time.monotonic() + COUNTED_MS / 1000
    while True:
        person.go(COURSE + "statistics/one-choice/")
        if page.get_by_text("1 learner so far").count() or time.monotonic() > deadline:
            break
        page.wait_for_timeout(1000)
    options = page.locator("section[aria-labelledby=options]")
    expect(options.get_by_role("row", name=TRUE)).to_contain_text("1")
    picture(page, "teach-statistics")
    person.go(COURSE + "submissions/")
    expect(page.get_by_role("table")).to_contain_text("A choice")
    picture(page, "teach-submissions")


def test_the_key_is_repaired_and_the_try_judged_again(team: Team) -> None:
    person, page = team.instructor, team.instructor.page
    person.go(CHOICE)
    mark_right(page, TRUE)
    press(page, "Save")
    publish(team, "The key of one exercise was wrong.", "一道题的答案有误，现已更正。")

    person.go(COURSE + "repair/exercises/one-choice/")
    press(page, "Preview")
    expect(page.locator("#regrade")).to_contain_text("gain points", timeout=TRIAL_MS)
    expect(page.locator("section[aria-labelledby=way-never_lower]")).to_contain_text(
        "Learners1 gain points1"
    )
    picture(page, "teach-regrade-preview")
    page.get_by_label("Reason").fill("The key was wrong: the whole digest changes.")
    press(page, "Apply to everybody")
    expect(page.locator("#regrade")).to_contain_text("applied by", timeout=TRIAL_MS)
    picture(page, "teach-regrade-applied")


def test_the_learner_is_told(team: Team) -> None:
    person, page = team.learner, team.learner.page
    person.go("/learn/")
    expect(page.get_by_role("main")).to_contain_text("judged again")
    picture(page, "teach-learner-told")
    person.go(f"/learn/{KEY}/first-lesson/")
    expect(page.locator("#exercise-one-choice")).to_contain_text("1 of 1 point")
    picture(page, "teach-learner-right")
