"""The grading worker under Celery. A message only wakes: what there is to do stands in the rows.

Each pool process has one grading thread with one `Grader`. It drains the database when a message
arrives and looks by itself every `GRADING_POLL_SECONDS`, so that grading goes on without Redis.
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection

from grading.grader import Grader

logger = structlog.get_logger(__name__)


class GradingThread(threading.Thread):
    """Owns the `Grader` of this process: a lane lives as long as the thread that opened it."""

    def __init__(self) -> None:
        super().__init__(name="grading", daemon=True)
        self._rung = threading.Event()
        self._idle = threading.Event()
        self._ended = threading.Event()

    def run(self) -> None:
        grader = Grader()
        try:
            while not self._ended.is_set():
                self._drain(grader)
                if not self._rung.is_set():
                    self._idle.set()
                self._rung.wait(settings.GRADING_POLL_SECONDS)
                self._rung.clear()
        finally:
            grader.leave()
            connection.close()

    def _drain(self, grader: Grader) -> None:
        """Grade what waits; a database that fails is asked again at the next look."""
        close_old_connections()
        try:
            grader.drain()
            grader.beat()
        except DatabaseFailure:
            logger.exception("database_failed", worker=grader.worker)
            connection.close()

    def drain(self) -> None:
        """Wake, and return when nothing waits any more: Celery then knows that we were busy."""
        self._idle.clear()
        self._rung.set()
        while self.is_alive() and not self._idle.wait(1.0):
            pass

    def end(self) -> None:
        """Stop after the submission in hand, which keeps its verdict."""
        self._ended.set()
        self._rung.set()
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


@shared_task(name="grading.tasks.drain", ignore_result=True)
def drain() -> None:
    """Grade until nothing waits."""
    if not _threads:
        begin()
    _threads[0].drain()
