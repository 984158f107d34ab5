"""A control group around a whole lane, where this process may make one.

It is a second wall behind the limits of each program: the memory and the number of tasks of
everything in the lane together. Where no hierarchy is writable `enclose` says so and the lane
lives without; the report shows which it is.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LANE_MEMORY = 1 << 30
LANE_TASKS = 256


@dataclass
class Enclosure:
    """The groups that hold one lane; none at all is possible."""

    folders: list[Path] = field(default_factory=list)
    memory: Path | None = None
    tasks: Path | None = None

    @property
    def summary(self) -> str:
        """What is limited, for the report."""
        held = []
        if self.memory:
            held.append(f"memory {LANE_MEMORY >> 20} MiB")
        if self.tasks:
            held.append(f"{LANE_TASKS} tasks")
        return ", ".join(held) or "none writable: limits of each program only"

    @contextmanager
    def entering(self) -> Iterator[Callable[[], None]]:
        """Gives a function that a child calls before `exec` to enter the groups."""
        doors = [os.open(folder / "cgroup.procs", os.O_WRONLY) for folder in self.folders]

        def enter() -> None:
            for door in doors:
                os.write(door, b"0")

        try:
            yield enter
        finally:
            for door in doors:
                os.close(door)

    def kills(self) -> int:
        """How often the kernel killed something in the lane for want of memory."""
        if self.memory is None:
            return 0
        for name in ("memory.events", "memory.oom_control"):
            try:
                lines = (self.memory / name).read_text().splitlines()
            except OSError:
                continue
            return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
        return 0

    def remove(self) -> None:
        """Remove the groups; their processes must have ended."""
        for folder in self.folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:  # the last process is still being buried
                    time.sleep(0.01)
        self.folders = []


def enclose(memory: int = LANE_MEMORY, tasks: int = LANE_TASKS) -> Enclosure:
    """New groups for `memory` bytes and so many tasks, in version 2 or version 1.

    As far as they can be made: a limit that could not be set is None in the answer.
    """
    name = f"chainwright-{os.getpid()}-{secrets.token_hex(4)}"
    for parents in _parents():
        enclosure = Enclosure()
        for parent in parents:
            folder = parent / name
            if not (parent / "cgroup.procs").exists():
                continue
            _sweep(parent)
            try:
                folder.mkdir()
            except OSError:
                continue
            enclosure.folders.append(folder)
            if _limit(folder, ("memory.max", "memory.limit_in_bytes"), memory):
                enclosure.memory = folder
                _limit(folder, ("memory.swap.max",), 0)
                _limit(folder, ("memory.memsw.limit_in_bytes",), memory)
            if _limit(folder, ("pids.max",), tasks):
                enclosure.tasks = folder
        if enclosure.memory or enclosure.tasks:
            return enclosure
        enclosure.remove()
    return Enclosure()


def _sweep(parent: Path) -> None:
    """Remove the groups of hosts that were killed and could not do it themselves."""
    for folder in parent.glob("chainwright-*-*"):
        owner = folder.name.split("-")[1]
        if not Path("/proc", owner).exists():
            with suppress(OSError):  # something still runs in it
                folder.rmdir()


def _limit(folder: Path, names: tuple[str, ...], value: int) -> bool:
    for name in names:
        try:
            (folder / name).write_text(str(value))
        except OSError:
            continue
        return True
    return False


def _parents() -> Iterator[list[Path]]:
    """Groups that this process is in, version 2 first."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    first: list[Path] = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        inner = path.lstrip("/")
        if not controllers:
            yield [Path("/sys/fs/cgroup") / inner]
        elif controllers in ("memory", "pids"):
            first.append(Path("/sys/fs/cgroup") / controllers / inner)
    yield first
