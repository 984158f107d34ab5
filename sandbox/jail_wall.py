"""The wall of a jail: what stands inside it, how it is started, how it ended.

bubblewrap gives an empty root in namespaces of its own, with nothing of the host but what is bound
read-only into it. Its first process is `inside.jailed`, which mounts the two small places that can
be written, gives up its capabilities, closes the filter of system calls and starts the command.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sandbox import bubblewrap, cgroups
from sandbox.bubblewrap import PYTHON, PYTHON_FLAGS
from sandbox.inside.frames import HEADER, MAX_FRAME, pack
from sandbox.jail_watch import Watch
from sandbox.types import BoxBroken, Cause, Stopped, Unavailable

RESERVED = ("/work", "/tmp", "/python", "/server", "/dev", "/proc")  # noqa: S108 - in its own root
MAX_NAME = 200
_OWN_TASKS = 2
"""bubblewrap and the first process, which a jail is not charged for."""
_START_SECONDS = 30.0
_CHUNK = 1 << 16
_CREDENTIALS = struct.Struct("3i")
_PROC_HIDDEN = {"config.gz", "kallsyms", "key-users", "keys", "modules", "timer_list"}


@dataclass(frozen=True, slots=True)
class Jail:
    """What runs, what it finds, and what it may use. Nothing of it can write to the host.

    Inside are `/work` (where the command starts and its files are) and `/tmp`, both small and in
    memory; the host's `/lib`, `/lib64`, `/usr/lib`, `/usr/lib64` without what is installed there
    for Python; the base interpreter as `PYTHON`; the null, zero and random devices; `mounts`; and
    nothing else, no `/bin/sh` either. What is written there cannot be executed. The network is a
    loopback of its own.

    What some programs want: *go* writes its cache, so `GOCACHE` must be beneath `/tmp` or `/work`
    (HOME is `/work`), or a mounted cache that is complete; `go build` starts what lies beneath
    `GOROOT`, and takes as many threads as there are cores unless `GOMAXPROCS` says less. *node*
    with a large `--stack-size` needs `stack_bytes` above it, and without `proc` counts no
    processors. *rustc*, as everything that finds its libraries beside itself, needs `proc` or
    LD_LIBRARY_PATH; clang finds its folders by its own name. What they write cannot be loaded as a
    library either: a procedural macro must come by `mounts`. node, go and wasmtime reserve far
    more address space than they use: `address_space_bytes` is for programs that one knows.
    """

    command: tuple[str, ...]
    """As seen inside; the first word is an absolute path."""
    mounts: Mapping[str, Path]
    """Path inside → file or folder of the host, bound read-only."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """All there is, besides PATH, LANG and HOME, and LD_LIBRARY_PATH where `PYTHON` is started."""
    memory_bytes: int = 512 << 20
    """Of the whole jail, files in it included: by a control group where this process may make
    one; else what the processes hold (not the files) is watched from outside."""
    address_space_bytes: int | None = None
    """Of each process."""
    disk_bytes: int = 64 << 20
    """Of `/work` and of `/tmp`, each."""
    processes: int = 64
    """Processes and threads. Root, where it cannot make a control group, is watched only."""
    cpu_seconds: int = 20
    """Of each process that `run` starts. A daemon is held by the seconds of each question."""
    stack_bytes: int = 8 << 20
    proc: bool = False
    """Whether `/proc` is mounted, read-only, that of the jail's own processes. It also tells the
    paths that mounts have on the host, the kernel's version and the size of the machine."""
    memory_files: bool = False
    """Whether `memfd_create` is allowed. Where there is no control group, what such files hold is
    not watched: only for programs of ours that need it, as wasmtime does to start fast."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the command ended, as the first process says it."""

    exit_code: int
    """Negative: the signal that ended it."""
    seconds: float
    cpu_seconds: float
    too_long: str
    """The file to collect for which there was no room, or ''."""
    files: dict[str, bytes]


def check(jail: Jail, files: Mapping[str, bytes], collect: Sequence[str] = ()) -> None:
    """Raise `ValueError` unless paths inside are absolute and names of files are relative."""
    if not jail.command or not jail.command[0].startswith("/"):
        raise ValueError("a command begins with the absolute path of a program")
    for place in jail.mounts:
        parts = PurePosixPath(place).parts
        if place != str(PurePosixPath(*parts)) or parts[:1] != ("/",) or ".." in parts:
            raise ValueError(f"{place!r} is no absolute path")
        if len(parts) < 2 or f"/{parts[1]}" in RESERVED:
            raise ValueError(f"nothing can be mounted at {place}")
    for name in [*files, *collect]:
        clean = name.isprintable() and len(name.encode()) <= MAX_NAME
        if not clean or any(part in ("", ".", "..") for part in name.split("/")):
            raise ValueError(f"{name[:MAX_NAME]!r} is no relative file name")


def _bubblewrap(jail: Jail) -> list[str]:
    command = [bubblewrap.binary(), "--as-pid-1", *bubblewrap.namespaces("jail")]
    command += ["--setenv", "PYTHONPATH", "/server", "--setenv", "LANG", "C.UTF-8"]
    command += ["--setenv", "LD_LIBRARY_PATH", "/python/lib"]
    command += bubblewrap.root()
    command += ["--dir", "/work", "--dir", "/tmp"]  # noqa: S108 - in its own root
    for place in sorted(jail.mounts):
        command += ["--ro-bind", str(jail.mounts[place]), place]
    if jail.proc:
        command += ["--proc", "/proc"]
        for path in _secrets_of_the_kernel():
            command += ["--ro-bind", "/dev/null", str(path)]
        command += ["--remount-ro", "/proc"]
    command += ["--remount-ro", "/", "--chdir", "/"]
    return [*command, PYTHON, *PYTHON_FLAGS, "-m", "inside.jailed"]


def _secrets_of_the_kernel() -> list[Path]:
    """Files of `/proc` that are for root: a jail that root starts is root to the kernel there."""
    files = [path for path in Path("/proc").iterdir() if path.is_file()]
    return sorted(
        path for path in files if path.name in _PROC_HIDDEN or not path.stat().st_mode & 0o004
    )


def _environment(jail: Jail) -> dict[str, str]:
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/work"}
    if jail.command[0] == PYTHON:
        environment["LD_LIBRARY_PATH"] = "/python/lib"
    return environment | dict(jail.environment)


class Enclosed:
    """One started jail. Its output is on `process.stdout`; nobody else knows the process.

    Raises `Unavailable` when the wall could not be built and `BoxBroken` when the command could
    not be started within it.
    """

    def __init__(
        self,
        jail: Jail,
        files: Mapping[str, bytes],
        *,
        conversing: bool,
        collect: Sequence[str] = (),
        collect_bytes: int = 0,
        start_seconds: float = _START_SECONDS,
    ) -> None:
        self._deadline = time.monotonic() + start_seconds
        request = pack(
            {
                "command": jail.command,
                "environment": _environment(jail),
                "limits": _limits(jail, endless=conversing),
                "memory_files": jail.memory_files,
                "files": [[name, len(content)] for name, content in files.items()],
                "collect": list(collect),
                "collect_bytes": collect_bytes,
            }
        )
        command = _bubblewrap(jail)
        self.enclosure = cgroups.enclose(jail.memory_bytes, jail.processes + _OWN_TASKS)
        self.control, theirs = socket.socketpair()
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            self.process = self._spawn(command, theirs, conversing=conversing)
        self._first: int | None = None
        self._watch = Watch(
            self.process.pid,
            self._kill,
            memory_bytes=None if self.enclosure.memory else jail.memory_bytes,
            tasks=None if self.enclosure.tasks else jail.processes + _OWN_TASKS,
        )
        try:
            self._watch.start()
            self._begin(request, files)
        except BaseException:
            self.end()
            raise

    def _spawn(
        self, command: list[str], theirs: socket.socket, *, conversing: bool
    ) -> subprocess.Popen[bytes]:
        number = theirs.fileno()
        try:
            with self.enclosure.entering() as enter:
                return subprocess.Popen(
                    [*command, str(number)],
                    env={},
                    pass_fds=[number],
                    stdin=subprocess.PIPE if conversing else subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE if conversing else subprocess.STDOUT,
                    bufsize=0,
                    cwd="/",
                    # It only writes to open descriptors; without any a fork is cheaper.
                    preexec_fn=enter if self.enclosure.folders else None,  # noqa: PLW1509
                )
        except OSError as error:
            self.control.close()
            self.enclosure.remove()
            raise Unavailable(f"the jail did not start: {error}") from error

    def _begin(self, request: bytes, files: Mapping[str, bytes]) -> None:
        self.control.settimeout(max(self._deadline - time.monotonic(), 0.001))
        try:
            self.control.sendall(request)
            for content in files.values():
                self.control.sendall(content)
            answer = self._hear()
        except (OSError, EOFError) as error:
            raise Unavailable(f"the jail did not start: {self._complaint() or error}") from None
        if "broken" in answer:
            raise BoxBroken(f"the jail could not start its command: {answer['broken']}")
        self.control.setblocking(False)

    def _hear(self) -> dict[str, Any]:
        """The first answer; the kernel tells with it which process gave it."""
        space = socket.CMSG_SPACE(_CREDENTIALS.size)
        header, ancillary, _, _ = self.control.recvmsg(HEADER.size, space, socket.MSG_WAITALL)
        if len(header) < HEADER.size:
            raise EOFError("it ended at once")
        for _, kind, data in ancillary:
            if kind == socket.SCM_CREDENTIALS:
                process, _, _ = _CREDENTIALS.unpack(data)
                self._first = os.pidfd_open(process)
        (length,) = HEADER.unpack(header)
        # Its report can follow at once, and is not for here.
        answer: dict[str, Any] = json.loads(self.control.recv(length, socket.MSG_WAITALL))
        return answer

    def _complaint(self) -> str:
        """What bubblewrap or the first process said when it failed."""
        self.process.kill()
        stream: IO[bytes] | None = self.process.stderr or self.process.stdout
        said = stream.read(_CHUNK) if stream is not None else b""
        return (said or b"").decode("utf-8", "replace").strip()[-1000:]

    def ran_out_of(self) -> Stopped | None:
        """What the jail as a whole had too much of, if that is why something in it was killed."""
        if self.enclosure.kills():
            return Stopped(Cause.MEMORY)
        return self._watch.stopped

    def _kill(self) -> None:
        """Kill everything in the jail.

        The kernel ends the first process of a namespace only after all others in it, and
        bubblewrap ends after the first process: who waits for it waits for all of them.
        """
        if self._first is None:
            self.process.kill()  # not yet heard of: the kernel kills it when bubblewrap ends
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)

    def end(self) -> None:
        """Kill everything in the jail and wait until it is gone."""
        self._watch.stop()
        self._kill()
        self.process.wait()
        if self._first is not None:
            os.close(self._first)
            self._first = None
        self.control.close()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.enclosure.remove()


def _limits(jail: Jail, *, endless: bool) -> dict[str, int | None]:
    return {
        "address_space_bytes": jail.address_space_bytes,
        "cpu_seconds": None if endless else jail.cpu_seconds,
        "disk_bytes": jail.disk_bytes,
        "processes": jail.processes,
        "stack_bytes": jail.stack_bytes,
    }


def read_report(answer: bytes) -> Report | None:
    """The report in what the first process sent until it ended; None when it is not whole."""
    if len(answer) < HEADER.size:
        return None
    (length,) = HEADER.unpack_from(answer)
    at = HEADER.size + length
    if length > MAX_FRAME or len(answer) < at:
        return None
    told = json.loads(answer[HEADER.size : at])
    files = {}
    for name, size in told["files"]:
        files[name] = answer[at : at + size]
        at += size
    if at != len(answer):
        return None
    return Report(told["exit_code"], told["seconds"], told["cpu"], told.get("too_long", ""), files)
