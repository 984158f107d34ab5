"""Grade what waits in the database, without Celery."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from grading.grader import Grader


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="look again every few seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        grader = Grader()
        try:
            grader.drain()
            while options["forever"] and not ended.wait(settings.GRADING_POLL_SECONDS):
                grader.drain()
                grader.beat()
        finally:
            grader.leave()
