"""Rounds: a process looks for work again and again, and ends when it is asked to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection

logger = structlog.get_logger(__name__)


def make_rounds(
    worker: str,
    work: Callable[[threading.Event], object],
    *,
    seconds: float,
    survives: tuple[type[Exception], ...] = (),
) -> None:
    """Call `work` every so many seconds until SIGINT or SIGTERM.

    It is given the event that is set then, so that long work can end early. A failure of the
    database, or of a kind that it survives, is logged under the worker's name; the next round
    begins with a new connection.
    """
    known: tuple[type[Exception], ...] = (DatabaseFailure, *survives)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(seconds):
        try:
            work(ended)
        except known as failure:
            logger.exception("round_failed", worker=worker, failure=type(failure).__name__)
            connection.close()
