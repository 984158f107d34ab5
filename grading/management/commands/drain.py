"""Grade what waits in the database, without Celery."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grading.grader import Grader

LOOK_SECONDS = 0.5
"""Nobody rings here, so a verdict waits half of this on average. One query each time."""


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="until nothing waits (default)")
        how.add_argument("--forever", action="store_true", help="look again and again")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        grader = Grader()
        try:
            grader.look(until=ended.is_set)
            while options["forever"] and not ended.wait(LOOK_SECONDS):
                grader.look(until=ended.is_set)
        finally:
            grader.leave()
