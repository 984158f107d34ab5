"""Contracts in every language, from the browser to the ledger and back.

The site is the one of `make run`; compilers, the Chang'An Chain host and the EVM are the real ones.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.shell import ROOT
from tests.e2e.browser import PHONE, picture, visitor
from tests.e2e.site import Site, come_back, enrol

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("e2e")]

KEY = "contracts-that-keep-records"
COURSE = ROOT / "curricula" / "courses" / KEY
VERDICT_MS = 90_000
"""A cold compiler, and everything else that the tests do at the same time."""

EXERCISES = {
    "carbon-go": ("03-a-record-of-carbon", "carbon-record", "go"),
    "carbon-rust": ("03-a-record-of-carbon", "carbon-record", "rust"),
    "carbon-c": ("03-a-record-of-carbon", "carbon-record", "c"),
    "medical-go": ("04-sharing-without-showing", "medical-sharing", "go"),
    "receipt": ("05-a-receipt-without-coin", "supply-receipt", "solidity"),
    "receipt-changan": ("05-a-receipt-without-coin", "supply-receipt-without-coin", "solidity"),
    "transfer-go": ("06-between-two-ledgers", "two-ledger-transfer", "go"),
}
SUFFIXES = {"go": "go", "rust": "rs", "c": "c", "solidity": "sol"}


def address(lesson: str, exercise: str) -> str:
    return f"/learn/{KEY}/{lesson.partition('-')[2]}/{exercise}/"


def put(page: Page, file: str, text: str) -> None:
    """Text into the editor of a file, as *Back to the starter* puts it."""
    page.locator(f'cw-editor[data-file="{file}"]').evaluate("(it, text) => (it.value = text)", text)


def write(page: Page, lesson: str, exercise: str, language: str, version: str) -> None:
    """One version of the contract, and of the relay where there is one, into the editor."""
    folder = COURSE / lesson / exercise
    suffix = SUFFIXES[language]
    choice = page.locator("#language")
    if choice.count():
        choice.select_option(language)
    several = folder / f"{version}-{language}"
    if several.is_dir():
        for file in sorted(several.iterdir()):
            put(page, file.name, file.read_text("utf-8"))
    else:
        put(page, f"contract.{suffix}", (folder / f"{version}.{suffix}").read_text("utf-8"))
    relay = folder / f"{version}.relay.py"
    if relay.exists():
        put(page, "relay.py", relay.read_text("utf-8"))


def send(page: Page, button: str) -> None:
    """Hand in or run, and see what stood there before go: a verdict may come within a blink."""
    page.locator("#results > *").first.evaluate("(it) => it.setAttribute('data-before', '')")
    page.locator(button).click()
    # SQLite lets one write at a time: what counts and compares may be before it.
    expect(page.locator("#results > [data-before]")).to_have_count(0, timeout=VERDICT_MS)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_judged_by_its_ledger(site: Site, browser: Browser, name: str) -> None:
    lesson, exercise, language = EXERCISES[name]
    with visitor(browser, site.address) as person:
        page = person.page
        come_back(person, site)
        enrol(person, KEY)
        person.go(address(lesson, exercise))
        write(page, lesson, exercise, language, "solution")
        send(page, "#submit-button")
        verdict = page.locator("#results .verdict")
        expect(verdict).to_have_class("verdict verdict-passed", timeout=VERDICT_MS)
        expect(verdict.locator(".ledger-column").first).to_be_attached()
        expect(verdict.locator("#profiles")).to_have_count(int(language == "solidity"))
        picture(page, f"contract-{name}-wide-light-en")
        assert person.faults == []


@pytest.mark.parametrize(
    ("look", "language"),
    [
        ({"color_scheme": "light"}, "en"),
        ({"color_scheme": "dark"}, "zh-hans"),
        ({"color_scheme": "light", "viewport": PHONE}, "zh-hans"),
        ({"color_scheme": "dark", "viewport": PHONE}, "en"),
    ],
    ids=["wide-light-en", "wide-dark-zh-hans", "phone-light-zh-hans", "phone-dark-en"],
)
def test_a_lost_point_leads_to_its_transaction(
    site: Site, browser: Browser, look: dict[str, object], language: str
) -> None:
    lesson, exercise, code = EXERCISES["carbon-go"]
    with visitor(browser, site.address, **look) as person:
        page = person.page
        come_back(person, site)
        enrol(person, KEY)
        cookie = {"name": "django_language", "value": language, "url": site.address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        person.go(address(lesson, exercise))
        write(page, lesson, exercise, code, "starter")
        send(page, "#run-button")
        link = page.locator('#results a[href^="#tx-"]').first
        expect(link).to_be_attached(timeout=VERDICT_MS)
        fragment = link.get_attribute("href")
        link.click()
        expect(page.locator(fragment or "")).to_be_visible()
        widest = page.evaluate("document.documentElement.scrollWidth")
        assert widest <= page.viewport_size["width"]  # type: ignore[index]
        width = "phone" if "viewport" in look else "wide"
        picture(page, f"ledger-of-carbon-{width}-{look['color_scheme']}-{language}", whole=False)
        assert person.faults == []


def test_a_contract_is_called_by_hand(site: Site, browser: Browser) -> None:
    lesson, exercise, language = EXERCISES["carbon-go"]
    with visitor(browser, site.address) as person:
        page = person.page
        come_back(person, site)
        enrol(person, KEY)
        person.go(address(lesson, exercise))
        write(page, lesson, exercise, language, "solution")
        page.locator(".try-by-hand summary").click()
        page.get_by_role("button", name="Open the playground").or_(
            page.get_by_role("link", name="Open the playground")
        ).click()
        page.get_by_role("button", name="Call", exact=True).click()
        argument = page.locator("#playground .playground-arg:visible input").first
        argument.fill("typed while it runs")
        expect(page.locator("#playground .ledger-column")).to_be_visible(timeout=VERDICT_MS)
        expect(argument).to_have_value("typed while it runs")
        expect(page.locator("#playground-last")).to_be_visible()
        page.get_by_role("button", name="Query", exact=True).click()
        expect(page.locator("#tx-main-3")).to_be_attached(timeout=VERDICT_MS)
        picture(page, "playground-wide-light-en")
        assert person.faults == []
