"""What keeps the queue moving, and the commands of operators."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from courses.models import Course, Enrolment
from grading import bell, limits, states, sweeping
from grading.models import Submission, WorkerBeat
from grading.queries import queue_status
from tests.grading.learners import Learner, learner_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queue")]
"""One Redis for all processes: whoever rings, and whoever counts the rings, run in one of them."""

needs_redis = pytest.mark.skipif(not django_settings.REDIS_URL, reason="REDIS_URL is not set")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def learner(small_course: Course, alice: User) -> Learner:
    return learner_in(small_course, alice)


@pytest.fixture
def broker() -> Any:
    """The queue of messages, empty."""
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    client.delete("grade")
    yield client
    client.delete("grade")
    client.close()


def ago(seconds: int) -> Any:
    return Now() - datetime.timedelta(seconds=seconds)


def alive() -> None:
    WorkerBeat.objects.create(worker="host:1", lane="bubblewrap", seen_at=Now())


@needs_redis
def test_the_bell_rings_once_for_what_was_forgotten(learner: Learner, broker: Any) -> None:
    alive()
    learner.submit("build")
    sweeping.sweep()
    assert broker.llen("grade") == 0
    Submission.objects.update(created_at=ago(3))
    sweeping.sweep()
    assert broker.llen("grade") == 1


@needs_redis
def test_the_bell_rings_for_a_lease_that_ended(learner: Learner, broker: Any) -> None:
    alive()
    learner.submit("build")
    states.claim()
    sweeping.sweep()
    assert broker.llen("grade") == 0
    Submission.objects.update(lease_until=ago(1))
    sweeping.sweep()
    assert broker.llen("grade") == 1


@needs_redis
def test_nobody_is_rung_where_nobody_lives(learner: Learner, broker: Any) -> None:
    learner.submit("build")
    Submission.objects.update(created_at=ago(3))
    sweeping.sweep()
    assert broker.llen("grade") == 0


def test_a_sweeper_quarantines_and_forgets_the_dead(learner: Learner, settings: Settings) -> None:
    settings.GRADING_MAX_LOSSES = 2
    WorkerBeat.objects.create(worker="host:1", seen_at=ago(2 * 24 * 3600))
    submission = learner.submit("build")
    states.claim()
    Submission.objects.update(lease_until=ago(1), losses=1)
    sweeping.sweep()
    submission.refresh_from_db()
    assert (submission.state, submission.losses) == ("quarantined", 2)
    assert learner.progress("build").tries == 0
    assert WorkerBeat.objects.count() == 0


def test_the_reason_is_told_when_no_worker_grades(learner: Learner) -> None:
    learner.submit("build")
    Submission.objects.update(created_at=ago(90))
    WorkerBeat.objects.create(worker="a:1", reason="No wall holds.", seen_at=Now())
    status = queue_status()
    assert (status.queued, status.workers_alive, status.reason_paused) == (1, 1, "No wall holds.")
    assert status.oldest_seconds is not None
    assert status.oldest_seconds >= 90
    alive()
    assert queue_status().reason_paused == ""
    WorkerBeat.objects.update(seen_at=ago(40))
    assert queue_status().workers_alive == 0


def test_one_sweeper_leads() -> None:
    with sweeping.leadership() as first:
        assert first is True
        if connection.vendor == "sqlite":
            with sweeping.leadership() as second:
                assert second is False
    with sweeping.leadership() as again:
        assert again is True


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a lock of PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_a_second_connection_does_not_lead() -> None:
    other = connection.copy()
    try:
        with sweeping.leadership(), other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [sweeping.LOCK])
            assert cursor.fetchone() == (False,)
    finally:
        other.close()


def test_a_dead_broker_is_nobodys_problem(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(bell._own, "connection", None, raising=False)
    monkeypatch.setattr(current_app.conf, "broker_url", settings.REDIS_URL)
    monkeypatch.setattr(current_app.conf, "broker_write_url", settings.REDIS_URL)
    bell.ring()
    assert bell._silent_until > 0
    bell._own.connection = None


def test_a_dead_cache_refuses_nobody(alice: User, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    settings.GRADING_TRIES_PER_MINUTE = 1
    for _ in range(3):
        limits.spend(alice.pk, "try")


def test_recount_tells_and_mends(learner: Learner, capsys: pytest.CaptureFixture[str]) -> None:
    learner.submit("bits")
    call_command("recount", "--check")
    assert capsys.readouterr().out.startswith("0 differences in 1 ")
    Enrolment.objects.update(credit=1)
    with pytest.raises(SystemExit):
        call_command("recount", "--check")
    pk = learner.enrolment.pk
    assert f"enrolment {pk}: credit is 1, counted 300" in capsys.readouterr().out
    call_command("recount", "--repair")
    call_command("recount", "--check")


@pytest.mark.django_db(transaction=True)
def test_drain_grades_what_waits(learner: Learner) -> None:
    submission = learner.submit("build")
    call_command("drain", stdout=StringIO())
    submission.refresh_from_db()
    assert submission.outcome == "passed"
