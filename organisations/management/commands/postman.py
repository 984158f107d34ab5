"""Send the letters that wait: invitations, announcements and the centre's decisions."""

from __future__ import annotations

import signal
import smtplib
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseFailure
from django.db import connection

from organisations.letters import deliver_waiting

LOOK_SECONDS = 2.0

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="until nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{deliver_waiting()} letters")
            return
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        while not ended.wait(LOOK_SECONDS):
            try:
                deliver_waiting()
            except (OSError, smtplib.SMTPException):
                logger.exception("mail_server_failed", worker="postman")
            except DatabaseFailure:
                logger.exception("database_failed", worker="postman")
                connection.close()
