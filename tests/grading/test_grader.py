"""One grader and its surroundings: heart, lanes that die, walls that fall, other graders."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from courses.models import Course
from exercises.types import Verdict
from exercises.verdicts import outcome_of
from grading import states
from grading.grader import Grader, Heart
from grading.models import GradingRun, Submission, WorkerBeat
from grading.recount import differences
from grading.tasks import GradingThread
from tests.courses.publishing import publish_small_course
from tests.grading.learners import Learner, learner_in
from tests.people import make_person

pytestmark = pytest.mark.xdist_group("queue")
"""One Redis for all processes: whoever rings, and whoever counts the rings, run in one of them."""

needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer"
)
SLOW = {"file:solution.py": ["import time\ntime.sleep(1.5)\ndef build(words):\n    return None\n"]}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def learner(small_course: Course, alice: User) -> Learner:
    return learner_in(small_course, alice)


@pytest.fixture
def grader() -> Iterator[Grader]:
    opened = Grader()
    yield opened
    opened.close()


@pytest.mark.django_db
def test_a_lane_that_dies_is_replaced_and_the_program_graded(
    learner: Learner, grader: Grader
) -> None:
    assert grader.prepare()
    assert grader._boxes is not None
    first = grader._boxes
    os.kill(first.lane.server.process_id, signal.SIGKILL)
    submission = learner.submit("build")
    assert grader.drain() is True
    assert grader._boxes is not first
    submission.refresh_from_db()
    assert (submission.state, submission.outcome) == ("done", "passed")
    assert GradingRun.objects.count() == 1


@pytest.mark.django_db
def test_a_wall_that_falls_while_grading_puts_the_program_back(
    learner: Learner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane dies and no other comes up: back into the queue, without a loss, with a reason."""
    grader = Grader()
    assert grader.prepare()
    assert grader._boxes is not None
    submission = learner.submit("build")
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", "/no/such/bwrap")
    os.kill(grader._boxes.lane.server.process_id, signal.SIGKILL)
    assert grader.drain() is False
    submission.refresh_from_db()
    assert (submission.state, submission.losses, submission.lease_token) == ("queued", 0, None)
    assert learner.progress("build").tries == 1
    assert "bubblewrap" in grader.reason
    assert list(WorkerBeat.objects.values_list("lane", "reason")) == [("", grader.reason)]
    assert GradingRun.objects.count() == 0
    grader.leave()


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_one_heart_keeps_each_lease_that_is_shorter_than_its_run(settings: Settings) -> None:
    settings.GRADING_LEASE_SECONDS = 1
    learner = learner_in(publish_small_course(), make_person("alice"))
    heart = Heart(lambda: None)
    for _ in range(2):
        learner.submit("build", SLOW)
        claim = states.claim()
        assert claim is not None
        with heart.keeping(partial(states.extend, claim)):
            time.sleep(1.5)
            assert states.claim() is None
        assert states.settle(claim, Verdict(outcome_of(0.0), 0.0), engine="test") is True


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_grading_thread_looks_by_itself_and_when_it_is_woken(settings: Settings) -> None:
    settings.GRADING_POLL_SECONDS = 1
    learner = learner_in(publish_small_course(), make_person("alice"))
    thread = GradingThread()
    thread.start()
    assert thread.wake(30)
    first = learner.submit("build")
    assert thread.wake(30)
    first.refresh_from_db()
    assert first.state == "done"
    second = learner.submit("build")
    for _ in range(300):
        second.refresh_from_db()
        if second.state == "done":
            break
        time.sleep(0.1)
    assert second.state == "done"
    assert WorkerBeat.objects.count() == 1
    thread.end()
    assert (thread.is_alive(), WorkerBeat.objects.count()) == (False, 0)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_graders_that_disagree_leave_one_grade_each(settings: Settings) -> None:
    """Twelve programs, six graders of random scores, every lease already over when it is given."""
    settings.GRADING_TRIES_PER_MINUTE = 0
    settings.GRADING_LEASE_SECONDS = 0
    settings.GRADING_MAX_LOSSES = 1000
    course = publish_small_course()
    for number in range(12):
        learner_in(course, make_person(f"person{number}")).submit("build")
    won: list[int] = []

    def grade(seed: int) -> None:
        chance = random.Random(seed)
        while Submission.objects.filter(state__in=Submission.IN_FLIGHT).exists():
            if (claim := states.claim()) is None:
                continue
            time.sleep(chance.random() / 50)
            score = chance.random()
            if states.settle(claim, Verdict(outcome_of(score), score), engine=str(seed)):
                won.append(claim.submission.pk)
        connection.close()

    threads = [threading.Thread(target=grade, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Submission.objects.order_by("pk")
    assert sorted(won) == [row.pk for row in rows]
    assert [row.runs.get().score for row in rows] == [row.score for row in rows]
    assert differences() == []
