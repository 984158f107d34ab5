"""The interactive figures, in a real browser under the Content-Security-Policy of the site."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from courses.figures import FIGURES
from tests.e2e.browser import PHONE, Visitor, chromium, visitor

STATIC = Path(__file__).parents[2] / "static"
STYLES = ("tokens", "base", "layout", "components", "prose", "figures")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="{language}" data-theme="{theme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Figure</title>
<link rel="icon" href="data:,">
{styles}<main class="frame page"><div class="page-main prose"><p>Before.</p>
<cw-{name} class="interactive-figure"{data}><p>What it shows.</p></cw-{name}><p>After.</p>
</div></main>
<script type="module" src="/js/figures/{name}.js"></script></html>"""


class Shelf(SimpleHTTPRequestHandler):
    """Our static files, and a page for each figure: /LANGUAGE/THEME/NAME?PARAMETER=VALUE."""

    def do_GET(self) -> None:
        match = re.fullmatch(r"/([\w-]+)/(light|dark)/([\w-]+)(?:\?(\w+)=(\d+))?", self.path)
        if not match:
            super().do_GET()
            return
        language, theme, name, parameter, value = match.groups()
        body = PAGE.format(
            language=language,
            theme=theme,
            name=name,
            styles="".join(f'<link rel="stylesheet" href="/css/{style}.css">' for style in STYLES),
            data=f' data-{parameter}="{value}"' if parameter else "",
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def shelf() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shelf, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with shelf() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    """A reader who must not see an error, a violation or a request to elsewhere."""
    with visitor(browser, address) as person:
        yield person
        assert person.faults == []


def verdict(page: Page) -> Locator:
    return page.locator(".figure-verdict")


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_reads_its_parameters(name: str) -> None:
    script = (STATIC / f"js/figures/{name}.js").read_text("utf-8")
    read = re.findall(r"this\.number\(\"(\w+)\"", script) + re.findall(r"dataset\.(\w+)", script)
    assert set(read) == FIGURES[name]


@pytest.mark.slow
def test_a_chain_breaks_where_it_is_changed_and_gets_another_head(reader: Visitor) -> None:
    reader.go("/en/light/tamper-chain?blocks=4")
    page = reader.page
    entries = page.locator(".chain > li")
    heads = page.locator(".chain-heads dd")
    old = "5b312ad753c06e31cb5a813539397eb3a989655fc724d3332cef8acc9ac1687d"
    whole, broken = re.compile("^(?!.*is-broken)"), re.compile("is-broken")
    expect(heads).to_have_text([old, old])
    expect(verdict(page)).to_have_class("figure-verdict is-good")

    page.get_by_label("Record of entry 3").fill("15:10 box V-118 5.8 C truck 7")
    expect(entries).to_have_class([whole, whole, whole, broken])
    expect(entries.nth(2)).to_contain_text("7b01256a")
    expect(entries.nth(3)).to_contain_text("✕")
    expect(verdict(page)).to_have_text("One link is broken.")

    page.get_by_role("button", name="Mend the links").click()
    expect(entries).to_have_class([whole] * 4)
    expect(heads).to_have_text([re.compile("^c71917d0"), old])
    expect(verdict(page)).to_have_class("figure-verdict is-bad")

    page.get_by_role("button", name="Start again").click()
    expect(heads).to_have_text([old, old])
    expect(verdict(page)).to_have_class("figure-verdict is-good")


@pytest.mark.slow
def test_a_proof_with_a_flipped_partner_is_refused(reader: Visitor) -> None:
    reader.go("/en/light/merkle-proof?leaves=5")
    page = reader.page
    digests = page.locator("tbody td:last-child")
    page.get_by_label("C", exact=True).check()
    expect(digests).to_have_text(["b563a5e6", "d62c77ef", "5c8dc617", "2bdbcd79"])
    expect(verdict(page)).to_have_class("figure-verdict is-good")

    page.get_by_role("button", name="Flip a bit of AB").press("Enter")
    expect(digests.nth(1)).to_have_text("d62c77ef")
    expect(digests.nth(3)).not_to_have_text("2bdbcd79")
    expect(verdict(page)).to_have_class("figure-verdict is-bad")
    undo = page.get_by_role("button", name="Restore AB")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(digests.nth(3)).to_have_text("2bdbcd79")
    expect(verdict(page)).to_have_class("figure-verdict is-good")

    page.get_by_label("What is claimed to be this record").fill("c")
    expect(verdict(page)).to_have_class("figure-verdict is-bad")


@pytest.mark.slow
def test_digests_are_those_of_sha256_and_their_bits_are_counted(reader: Visitor) -> None:
    reader.go("/en/light/hash-explorer")
    page = reader.page
    long = "记录" * 40  # more than one block of 64 bytes
    for label, words in (("First text", ""), ("Second text", long)):
        page.get_by_label(label).fill(words)
    both = [hashlib.sha256(words.encode()).hexdigest() for words in ("", long)]
    differing = (int(both[0], 16) ^ int(both[1], 16)).bit_count()
    expect(page.locator(".figure-digest")).to_have_text(both)
    expect(page.locator(".bit-changed")).to_have_count(differing)
    expect(verdict(page)).to_contain_text(f"{differing} of 256 bits differ")


@pytest.mark.slow
def test_padding_is_right_around_the_end_of_a_block(reader: Visitor) -> None:
    reader.go("/en/light/hash-explorer")
    field = reader.page.get_by_label("First text")
    for length in (55, 56, 63, 64, 119, 120):
        field.fill("a" * length)
        expected = hashlib.sha256(b"a" * length).hexdigest()
        expect(reader.page.locator(".figure-digest").first).to_have_text(expected)


@pytest.mark.slow
def test_a_number_is_found_by_its_digest_but_not_behind_a_salt(reader: Visitor) -> None:
    reader.go("/en/light/small-domain?digits=3")
    page = reader.page
    page.get_by_role("textbox").fill("407")
    search = page.get_by_role("button")
    search.click()
    expect(verdict(page)).to_contain_text("407")
    expect(verdict(page)).to_have_class("figure-verdict is-bad")
    page.get_by_role("checkbox").check()
    search.click()
    expect(verdict(page)).to_contain_text("1,000")
    expect(verdict(page)).to_have_class("figure-verdict is-good")


@pytest.mark.slow
def test_half_a_chance_comes_at_the_number_of_the_lesson(reader: Visitor) -> None:
    reader.go("/en/light/birthday?bits=32")
    expect(reader.page.locator(".figure-note")).to_contain_text("77,1")
    expect(reader.page.locator(".plot-curve")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_figures_fit_a_phone_and_keep_the_words(
    browser: Browser, address: str, language: str
) -> None:
    with visitor(browser, address, viewport=PHONE | {"width": 360}) as person:
        for name in sorted(FIGURES):
            person.go(f"/{language}/dark/{name}")
            figure = person.page.locator(".interactive-figure")
            expect(figure).to_contain_text("What it shows.")
            expect(verdict(person.page)).to_be_attached()
            assert person.page.evaluate("document.documentElement.scrollWidth") == 360
            chinese = re.search("[一-鿿]", figure.inner_text()) is not None
            assert chinese == (language == "zh-hans")
        assert person.faults == []
