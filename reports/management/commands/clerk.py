"""Write the reports that people have asked for as files, and remove those that have ended.

It also freezes the public figures of the day, when there are none yet, and sends the reports that
people get by e-mail, when they are due.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reports.exports import write_waiting
from reports.snapshots import freeze_public_figures
from reports.subscriptions_sending import send_due
from workers.rounds import make_rounds

LOOK_SECONDS = 1.0
"""Nobody rings here: an export waits half of this on average. Five queries each time."""


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
        make_rounds("clerk", lambda _: work(), seconds=LOOK_SECONDS)
