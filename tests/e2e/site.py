"""The site as `make run` starts it, in a directory of its own, and the people whom it makes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dev.services import free_port
from dev.shell import ROOT
from tests.e2e.browser import Visitor

READY = re.compile(r"Chainwright is at (http://\S+)/")
PERSON = re.compile(r"(\S+@example\.org)\s+(\S+)\s*$")
LEARNER = "learner@example.org"
START_SECONDS = 240.0
"""A first start installs, publishes and proves a whole course."""


@dataclass(slots=True)
class Site:
    """A running `make run`."""

    process: subprocess.Popen[str]
    address: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    """E-mail → password, as printed once in the terminal."""
    output: list[str] = field(default_factory=list)
    cookies: list[dict[str, str]] = field(default_factory=list)
    """Of the learner who signed in last."""

    def read(self) -> None:
        """Take in the terminal until it closes; runs in a thread."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if found := PERSON.search(line):
                self.passwords[found[1]] = found[2]
            if found := READY.search(line):
                self.address = found[1]

    def text(self) -> str:
        return "".join(self.output)


def clean_environment(directory: Path, port: int, **more: str) -> dict[str, str]:
    """What a stranger's shell has: none of the services of the test run."""
    hidden = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "CHAINWRIGHT_ENV_FILE"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    own = {"PORT": str(port), "VAR_DIR": str(directory), "PYTHONUNBUFFERED": "1"}
    return {**kept, **own, **more}


@contextmanager
def running_site(directory: Path, **more: str) -> Iterator[Site]:
    """`make run` until the block ends; then Ctrl-C, and it must have stopped everything."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dev.run"],
        cwd=ROOT,
        env=clean_environment(directory, free_port(), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site = Site(process)
    reader = threading.Thread(target=site.read, daemon=True)
    reader.start()
    try:
        deadline = time.monotonic() + START_SECONDS
        while not site.address and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert site.address, site.text()
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            reader.join(10)
            assert process.stdout is not None
            process.stdout.close()


def sign_in(person: Visitor, site: Site) -> None:
    """The learner, by the form."""
    person.go("/accounts/login/")
    person.page.get_by_label("Email").fill(LEARNER)
    person.page.get_by_label("Password").fill(site.passwords[LEARNER])
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    person.page.wait_for_url("**/learn/")
    site.cookies = [
        {"name": cookie["name"], "value": cookie["value"], "url": site.address}
        for cookie in person.page.context.cookies()
    ]


def come_back(person: Visitor, site: Site) -> None:
    """The learner, who signed in before: a password takes its time on purpose."""
    if not site.cookies:
        sign_in(person, site)
        return
    person.page.context.add_cookies(site.cookies)  # type: ignore[arg-type]
    person.go("/learn/")
    assert person.page.url == f"{site.address}/learn/"


def enrol(person: Visitor, course: str) -> None:
    """From the catalogue into the course; a learner who is enrolled already goes on."""
    person.go(f"/courses/{course}/")
    button = person.page.get_by_role("button", name="Enrol")
    if button.count():
        button.first.click()
        person.page.wait_for_load_state()
