"""`manage.py mutants PATH…`: small mistakes in each solution; which ones pass?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from courses.publishing.boxes import open_boxes
from courses.publishing.faults import Refused
from courses.publishing.mutants import mutation_reports
from courses.publishing.pipeline import load
from courses.publishing.report import refuse

LEAST = 85.0
"""Percent of the mutants that the checks of an exercise should notice."""


class Command(BaseCommand):
    help = "Make small mistakes in solutions of programs and contracts; tell what no check notices."
    requires_system_checks = (Tags.models,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--least", type=float, default=LEAST, metavar="PERCENT", help="below it: exit 1"
        )

    def handle(self, *, paths: list[Path], least: float, **options: Any) -> None:
        few = []
        try:
            for report in mutation_reports(load(paths).exercises(), open_boxes):
                self.stdout.write(str(report))
                for mutant in report.survivors:
                    self.stdout.write(f"  not noticed: {mutant}")
                self.stdout.flush()
                if report.percent < least:
                    few.append(f"{report.exercise} ({report.language})")
        except Refused as refused:
            refuse(self, refused, as_json=False)
        if few:
            raise CommandError(f"Fewer than {least:g} % are noticed in: {', '.join(few)}.")
