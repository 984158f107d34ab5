"""Keep the queue moving: ring for what was forgotten, quarantine what kills its workers."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseFailure
from django.db import connection

from grading.sweeping import leadership, sweep

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        while not ended.wait(settings.GRADING_SWEEP_SECONDS):
            try:
                self.lead(ended)
            except DatabaseFailure:
                logger.exception("database_failed", worker="sweeper")
                connection.close()

    def lead(self, ended: threading.Event) -> None:
        """Sweep as long as this process is the one that sweeps."""
        with leadership() as is_leader:
            while is_leader:
                sweep()
                if ended.wait(settings.GRADING_SWEEP_SECONDS):
                    return
