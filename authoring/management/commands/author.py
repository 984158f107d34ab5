"""Try what authors want tried of their drafts: solutions, wrong answers, mutants, whole courses."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseFailure
from django.db import connection

from authoring.trial_jobs import work

LOOK_SECONDS = 1.0
"""Nobody rings here: a trial waits half of this on average. Two queries each time."""

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{work()} trials")
            return
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        while not ended.wait(LOOK_SECONDS):
            try:
                work(until=ended.is_set)
            except DatabaseFailure:
                logger.exception("database_failed", worker="author")
                connection.close()
