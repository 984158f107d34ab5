"""Prove that everything that moves by difference equals a full count, or mend it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import Enrolment, Tally
from grading.models import Progress, Submission
from grading.recount import differences, people_differences, repair


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="only say what differs")
        what.add_argument("--repair", action="store_true", help="set it to what is counted")
        parser.add_argument(
            "--people",
            action="store_true",
            help="with --check: only what counts people, and not their tries",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"] and options["people"]:
            raise CommandError("--people goes with --check; --repair mends everything.")
        check = people_differences if options["people"] else differences
        wrong = repair() if options["repair"] else check()
        for one in wrong:
            print(one)
        counts = ", ".join(
            f"{model.objects.count()} {model._meta.verbose_name_plural}"  # noqa: SLF001
            for model in (Submission, Progress, Enrolment, Tally)
        )
        if options["repair"]:
            print(f"{len(wrong)} differences repaired in {counts}")
            return
        print(f"{len(wrong)} differences in {counts}")
        if wrong:
            sys.exit(1)
