"""Closes a freshly forked child before it sees the first byte of a program.

Two lanes do it differently and end alike: a directory holding the program's files that
cannot be written, no capability, resource limits, and the allow-list of system calls.
`prepare` is what can be done before the program is known, so that a spare child waits with
it behind; `close` is the rest. Both raise `OSError`, and then the child must end.
"""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from . import kernel, landlock, seccomp

CHANNEL = 3
"""The descriptor of the channel to the host in every child."""
_INODES = 256
_OPEN_FILES = 64
_TASKS = 64
_STACK = 8 << 20


class Lane(Protocol):
    own_pid_namespace: bool

    def prepare(self, box: int) -> str:
        """Everything that needs no program. Returns the directory for the program's files."""

    def close(self, files: Mapping[str, str], disk_bytes: int) -> None:
        """Write the files and give up every way to change them."""

    def forget(self, box: int) -> None:
        """Remove what the box left behind, after it has ended."""


class Nested:
    """Inside bubblewrap: own mount, process and IPC namespaces for every box."""

    own_pid_namespace = True
    root = "/box"
    scratch = "/tmp"  # noqa: S108 - its own in every box

    def prepare(self, box: int) -> str:
        del box
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
        kernel.change_mount("/", kernel.MS_REC | kernel.MS_PRIVATE)
        return self.root

    def close(self, files: Mapping[str, str], disk_bytes: int) -> None:
        size = sum(len(text) * 4 + 8192 for text in files.values()) + 65536
        inodes = 16 + 8 * len(files)
        kernel.mount_tmpfs(self.scratch, 0, size=disk_bytes, inodes=_INODES, mode="700")
        kernel.mount_tmpfs(self.root, 0, size=size, inodes=inodes, mode="700")
        write_files(self.root, files)
        flags = kernel.MS_REMOUNT | kernel.MS_RDONLY
        flags |= kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
        kernel.change_mount(self.root, flags)

    def forget(self, box: int) -> None:
        """The namespace took everything with it."""


class Landlocked:
    """On the host itself, for hosts without user namespaces: Landlock holds the files."""

    own_pid_namespace = False

    def __init__(self, boxes: str, read: Sequence[str], listed: Sequence[str]) -> None:
        self.boxes, self.read, self.listed = boxes, read, listed

    def prepare(self, box: int) -> str:
        self.root = f"{self.boxes}/{box}"
        Path(self.root).mkdir(0o700)
        self.rules = landlock.ruleset([self.root, *self.read], self.listed)
        return self.root

    def close(self, files: Mapping[str, str], disk_bytes: int) -> None:
        del disk_bytes  # nothing can be written at all
        write_files(self.root, files)
        landlock.enforce(self.rules)

    def forget(self, box: int) -> None:
        shutil.rmtree(f"{self.boxes}/{box}", ignore_errors=True)


def write_files(root: str, files: Mapping[str, str]) -> None:
    """Write `files` beneath `root`, readable and not writable."""
    for name, text in files.items():
        folder, _, _ = name.rpartition("/")
        if folder:
            Path(f"{root}/{folder}").mkdir(mode=0o700, parents=True, exist_ok=True)
        target = os.open(f"{root}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        data = memoryview(text.encode("utf-8", "surrogatepass"))
        while data:
            data = data[os.write(target, data) :]
        os.close(target)


def set_limits(limits: Mapping[str, int], held: int, *, count_tasks: bool) -> None:
    """The resource limits of one program, soft and hard alike.

    `held` is the address space that the interpreter has already: the program's memory comes
    on top of it, so that a limit means the same whatever is preloaded.
    """
    wanted = {
        resource.RLIMIT_AS: held + limits["memory_bytes"],
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_FSIZE: limits["disk_bytes"],
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_STACK: _STACK,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if count_tasks:
        wanted[resource.RLIMIT_NPROC] = _TASKS
    for limit, value in wanted.items():
        resource.setrlimit(limit, (value, value))


def give_up(filter_program: bytes) -> None:
    """No dumps, no capabilities, no system calls but the allowed: the last steps."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # a core pattern with a pipe ignores RLIMIT_CORE
    kernel.drop_capabilities()
    seccomp.install(filter_program)
