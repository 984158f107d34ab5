"""Killing real processes: no accepted submission is lost, none is graded twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from celery import Celery

from tests.grading.chaos.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chaos")]

LEARNERS = 12


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    started = Installation(tmp_path_factory.mktemp("chaos"), learners=LEARNERS)
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def site(installation: Installation) -> Iterator[Installation]:
    installation.reset()
    yield installation
    installation.kill_parts()


def submit(site: Installation, first: int, last: int, program: str = "") -> list[str]:
    """What the web accepted: uuids."""
    done = site.act("submit", str(first), str(last), program)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_worker_that_is_killed_in_the_middle(site: Installation) -> None:
    worker = site.start_worker()
    site.start_sweeper()
    accepted = submit(site, 0, 4, "slow")
    site.wait(lambda: site.states().get("running", 0) > 0, "nothing runs")
    worker.signal(signal.SIGKILL)
    site.start_worker()
    accepted += submit(site, 4, LEARNERS)
    site.wait_for_all(len(accepted))
    assert site.count("SELECT max(losses) FROM grading_submission") >= 1
    site.check()


def test_redis_that_is_killed_and_comes_back_empty(site: Installation) -> None:
    accepted = submit(site, 0, 6)
    assert site.redis is not None
    site.redis.signal(signal.SIGKILL)
    site.redis.process.wait()
    accepted += submit(site, 6, LEARNERS)
    site.start_redis()
    site.start_worker()
    site.start_sweeper()
    site.wait_for_all(len(accepted))
    site.check()


def test_redis_that_dies_and_stays_dead_while_a_worker_lives(site: Installation) -> None:
    site.start_worker()
    site.wait_for_all(len(submit(site, 0, 1)))
    assert site.redis is not None
    site.redis.signal(signal.SIGKILL)
    site.redis.process.wait()
    accepted = submit(site, 1, 5)
    site.wait_for_all(1 + len(accepted))
    site.check()


def test_a_worker_that_never_had_a_redis(site: Installation) -> None:
    accepted = submit(site, 0, 2)
    site.start_worker(REDIS_URL="")
    site.wait_for_all(len(accepted))
    accepted += submit(site, 2, 4)
    site.wait_for_all(len(accepted))
    site.check()


def test_a_worker_that_is_asked_to_end_keeps_what_it_has(site: Installation) -> None:
    worker = site.start_worker()
    accepted = submit(site, 0, 3, "slow")
    site.wait(lambda: site.states().get("running", 0) > 0, "nothing runs")
    worker.signal(signal.SIGTERM)
    site.wait(lambda: not worker.alive(), "the worker does not end")
    assert site.states().get("running", 0) == 0
    assert site.count("SELECT count(*) FROM grading_workerbeat") == 0
    site.start_worker()
    site.wait_for_all(len(accepted))
    assert site.count("SELECT max(losses) FROM grading_submission") == 0
    site.check()


def test_a_web_process_that_dies_between_commit_and_message(site: Installation) -> None:
    for number in range(2):
        dead = site.act("submit", str(number), str(number + 1), CHAOS_DIE="commit")
        assert (dead.returncode, dead.stdout) == (9, ""), dead.stderr
    assert site.states() == {"queued": 2}
    # The people send their forms again: the same submissions, none new.
    assert len(submit(site, 0, 2)) == 2
    assert site.states() == {"queued": 2}
    site.start_worker()
    site.wait_for_all(2)
    site.check()


def test_messages_that_are_forged_doubled_or_stale(site: Installation) -> None:
    site.start_worker()
    site.start_sweeper()
    accepted = submit(site, 0, 3)
    forger = Celery(broker=site.env["REDIS_URL"].replace("unix://", "redis+socket://"))
    for number in range(30):
        forger.send_task("grading.tasks.drain", queue="grade")
        forger.send_task("grading.tasks.drain", args=[number, "forged"], queue="grade")
        forger.send_task("no.such.task", queue="grade")
    accepted += submit(site, 3, 6)
    site.wait_for_all(len(accepted))
    site.check()
