"""A worker without a compiler: what needs it stays queued and says why, all else is graded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from accounts.models import User
from chains.chainmaker import toolchains
from courses.models import Course
from courses.publishing.pipeline import load, write
from grading.grader import Grader
from grading.models import GradingRun, Submission, WorkerBeat
from grading.queries import queue_status
from tests.courses.publishing import HERE
from tests.grading.learners import learner_in
from tests.learn.classroom import enrolled, place

pytestmark = pytest.mark.django_db

EXAMPLE = HERE.parent / "exercises" / "contract" / "examples" / "carbon-chainmaker"


@pytest.fixture
def ledger_course(tmp_path: Path) -> Course:
    """The course with a ledger, its contract one for the Chang'An Chain in several languages."""
    folder = tmp_path / "ledger-course"
    shutil.copytree(HERE / "ledger-course", folder, symlinks=True)
    exercise = folder / "01-records" / "carbon-record"
    exercise.unlink()
    exercise.symlink_to(EXAMPLE)
    write(load([folder]))
    return Course.objects.select_related("current").get(key="ledger-course")


@pytest.fixture
def grader() -> Iterator[Grader]:
    opened = Grader()
    yield opened
    opened.leave()


def test_only_what_needs_the_compiler_waits(
    ledger_course: Course,
    small_course: Course,
    alice: User,
    grader: Grader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    toolchains.rust.cache_clear()  # another test may have found it
    monkeypatch.setenv("CHAINWRIGHT_RUSTC", "/no/such/rustc")
    contract = place(enrolled(alice, ledger_course), "contract")
    solution = contract.placement.version.spec["solution"]["rust"]["contract.rs"]
    form = {"language": ["rust"], "file:contract.rs": [solution]}
    waiting = learner_in(ledger_course, alice).submit("carbon-record", form)
    program = learner_in(small_course, alice).submit("build")
    assert grader.drain() is True
    for submission in (waiting, program):
        submission.refresh_from_db()
    assert (waiting.engine, waiting.state, waiting.losses) == ("chainmaker/rust", "queued", 0)
    assert (program.engine, program.state) == ("", "done")
    assert GradingRun.objects.filter(submission=waiting).count() == 0
    assert list(WorkerBeat.objects.get().missing) == ["chainmaker/rust"]
    assert "rustc" in queue_status().engines_missing["chainmaker/rust"]
    assert Submission.objects.filter(state="queued").count() == 1

    monkeypatch.delenv("CHAINWRIGHT_RUSTC")
    grader._missing_until = 0.0  # a minute later
    assert grader.drain() is True
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("done", "passed")
