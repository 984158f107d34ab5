"""Build a simulated nation in this database, or take it away: for seeing everything at full size.

People have addresses at a domain that does not exist and cannot sign in; organisations say in
their names that they are simulated. The same arguments give the same nation.
"""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.actions.simulation import NotHere
from courses.types import CHINA
from grading.simulation import build_nation, remove_nation


def _evening(text: str) -> datetime.datetime:
    day = datetime.date.fromisoformat(text)
    return datetime.datetime.combine(day, datetime.time(20), tzinfo=CHINA)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learners", type=int, default=10_000, help="people who signed up")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--until", type=_evening, metavar="DATE", help="the day up to which it lives (today)"
        )
        parser.add_argument("--remove", action="store_true", help="take the nation away again")
        parser.add_argument(
            "--yes-this-database",
            action="store_true",
            help="build it beside real people, whose counts then are mixed with simulated ones",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()

        def tell(what: str) -> None:
            if options["verbosity"]:
                self.stdout.write(f"{time.monotonic() - started:6.1f} s  {what}")
                self.stdout.flush()

        if options["remove"]:
            tell(f"{remove_nation()} simulated people taken away")
            return
        if options["learners"] < 1:
            raise CommandError("--learners must be at least 1.")
        until = options["until"] or timezone.now().replace(microsecond=0)
        try:
            built = build_nation(
                learners=options["learners"],
                seed=options["seed"],
                until=until,
                tell=tell,
                beside_real_people=options["yes_this_database"],
            )
        except NotHere as refused:
            raise CommandError(str(refused)) from None
        tell(
            f"{built.organisations} organisations, {built.cohorts} cohorts, {built.people} people, "
            f"{built.places} places kept, {built.enrolments} enrolments, {built.tried} exercises "
            f"tried, {built.standings} standings, {built.qualifications} qualifications"
        )
