"""Watches a jail from outside where no control group can hold it.

It looks some twenty times a second at what the processes of the jail hold, and kills the jail
when that is too much. A control group is exact and this is not: within one look a program may
take more, memory that no process maps is not seen, and what is shared is counted for each.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sandbox.types import Cause, Stopped

_EVERY_SECONDS = 0.05


def family(process: int, enough: int) -> list[int]:
    """The process and everything below it, as far as they still are, or more than `enough`."""
    found = [process]
    for parent in found:
        if len(found) > enough:
            break
        with suppress(OSError):
            for thread in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def held(process: int) -> tuple[int, int]:
    """Bytes of memory that a process has of its own, and its threads; nothing when it has ended.

    Pages of files, which the kernel can drop, are not counted; those of `/work` and `/tmp` are,
    where they are mapped.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    fields = dict(line.split(":", 1) for line in lines)
    kibibytes = sum(int(fields.get(name, "0 kB").split()[0]) for name in ("RssAnon", "RssShmem"))
    return kibibytes << 10, int(fields["Threads"])


class Watch:
    """Calls `kill` when `process` and all below it together hold more than they may."""

    def __init__(
        self, process: int, kill: Callable[[], None], *, memory_bytes: int | None, tasks: int | None
    ) -> None:
        """`memory_bytes` and `tasks` are None where something else holds them."""
        self.stopped: Stopped | None = None
        """Why the jail was killed."""
        self._process = process
        self._kill = kill
        self._memory_bytes = memory_bytes
        self._tasks = tasks
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look from now on, where there is something to look at."""
        if self._memory_bytes is not None or self._tasks is not None:
            self._thread = threading.Thread(target=self._look, name="jail watch", daemon=True)
            self._thread.start()

    def _look(self) -> None:
        enough = sys.maxsize if self._tasks is None else self._tasks
        while not self._done.wait(_EVERY_SECONDS):
            each = [held(process) for process in family(self._process, enough)]
            memory, tasks = (sum(column) for column in zip(*each, strict=True))
            if self._memory_bytes is not None and memory > self._memory_bytes:
                self.stopped = Stopped(Cause.MEMORY)
            elif tasks > enough:
                self.stopped = Stopped(Cause.CRASHED, f"it ran more than {enough} tasks")
            if self.stopped:
                self._kill()
                return

    def stop(self) -> None:
        """Look no more. To be called while `process` is still not buried."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
