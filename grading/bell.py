"""Waking a worker. The row is the job: a ring may be lost, doubled or forged without harm."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.conf import settings
from kombu import Connection

RING_SECONDS = 0.2
"""What a ring may cost a request when the broker does not answer."""
SILENT_SECONDS = 5.0
"""After a ring that failed, so that a dead broker does not cost every request its 0.2 s."""
TASK = "grading.tasks.drain"

logger = structlog.get_logger(__name__)
_silent_until = 0.0
_own = threading.local()
"""A connection for each thread: kombu's may not be shared."""


def ring() -> None:
    """Wake a worker if there is a broker. Never raises, and returns within about `RING_SECONDS`.

    A ring that does not arrive costs only time: workers look by themselves, and the sweeper
    rings again.
    """
    global _silent_until  # noqa: PLW0603  # one broker for a process, whatever the thread
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(
            TASK, queue=settings.CELERY_TASK_DEFAULT_QUEUE, connection=_connection(), retry=False
        )
    except Exception as error:  # noqa: BLE001  # a broker fails in many ways; none is the learner's
        _silent_until = time.monotonic() + SILENT_SECONDS
        _own.connection = None
        logger.warning("bell_not_heard", error=str(error))


def _connection() -> Connection:
    """This thread's own: the workers' one waits patiently, which a request must not."""
    connection: Connection | None = getattr(_own, "connection", None)
    if connection is None:
        options = {
            **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            "socket_timeout": RING_SECONDS,
            "socket_connect_timeout": RING_SECONDS,
            "max_retries": 0,
        }
        connection = current_app.connection_for_write(transport_options=options)
        _own.connection = connection
    return connection
