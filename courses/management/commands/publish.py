"""`manage.py publish PATH…`: check, prove and write courses and programmes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from courses.actions import qualify_eligible
from courses.publishing.boxes import open_boxes
from courses.publishing.faults import Refused
from courses.publishing.pipeline import publish
from courses.publishing.proofs import read_proofs
from courses.publishing.report import refuse, summary


class Command(BaseCommand):
    help = (
        "Check courses, prove every exercise, and write a release of each course that has changed. "
        "Writes nothing at all when anything is wrong."
    )

    # Addresses and templates have no part in this, and checking them takes longer than a course.
    requires_system_checks = (Tags.models,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument(
            "--proofs",
            type=Path,
            metavar="FILE",
            help="what `prove --record` wrote elsewhere: exercises named there are believed",
        )

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        try:
            published = publish(paths, open_boxes, read_proofs(options["proofs"]))
        except Refused as refused:
            refuse(self, refused, as_json=options["json"])
        qualified = {
            act.key: qualify_eligible(programme_key=act.key)
            for act in published.acts
            if act.subject == "programme"
        }
        if options["json"]:
            told = {
                "proofs": [asdict(proof) for proof in published.proofs],
                "acts": [asdict(act) for act in published.acts],
                "qualified": qualified,
            }
            self.stdout.write(json.dumps(told))
            return
        if not options["verbosity"]:
            return
        if published.proofs:
            self.stdout.write(summary(published.proofs))
        for act in published.acts:
            self.stdout.write(str(act))
        for key, people in qualified.items():
            if people:
                self.stdout.write(f"programme {key}: {people} people qualified by it at once")
