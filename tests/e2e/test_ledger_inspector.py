"""The ledger inspector and the playground in a real browser, under the policy of the site.

The pages are the style guide, rendered as the site renders it and served with our static files.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, Route, expect

from chains.types import CallKind
from dev.shell import ROOT
from learn.ledger_playground import Call
from learn.ledger_showcase import RECORD, showcase
from tests.e2e.browser import PHONE, WIDE, chromium, visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("e2e")]

PICTURES = ROOT / "test-results" / "e2e"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
LINE = "#ledger-life-cycle"


class Shelf(SimpleHTTPRequestHandler):
    """Static files, and a page for each language; a form is answered or, elsewhere, refused."""

    pages: ClassVar[dict[str, str]] = {}
    posted: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        if page is not None:
            self._send(200, page)
        else:
            self.path = self.path.removeprefix("/static")
            super().do_GET()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.posted.append(self.rfile.read(length).decode())
        self._send(*((200, answer()) if self.path == "/en" else (500, "broken")))

    def _send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer() -> str:
    """The playground as it comes back: another call was the last."""
    last = replace(showcase()["playground"], call=Call(CallKind.INVOKE, "grid", RECORD, {}))
    return render_to_string("ledger/playground.html", {"playground": last})


def page_in(language: str) -> str:
    """The style guide without its form, in which one field is wrong on purpose."""
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    context = {"ledgers": showcase(), "page": Paginator(range(60), 20).page(2)}
    with translation.override(language):
        return render_to_string("learn/styleguide.html", context, request=request)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    Shelf.pages = {f"/{language}": page_in(language) for language in ("en", "zh-hans")}
    handler = partial(Shelf, directory=str(ROOT / "static"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@contextmanager
def reading(
    browser: Browser, address: str, where: str = "/en", **context: object
) -> Iterator[Page]:
    """A reader who must not see an error, a violation or a request to elsewhere."""
    with visitor(browser, address, **context) as person:
        person.go(where)
        yield person.page
        assert person.faults == []


def shown(page: Page, ledger: str = LINE) -> Locator:
    """The transactions that can be seen."""
    return page.locator(f"{ledger} article:visible")


def current(page: Page) -> Locator:
    return page.locator(f"{LINE} .track [aria-current]")


def expect_shown(page: Page, number: int) -> None:
    expect(shown(page)).to_have_id(f"tx-life-cycle-main-{number}")
    expect(current(page)).to_have_attribute("href", f"#tx-life-cycle-main-{number}")


def test_the_first_failure_is_shown_and_keys_lead_along_the_line(
    browser: Browser, address: str
) -> None:
    with reading(browser, address) as page:
        expect_shown(page, 7)
        current(page).focus()
        for key, number in (
            *(("ArrowRight", 8), ("ArrowLeft", 7), ("ArrowLeft", 6), ("Home", 1)),
            *(("ArrowLeft", 1), ("End", 9), ("ArrowRight", 9), ("ArrowUp", 8)),
        ):
            page.keyboard.press(key)
            expect_shown(page, number)
            expect(current(page)).to_be_focused()
        assert page.url.endswith("#tx-life-cycle-main-8")
        assert page.evaluate("document.querySelectorAll('.track [tabindex=\"0\"]').length") == len(
            page.locator("[data-column]").all()
        )


def test_steps_lead_forward_and_back_and_say_where_one_is(browser: Browser, address: str) -> None:
    with reading(browser, address) as page:
        line = page.locator(LINE)
        forward = line.get_by_role("button", name="One transaction forward")
        back = line.get_by_role("button", name="One transaction back")
        forward.click()
        forward.click()
        expect_shown(page, 9)
        expect(forward).to_have_attribute("aria-disabled", "true")
        expect(line.get_by_role("status")).to_contain_text("9 / 9")
        forward.press("Enter")
        expect_shown(page, 9)
        back.click()
        expect_shown(page, 8)
        expect(line.get_by_role("status")).to_contain_text("freeze plant Refused by the ledger")
        shown(page).focus()
        page.keyboard.press("ArrowLeft")
        expect_shown(page, 7)
        expect(shown(page)).to_be_focused()


def test_only_what_failed(browser: Browser, address: str) -> None:
    with reading(browser, address) as page:
        line = page.locator(LINE)
        page.goto(f"{address}/en#tx-life-cycle-main-2")
        expect_shown(page, 2)
        line.get_by_label("Only what failed").check()
        expect(line.locator(".track li:visible .track-number")).to_have_text(["4*", "7", "8", "9*"])
        expect_shown(page, 4)
        line.get_by_role("button", name="One transaction forward").click()
        expect_shown(page, 7)
        line.get_by_role("link", name="6", exact=True).click()
        expect_shown(page, 6)
        expect(line.get_by_label("Only what failed")).not_to_be_checked()


def test_a_check_leads_to_its_transaction_and_back(browser: Browser, address: str) -> None:
    with reading(browser, address) as page:
        check = page.locator("#check-total-kept")
        check.get_by_role("link", name="transaction 9").click()
        expect_shown(page, 9)
        expect(shown(page)).to_be_focused()
        expect(shown(page)).to_be_in_viewport()
        shown(page).get_by_role("link", name="The total stays as it was").click()
        expect(check).to_be_in_viewport()
        assert page.url.endswith("#check-total-kept")


def test_an_address_names_a_transaction_even_in_a_folded_scenario(
    browser: Browser, address: str
) -> None:
    with reading(browser, address, "/en#tx-between-main-5") as page:
        expect(shown(page, "#ledger-between")).to_have_id("tx-between-main-5")
        expect(shown(page, "#ledger-between")).to_be_in_viewport()


def test_without_javascript_links_choose(browser: Browser, address: str) -> None:
    with reading(browser, address, java_script_enabled=False) as page:
        expect(shown(page)).to_have_id("tx-life-cycle-main-7")
        page.locator(f"{LINE} .track a").nth(3).click()
        expect(shown(page)).to_have_id("tx-life-cycle-main-4")
        expect(shown(page)).to_contain_text("transmission is recorded by grid.example")
        expect(page.locator(f"{LINE} [data-bar]")).to_be_hidden()
        page.locator(f"{LINE} [data-only]").check()
        expect(page.locator(f"{LINE} .track li:visible")).to_have_count(4)
        # All methods have their fields, since nothing can hide some.
        expect(page.locator("#playground .playground-args:visible")).to_have_count(2)


def test_a_finger_chooses(browser: Browser, address: str) -> None:
    with reading(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        page.locator(f"{LINE} .track a").nth(1).tap()
        expect_shown(page, 2)
        for link in page.locator(f"{LINE} .track a").all():
            box = link.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
        page.locator("#ledger-transfer .track").last.locator("a").nth(2).tap()
        expect(shown(page, "#ledger-transfer").last).to_have_id("tx-transfer-harbour-3")
        expect(shown(page, "#ledger-transfer").first).to_have_id("tx-transfer-inland-5")


def test_a_digest_is_shown_whole_and_copied(browser: Browser, address: str) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with reading(browser, address, permissions=permissions) as page:
        digest = shown(page).locator(".tx-hashes [data-hash]:visible").first
        narrow = digest.bounding_box()
        digest.focus()
        wide = digest.bounding_box()
        assert narrow is not None
        assert wide is not None
        assert wide["width"] > 2 * narrow["width"]
        button = shown(page).locator(".hash-copy:visible").first
        button.click()
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == digest.text_content()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_sample_fits_and_is_accessible(
    browser: Browser, address: str, size: dict[str, int], theme: str, language: str
) -> None:
    with reading(browser, address, f"/{language}", viewport=size, color_scheme=theme) as page:
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run('#main').then((result) => result.violations)")
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert serious == []
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = f"ledger-{size['width']}-{theme}-{language}.png"
        page.locator(LINE).screenshot(path=PICTURES / name)


@pytest.mark.parametrize("javascript", [True, False])
def test_on_paper_every_transaction_is_there(
    browser: Browser, address: str, *, javascript: bool
) -> None:
    with reading(browser, address, java_script_enabled=javascript) as page:
        page.emulate_media(media="print")
        expect(shown(page)).to_have_count(9)
        expect(page.locator(f"{LINE} .ledger-table table").first).to_be_visible()
        expect(page.locator(f"{LINE} .track")).to_be_hidden()
        expect(page.locator(f"{LINE} .ledger-tools")).to_be_hidden()
        expect(page.locator("#ledger-between article:visible")).to_have_count(8)
        digest = shown(page).first.locator(".tx-hashes [data-hash]:visible").first
        assert digest.evaluate("(part) => getComputedStyle(part).maxWidth") == "none"


def test_the_playground_sends_only_the_chosen_method(browser: Browser, address: str) -> None:
    with reading(browser, address) as page:
        form = page.locator("#playground form")
        method = form.get_by_label("Method")
        expect(form.locator(".playground-args:visible legend")).to_have_text("Arguments of total")
        method.select_option("main/carbon/record")
        expect(form.locator(".playground-args:visible legend")).to_have_text("Arguments of record")
        form.get_by_label("stage").fill("generation")
        Shelf.posted.clear()
        form.get_by_role("button", name="Query").click()
        expect(page.locator("#playground-last")).to_contain_text("total")
        expect(form.get_by_label("stage")).to_have_value("generation")
        expect(form.get_by_role("button", name="Query")).to_be_focused()
        expect(form.get_by_role("button", name="Query")).to_have_accessible_description(
            "total Done 14"
        )
        expect(shown(page, "#ledger-playground")).to_have_id("tx-playground-main-9")
        page.locator("#ledger-playground .track a").first.click()
        expect(shown(page, "#ledger-playground")).to_have_id("tx-playground-main-1")
    (sent,) = Shelf.posted
    assert "kind=query" in sent
    assert "arg%3Amain%2Fcarbon%2Frecord%3Astage=generation" in sent
    assert "total%3Aasset" not in sent
    assert sent.count("identity=") == 1


def test_the_playground_says_when_nobody_answers(browser: Browser, address: str) -> None:
    with visitor(browser, address) as person:
        person.go("/zh-hans")
        form = person.page.locator("#playground form")
        form.get_by_role("button", name="调用").click()
        expect(form.get_by_role("alert")).to_contain_text("无法连接服务器")
        expect(form.get_by_role("button", name="调用")).to_be_enabled()
        assert [fault for fault in person.faults if "500" not in fault] == []


def test_the_playground_says_that_it_runs(browser: Browser, address: str) -> None:
    with reading(browser, address) as page:
        held: list[Route] = []
        # A lambda: Playwright marks the function that it is given.
        page.route("**/en", lambda route: held.append(route))  # noqa: PLW0108
        form = page.locator("#playground form")
        form.get_by_role("button", name="Call").click()
        expect(form.get_by_text("Running on the ledger…")).to_be_visible()
        expect(form.get_by_role("button", name="Query")).to_be_disabled()
        held[0].continue_()
        expect(page.locator("#playground-last")).to_contain_text("total")
        expect(form.get_by_text("Running on the ledger…")).to_be_hidden()
