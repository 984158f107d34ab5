"""Write standings, enrolments and tallies as Parquet, without names, for DuckDB or Spark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.warehouse.export import Unusable, export

SHORTEST_KEY = 32


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR", help="new, or not finished")
        parser.add_argument(
            "--key-file",
            type=Path,
            required=True,
            help="the key of the pseudonyms, at least 32 signs: openssl rand -hex 32 > FILE",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = options["key_file"].read_bytes().strip()
        if len(key) < SHORTEST_KEY:
            raise CommandError(f"The key has {len(key)} signs; it must have {SHORTEST_KEY}.")
        before = os.umask(0o077)
        try:
            manifest = export(options["directory"], key, self.stdout.write)
        except Unusable as error:
            raise CommandError(str(error)) from error
        finally:
            os.umask(before)
        rows = sum(file.rows for file in manifest.files)
        self.stdout.write(f"{len(manifest.files)} files, {rows:,} rows")
