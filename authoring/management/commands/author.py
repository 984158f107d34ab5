"""Try what authors want tried of their drafts: solutions, wrong answers, mutants, whole courses."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from authoring.trial_jobs import work
from workers.rounds import make_rounds

LOOK_SECONDS = 1.0
"""Nobody rings here: a trial waits half of this on average. Two queries each time."""


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{work()} trials")
            return
        make_rounds("author", lambda ended: work(until=ended.is_set), seconds=LOOK_SECONDS)
