"""Keep the queue moving: ring for what was forgotten, quarantine what kills its workers."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from grading.sweeping import leadership, sweep
from workers.rounds import make_rounds


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        make_rounds("sweeper", self.lead, seconds=settings.GRADING_SWEEP_SECONDS)

    def lead(self, ended: threading.Event) -> None:
        """Sweep as long as this process is the one that sweeps."""
        with leadership() as is_leader:
            while is_leader:
                sweep()
                if ended.wait(settings.GRADING_SWEEP_SECONDS):
                    return
