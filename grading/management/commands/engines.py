"""Try this host's ledger engines: compile, install and call a contract in each language."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chains.engines import open_engines
from chains.types import Health
from sandbox import boxes
from sandbox.types import BoxBroken


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012  # works with no database and no URL

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = health()
        if options["json"]:
            print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        else:
            for row in rows:
                print(line(row))
        if not all(row.available for row in rows):
            sys.exit(1)


def health() -> Sequence[Health]:
    """One row for each engine and language of this host."""
    try:
        opened = boxes.open_boxes(lanes=settings.SANDBOX_LANES)
    except BoxBroken as broken:
        raise CommandError(f"no program may run here: {broken}") from broken
    engines = open_engines(opened)
    try:
        return engines.health()
    finally:
        engines.close()
        opened.close()


def line(row: Health) -> str:
    """The row for people: what it is, whether it works, its versions, and what is to be said."""
    versions = ", ".join(f"{tool} {version}" for tool, version in row.versions.items())
    state = "works" if row.available else "missing"
    said = "; ".join(part for part in (versions, row.reason) if part)
    return f"{row.engine:<11} {row.language or '-':<9} {state:<8} {said}"
