"""Count what learners answered, fit models, and compare programs that editors asked about.

`--check` counts everything anew, says what differs, and repairs it.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.analyst import Analyst
from analysis.comparing import compare_waiting
from analysis.fitting import due, fit_course
from analysis.recount import repair
from analysis.remarking import remark
from workers.rounds import make_rounds

LOOK_SECONDS = 5.0
"""Between two looks: six queries when nothing is new."""
FIT_SECONDS = 600.0
MOST_SHOWN = 20

logger = structlog.get_logger(__name__)


def count_new(analyst: Analyst) -> None:
    """Count until nothing is new, then write what follows."""
    while analyst.round():
        pass
    moved, analyst.moved = analyst.moved, set()
    remark(moved)


def fit_due() -> None:
    """Fit the courses whose tallies have moved."""
    for course in due():
        found = fit_course(course)
        logger.info("fitted", course=course.key, learners=found.learners)


class Round:
    """One look: what is new is counted, what editors asked for compared, models fitted at times."""

    def __init__(self) -> None:
        self.analyst = Analyst()
        self.fitted = 0.0

    def __call__(self, _: object) -> None:
        # Until it is done: after a failure the next round reads its place from the database again.
        analyst, self.analyst = self.analyst, Analyst()
        count_new(analyst)
        self.analyst = analyst
        compare_waiting()
        if time.monotonic() - self.fitted > FIT_SECONDS:
            fit_due()
            self.fitted = time.monotonic()


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is new")
        parser.add_argument("--check", action="store_true", help="count everything anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["once"]:
            count_new(Analyst())
            fit_due()
            while compare_waiting():
                pass
        else:
            make_rounds("analyst", Round(), seconds=LOOK_SECONDS)

    def _check(self) -> None:
        count_new(Analyst())
        wrong = repair()
        for one in wrong[:MOST_SHOWN]:
            self.stderr.write(str(one))
        if wrong:
            remark({one.key.version for one in wrong})
            raise CommandError(f"{len(wrong)} sums were wrong and have been repaired")
        self.stdout.write("Every tally equals a full count.")
