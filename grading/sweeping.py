"""What keeps the queue moving when a message or a worker is lost."""

from __future__ import annotations

import datetime
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from grading import bell, states
from grading.models import Submission, WorkerBeat
from grading.queries import queue_status

FORGOTTEN = datetime.timedelta(seconds=2)
"""A submission that waits for longer was not heard of: the bell rings again."""
ALARM_SECONDS = 60.0
LOCK = 0x43574C44
"""Number of the advisory lock: only one sweeper of an installation sweeps."""
DAY = datetime.timedelta(days=1)

logger = structlog.get_logger(__name__)


def sweep() -> None:
    """One round: quarantine, ring for what waits, raise the alarm when nobody grades.

    Rings only while a worker lives to hear it: messages must not pile up in the broker, and a
    worker that starts looks by itself.
    """
    states.quarantine_lost()
    status = queue_status()
    # Uses index: submission_queue.
    waiting = Submission.objects.filter(state__in=Submission.IN_FLIGHT)
    forgotten = Q(state=Submission.State.QUEUED, created_at__lt=Now() - FORGOTTEN)
    is_forgotten = waiting.filter(forgotten | Q(lease_until__lt=Now())).exists()
    if is_forgotten and status.workers_alive:
        bell.ring()
    if status.oldest_seconds is not None and status.oldest_seconds > ALARM_SECONDS:
        logger.error(
            "queue_stands_still",
            queued=status.queued,
            oldest_seconds=round(status.oldest_seconds),
            reason=status.reason_paused,
        )
    WorkerBeat.objects.filter(seen_at__lt=Now() - DAY).delete()


@contextmanager
def leadership() -> Iterator[bool]:
    """Whether this process is the sweeper until the block ends; others wait for their turn.

    PostgreSQL gives the lock back when the connection ends, the kernel when the process does.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            (is_leader,) = cursor.fetchone()
        try:
            yield is_leader
        finally:
            if is_leader:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "sweeper.lock").open("w") as file:
        yield _locked(file)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
