"""Send the letters that wait: invitations, announcements and the centre's decisions."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from organisations.letters import deliver_waiting
from workers.rounds import make_rounds

LOOK_SECONDS = 2.0


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{deliver_waiting()} letters")
            return
        make_rounds(
            "postman",
            lambda _: deliver_waiting(),
            seconds=LOOK_SECONDS,
            survives=(OSError, smtplib.SMTPException),
        )
