"""From the queue to a verdict: claims, leases, fencing, our own failures."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from courses.models import Course, Enrolment, ExerciseVersion
from exercises.types import CheckResult, Outcome, Verdict
from grading import states
from grading.grader import Grader
from grading.models import Body, GradingRun, Submission, WorkerBeat
from grading.queries import queue_status
from grading.recount import differences, repair
from grading.signals import exercise_passed
from tests.grading.learners import GOOD, Learner, learner_in
from tests.people import make_person

pytestmark = pytest.mark.django_db

ENGINE = "test"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def learner(small_course: Course, alice: User) -> Learner:
    return learner_in(small_course, alice)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """One real grader with real boxes for all tests of this module."""
    opened = Grader()
    yield opened
    opened.close()


def hand_in(learner: Learner, program: str | None = None) -> Submission:
    posted = None if program is None else {"file:solution.py": [program]}
    return learner.submit("build", posted)


def test_a_verdict_holds_nothing_that_no_database_does(learner: Learner) -> None:
    hand_in(learner)
    claim = states.claim()
    assert claim is not None
    claim.submission.version = ExerciseVersion.objects.select_related("exercise__course").get(
        pk=claim.submission.version_id
    )
    check = CheckResult("a", Outcome.WRONG, 1.0, 0.0, got="a\0b", message={"en": "\ud800"})
    verdict = Verdict(Outcome.WRONG, 0.0, (check,), output="\0")
    assert states.settle(claim, verdict, engine=ENGINE)
    stored = Body.objects.get().verdict
    assert stored is not None
    assert (stored["checks"][0]["got"], stored["checks"][0]["message"]["en"]) == (
        "a\ufffdb",
        "\ufffd",
    )
    assert stored["output"] == "\ufffd"


def expire(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk).update(
        lease_until=Now() - datetime.timedelta(seconds=1)
    )


def test_a_right_program_passes_in_the_real_sandbox(
    learner: Learner,
    grader: Grader,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[object] = []

    def hear(**news: object) -> None:
        heard.append(news["submission_id"])

    exercise_passed.connect(hear)
    submission = hand_in(learner)
    with django_capture_on_commit_callbacks(execute=True):
        assert grader.drain() is True
    exercise_passed.disconnect(hear)
    submission.refresh_from_db()
    assert (submission.state, submission.outcome, submission.credit) == ("done", "passed", 500)
    assert heard == [submission.pk]
    run = GradingRun.objects.get()
    assert (run.outcome, run.score, run.error) == ("passed", 1.0, "")
    assert run.engine.startswith("bubblewrap, CPython 3.")
    assert Enrolment.objects.get(pk=learner.enrolment.pk).credit == 500
    assert differences() == []


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("def build(words):\n    return None\n", "wrong"),
        ("def build(words:\n", "error"),
        ("while True: pass\n", "time"),
        ("import os\nos._exit(0)\n", "exited"),
    ],
)
def test_a_wrong_program_gets_its_verdict(
    learner: Learner, grader: Grader, program: str, outcome: str
) -> None:
    submission = hand_in(learner, program)
    grader.drain()
    submission.refresh_from_db()
    assert (submission.state, submission.credit) == ("done", 0)
    assert submission.outcome == outcome
    verdict = Body.objects.get(pk=submission.pk).verdict
    assert verdict is not None
    assert verdict["checks"] != []


def test_a_claim_is_held_by_one(learner: Learner) -> None:
    hand_in(learner)
    first = states.claim()
    assert first is not None
    assert states.claim() is None


def test_a_lease_that_ended_goes_to_the_next_and_the_first_is_fenced_off(learner: Learner) -> None:
    submission = hand_in(learner)
    slow = states.claim()
    assert slow is not None
    expire(submission)
    fast = states.claim()
    assert fast is not None
    assert fast.submission.losses == 1
    assert states.settle(fast, Verdict(Outcome.PASSED, 1.0), engine=ENGINE) is True
    assert states.settle(slow, Verdict(Outcome.WRONG, 0.0), engine=ENGINE) is False
    assert states.extend(slow) is False
    assert states.break_off(slow, "late", engine=ENGINE) is False
    submission.refresh_from_db()
    assert (submission.outcome, submission.losses) == ("passed", 1)
    assert GradingRun.objects.count() == 1
    assert learner.progress("build").tries == 1
    assert differences() == []


def test_a_heart_beat_keeps_the_lease(learner: Learner) -> None:
    submission = hand_in(learner)
    claim = states.claim()
    assert claim is not None
    expire(submission)
    assert states.extend(claim) is True
    assert states.claim() is None


def test_our_failure_is_charged_to_nobody(learner: Learner) -> None:
    submission = hand_in(learner, "def build(words):\n    return words\n")
    version = submission.version
    broken = {**version.spec, "checks": "raise RuntimeError('the author erred')\n"}
    ExerciseVersion.objects.filter(pk=version.pk).update(spec=broken)
    grader = Grader()
    grader.drain()
    grader.leave()
    submission.refresh_from_db()
    assert (submission.state, submission.outcome, submission.score) == ("broken", "", None)
    assert learner.progress("build").tries == 0
    run = GradingRun.objects.get()
    assert run.outcome == "broken"
    assert "the author erred" in run.error
    assert differences() == []


def test_what_kills_its_workers_is_quarantined_and_the_try_given_back(
    learner: Learner, settings: Settings
) -> None:
    settings.GRADING_MAX_LOSSES = 3
    submission = hand_in(learner)
    for _ in range(3):
        assert states.claim() is not None
        expire(submission)
    assert states.claim() is None
    submission.refresh_from_db()
    assert (submission.state, submission.losses) == ("quarantined", 3)
    assert learner.progress("build").tries == 0
    assert differences() == []


def test_learners_take_turns(learner: Learner, small_course: Course) -> None:
    hand_in(learner)
    other = learner_in(small_course, make_person("olga"))
    hand_in(other)
    order = []
    while (claim := states.claim()) is not None:
        order.append(claim.submission.progress.enrolment_id)
    assert order == [learner.enrolment.pk, other.enrolment.pk]


def test_without_a_wall_nothing_is_claimed_and_the_reason_is_told(
    learner: Learner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", "/no/such/bwrap")
    settings.SANDBOX_LANES = ["bubblewrap"]
    submission = hand_in(learner)
    closed = Grader()
    assert closed.drain() is False
    submission.refresh_from_db()
    assert (submission.state, submission.losses) == ("queued", 0)
    status = queue_status()
    assert (status.queued, status.workers_alive) == (1, 1)
    assert "bubblewrap was not found" in status.reason_paused
    closed.leave()
    assert WorkerBeat.objects.count() == 0


def test_recount_finds_what_was_planted_and_mends_it(learner: Learner) -> None:
    learner.submit("bits")
    assert differences() == []
    learner.progress("bits")
    Enrolment.objects.filter(pk=learner.enrolment.pk).update(credit=7, exercises_passed=9)
    progress = learner.progress("bits")
    progress.credit, progress.tries = 1, 5
    progress.save(update_fields=["credit", "tries"])
    planted = {one.column for one in differences() if hasattr(one, "column")}
    assert planted == {"credit", "tries", "exercises_passed"}
    assert len(repair()) >= 3
    assert differences() == []
    assert learner.progress("bits").credit == 300


def test_a_waiting_program_posts_nothing_twice(learner: Learner, grader: Grader) -> None:
    hand_in(learner, GOOD[0])
    grader.drain()
    grader.drain()
    assert GradingRun.objects.count() == 1
