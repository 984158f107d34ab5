"""A browser, and one site, as `make run` starts it, for all tests that look at the whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import PATIENCE_MS, chromium
from tests.e2e.site import Site, running_site

# Two workers, a site and a browser share two cores: what is looked for may come late.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for longer: a process has room for one Playwright, and others open theirs."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
