"""Many people do many things to the same rows at once while workers die: everything adds up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dev.shell import ROOT
from tests.grading.chaos.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chaos")]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    started = Installation(tmp_path_factory.mktemp("load"), learners=10)
    try:
        yield started
    finally:
        started.stop()


def begin(site: Installation, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.grading.chaos.acts", "mixed", str(seed)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **site.env}, stderr=subprocess.PIPE, text=True
    )


def test_everything_that_is_counted_adds_up_after_a_mixed_load(site: Installation) -> None:
    assert site.act("gather").returncode == 0
    worker = site.start_worker()
    site.start_sweeper()
    crowds = [begin(site, seed) for seed in range(3)]
    site.wait(lambda: site.states().get("done", 0) > 2, "nothing is graded")
    worker.signal(signal.SIGKILL)
    site.start_worker()
    for crowd in crowds:
        _, told = crowd.communicate(timeout=60)
        assert crowd.returncode == 0, told
    site.wait(lambda: not {"queued", "running"} & set(site.states()), "something is never graded")
    assert site.count("SELECT count(*) FROM courses_standing WHERE stage >= 4") > 5
    site.manage("recount", "--check")
