"""Try this host's boxes and jails: their canaries, then every program of the attack suites."""

from __future__ import annotations

import sys
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sandbox import check, jail_check

FORGED = "it was called right"
"""The failure of an attack that got itself judged right; the others got out or used things up."""


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012  # works with no database and no URL

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        attacks = breaches = forged = 0
        usable = set()
        for row in chain(check.report(settings.SANDBOX_LANES), jail_check.report()):
            print(
                f"{row.lane:<11} {row.failure or 'held':<40.160} {row.seconds:5.2f} s  {row.name}"
            )
            if row.name == "start":
                usable |= set() if row.failure else {row.lane}
                continue
            usable.add(row.lane)
            attacks += row.name != "canaries"
            forged += row.failure == FORGED
            breaches += bool(row.failure) and row.failure != FORGED
        print(f"lanes that hold: {', '.join(sorted(usable)) or 'none'}")
        print(f"{attacks} attacks, {breaches} breaches, {forged} forged verdicts")
        if breaches or forged or not usable:
            sys.exit(1)
