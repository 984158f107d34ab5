"""The grading worker under Celery. A message only wakes: what there is to do stands in the rows.

Each pool process has one grading thread with one `Grader`, begun after the fork. It looks into
the database when a message arrives and by itself every `GRADING_POLL_SECONDS`, so that grading
goes on when Redis is lost, or was never there.
"""

from __future__ import annotations

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import connection

from grading import bell
from grading.grader import Grader

SLICE_SECONDS = 5.0
"""How long one message may occupy a process: a worker that is asked to end does not wait longer."""


class GradingThread(threading.Thread):
    """Owns the `Grader` of this process: a lane lives as long as the thread that opened it."""

    def __init__(self) -> None:
        super().__init__(name="grading", daemon=True)
        self._changed = threading.Condition()
        self._asked = 0
        self._answered = 0
        self._ended = False

    def run(self) -> None:
        grader = Grader()
        try:
            while not self._ended:
                with self._changed:
                    asked = self._asked
                grader.look(until=lambda: self._ended)
                with self._changed:
                    self._answered = asked
                    self._changed.notify_all()
                    self._changed.wait_for(
                        lambda: self._ended or self._asked > self._answered,
                        settings.GRADING_POLL_SECONDS,
                    )
        finally:
            grader.leave()
            connection.close()

    def wake(self, seconds: float) -> bool:
        """Make it look; True when it has found nothing more within so many seconds."""
        with self._changed:
            self._asked += 1
            asked = self._asked
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._answered >= asked, seconds)

    def end(self) -> None:
        """Stop after the submission in hand, which keeps its verdict."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self.join(timeout=settings.GRADING_LEASE_SECONDS)


_threads: list[GradingThread] = []
"""The one grading thread of this process; empty in processes that do not grade."""


@worker_process_init.connect(dispatch_uid="grading.begin")
def begin(**rest: Any) -> None:
    """A pool process starts to grade, whether or not a message ever comes."""
    thread = GradingThread()
    _threads.append(thread)
    thread.start()


@worker_process_shutdown.connect(dispatch_uid="grading.end")
def end(**rest: Any) -> None:
    """A pool process is asked to end."""
    while _threads:
        _threads.pop().end()


@shared_task(name=bell.TASK, ignore_result=True)
def drain() -> None:
    """Grade what waits, for one slice of time; ring again when more may wait."""
    if not _threads:
        begin()
    if not _threads[0].wake(SLICE_SECONDS):
        bell.ring()
