"""What a stranger does after `make run`: enrol, read, answer a quiz, submit a program.

The site is the real one (SQLite, a private Redis-compatible server, Celery, sweeper, sandbox),
and so is the browser. Screenshots lie in test-results/e2e/ afterwards.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.shell import ROOT
from tests.e2e.browser import PHONE, picture, visitor
from tests.e2e.site import Site, come_back, enrol, running_site, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("e2e")]

COURSE = ROOT / "curricula" / "courses" / "hashes-and-blocks"
LESSON = "/learn/hashes-and-blocks/who-signed-this/"
PROGRAM = LESSON + "verify-readings/"
SOLUTION = (COURSE / "10-who-signed-this" / "verify-readings" / "solution.py").read_text("utf-8")
VERDICT_MS = 20_000


def test_the_terminal_tells_four_people_and_their_passwords(site: Site) -> None:
    assert sorted(site.passwords) == [
        *("administrator@example.org", "instructor@example.org"),
        *("learner@example.org", "national@example.org"),
    ]


def test_the_site_says_that_it_is_ready(site: Site) -> None:
    for path in ("/healthz", "/readyz"):
        with urllib.request.urlopen(site.address + path) as response:
            assert response.status == 200


def test_a_learner_enrols_answers_and_is_judged(site: Site, browser: Browser) -> None:
    with visitor(browser, site.address) as person:
        page = person.page
        sign_in(person, site)
        enrol(person, "hashes-and-blocks")
        person.go(LESSON)
        picture(page, "lesson-wide-light-en")

        quiz = page.locator("#exercise-what-a-signature-proves")
        for words in ("Somebody who held", "Whoever operates", "If one digit"):
            quiz.get_by_label(words).check()
        quiz.get_by_role("button", name="Check my answer").click()
        expect(quiz.locator(".verdict")).to_contain_text("3 of 3 points")
        picture(page, "quiz-wide-light-en")

        person.go(PROGRAM)
        write(page, SOLUTION.replace('entry["public_key"]', 'report["public_key"]'))
        page.get_by_role("button", name="Submit", exact=True).click()
        failed = page.locator(".verdict")
        expect(failed).to_contain_text("Take the key from the registry", timeout=VERDICT_MS)
        picture(page, "verdict-wrong-wide-light-en")

        write(page, SOLUTION)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".verdict-passed")).to_be_visible(timeout=VERDICT_MS)
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.locator(".verdict")).to_contain_text("8 of 8 points", timeout=VERDICT_MS)
        picture(page, "verdict-right-wide-light-en")

        person.go("/learn/")
        picture(page, "my-learning-wide-light-en")
        assert person.faults == []


def write(page: Page, program: str) -> None:
    """Replace what stands in the editor, by keyboard."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(program)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", ["wide", "phone"])
def test_every_look_of_every_page_is_clean(
    site: Site, browser: Browser, scheme: str, language: str, width: str
) -> None:
    """No error, no violation of the policy, nothing from outside, nothing wider than the window."""
    look = {"color_scheme": scheme, **({"viewport": PHONE} if width == "phone" else {})}
    with visitor(browser, site.address, **look) as person:
        come_back(person, site)
        enrol(person, "hashes-and-blocks")
        cookie = {"name": "django_language", "value": language, "url": site.address}
        person.page.context.add_cookies([cookie])  # type: ignore[list-item]
        for name, path in {
            "landing": "/",
            "programmes": "/programmes/",
            "catalogue": "/courses/",
            "course": "/courses/hashes-and-blocks/",
            "my-learning": "/learn/",
            "lesson": LESSON,
            "workspace": PROGRAM,
            "history": PROGRAM + "submissions/",
            "count": "/progress/",
            "profile": "/profile/",
            "join": "/join/",
        }.items():
            person.go(path)
            widest = person.page.evaluate("document.documentElement.scrollWidth")
            assert widest <= person.page.viewport_size["width"], f"{name} is {widest} px wide"  # type: ignore[index]
            picture(person.page, f"{name}-{width}-{scheme}-{language}")
        assert person.faults == []


def test_a_quiz_needs_no_script(site: Site, browser: Browser) -> None:
    with visitor(browser, site.address, java_script_enabled=False) as person:
        sign_in(person, site)
        enrol(person, "hashes-and-blocks")
        person.go(LESSON)
        quiz = person.page.locator("#exercise-keys-and-certificates")
        quiz.get_by_role("button", name="Check my answer").click()
        person.page.wait_for_load_state()
        assert person.page.locator("#exercise-keys-and-certificates").count() == 1


def test_without_a_wall_programs_wait_and_the_page_says_why(
    tmp_path: Path, browser: Browser
) -> None:
    closed = {"CHAINWRIGHT_BWRAP": "/no/such/bwrap", "GRADING_POLL_SECONDS": "1"}
    with (
        running_site(tmp_path / "site", **closed) as site,
        visitor(browser, site.address) as person,
    ):
        sign_in(person, site)
        enrol(person, "hashes-and-blocks")
        person.go(PROGRAM)
        write(person.page, SOLUTION)
        person.page.get_by_role("button", name="Submit", exact=True).click()
        waiting = person.page.locator("#results")
        expect(waiting).to_contain_text("Grading is paused", timeout=VERDICT_MS)
        picture(person.page, "paused-wide-light-en")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(site.address + "/readyz")
        assert refused.value.code == 503
        assert b"bubblewrap was not found" in refused.value.read()
