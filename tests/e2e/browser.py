"""A real Chromium, and what every page must keep: no error, no violation, nothing from outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from dev.shell import ROOT

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = ROOT / "test-results" / "e2e"
PATIENCE_MS = 15_000
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """A screenshot in test-results/e2e/: of the whole page, or of what is in the window now."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(slots=True)
class Visitor:
    """One person's window. `faults` collects what must not happen on any page."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        # Lambdas: Playwright marks an object whose method it is given, and slots take no mark.
        self.page.on("console", lambda message: self._console(message))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", lambda request: self._request(request))  # noqa: PLW0108

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and not request.url.startswith(self.address):
            self.faults.append(f"outside: {request.url}")

    def go(self, path: str) -> None:
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == 200, f"{path} answered {response.status}"


@contextmanager
def visitor(browser: Browser, address: str, **context: object) -> Iterator[Visitor]:
    """A fresh window without cookies."""
    opened: BrowserContext = browser.new_context(**{"viewport": WIDE, **context})  # type: ignore[arg-type]
    opened.set_default_timeout(PATIENCE_MS)
    person = Visitor(opened.new_page(), address)
    person.watch()
    yield person
    opened.close()
