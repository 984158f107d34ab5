"""Read and apply the rosters that organisations have uploaded."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from organisations.rosters.jobs import work
from workers.rounds import make_rounds

LOOK_SECONDS = 1.0
"""Nobody rings here: an upload waits half of this on average. Two queries each time."""


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            work()
            return
        make_rounds("rosters", lambda ended: work(until=ended.is_set), seconds=LOOK_SECONDS)
