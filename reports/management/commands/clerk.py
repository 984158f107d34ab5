"""Write the reports that people have asked for as files, and remove those that have ended.

It also freezes the public figures of the day, when there are none yet, and sends the reports that
people get by e-mail, when they are due.
"""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseFailure
from django.db import connection
from django.utils import timezone

from reports.exports import write_waiting
from reports.snapshots import freeze_public_figures
from reports.subscriptions_sending import send_due

LOOK_SECONDS = 1.0
"""Nobody rings here: an export waits half of this on average. Five queries each time."""

logger = structlog.get_logger(__name__)


def work() -> None:
    """One round."""
    write_waiting()
    freeze_public_figures(timezone.localdate())
    send_due(timezone.now())


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            work()
            while send_due(timezone.now()):
                pass
            return
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        while not ended.wait(LOOK_SECONDS):
            try:
                work()
            except DatabaseFailure:
                logger.exception("database_failed", worker="clerk")
                connection.close()
