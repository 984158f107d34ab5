"""Try this host's sandbox: its canaries, then every program of the attack suite."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sandbox import check
from sandbox.attacks import forge

FORGERIES = frozenset(attack.name for attack in forge.ATTACKS)
"""Attacks that try to be judged right; the others try to get out or to use everything up."""


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012  # works with no database and no URL

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        attacks = breaches = forged = 0
        usable = set()
        for row in check.report(settings.SANDBOX_LANES):
            print(
                f"{row.lane:<11} {row.failure or 'held':<40.160} {row.seconds:5.2f} s  {row.name}"
            )
            if row.name == "start":
                usable |= set() if row.failure else {row.lane}
                continue
            attacks += row.name != "canaries"
            forged += bool(row.failure) and row.name in FORGERIES
            breaches += bool(row.failure) and row.name not in FORGERIES
        print(f"lanes that hold: {', '.join(sorted(usable)) or 'none'}")
        print(f"{attacks} attacks, {breaches} breaches, {forged} forged verdicts")
        if breaches or forged or not usable:
            sys.exit(1)
