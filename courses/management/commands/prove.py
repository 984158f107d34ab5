"""`manage.py prove PATH…`: check courses and prove every exercise; write nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from courses.publishing.boxes import open_boxes
from courses.publishing.faults import Refused
from courses.publishing.pipeline import ask_policy, load, prove_all
from courses.publishing.proofs import record_proofs
from courses.publishing.report import refuse, summary


class Command(BaseCommand):
    help = "Check courses and prove every exercise in the real sandbox. Writes nothing."

    # Addresses and templates have no part in this, and checking them takes longer than a course.
    requires_system_checks = (Tags.models,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument(
            "--record", type=Path, metavar="FILE", help="write down what was proved, for --proofs"
        )

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        try:
            loaded = load(paths)
            ask_policy(loaded.courses)
            proofs = prove_all(loaded.exercises(), open_boxes)
        except Refused as refused:
            refuse(self, refused, as_json=options["json"])
        if options["record"]:
            record_proofs(options["record"], loaded.courses)
        if options["json"]:
            self.stdout.write(json.dumps({"proofs": [asdict(proof) for proof in proofs]}))
            return
        if not options["verbosity"]:
            return
        for proof in proofs:
            self.stdout.write(str(proof))
        self.stdout.write(summary(proofs))
