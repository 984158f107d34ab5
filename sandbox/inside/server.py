"""The fork server: pays for the imports once and forks one child per box.

It speaks with the host over one packet socket and never sees a program. Requests:

* `{"fork": box}` with two descriptors, the child's channel and its output. No answer; the
  child says `{"ready": true}` or `{"broken": why}` on its channel before it reads a program.
* `{"reap": box, "grace": seconds}`: waits that long for the child to end by itself, then
  kills it. Answers `{"reaped", "status", "cpu", "memory", "killed"}`, or with `missing`.

It ends when the host closes the socket.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import mmap
import os
import random
import resource
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from . import confine, kernel, runner, seccomp
from .frames import pack

PRELOADED = (
    "abc", "array", "ast", "base64", "binascii", "bisect", "cmath", "collections",
    "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "gc", "hashlib", "heapq", "hmac", "inspect", "io", "itertools",
    "json", "linecache", "math", "numbers", "operator", "os", "pathlib", "random", "re", "secrets",
    "site", "statistics", "string", "struct", "textwrap", "threading", "time", "tokenize",
    "traceback", "types", "typing", "uuid", "weakref", "zlib",
)  # fmt: skip
"""What programs commonly import; anything else of the standard library is imported on demand.
Every megabyte more makes every fork dearer, so what is rare is left out."""

VETTED = (
    "cryptography.exceptions", "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.asymmetric.x25519",
    "cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.hashes",
    "cryptography.hazmat.primitives.kdf.hkdf", "cryptography.hazmat.primitives.serialization",
    "cryptography.hazmat.primitives.kdf.pbkdf2", "cryptography.x509",
)  # fmt: skip
"""Modules of the vetted packages that are preloaded where the package is there."""

REHEARSALS = 100
"""Before the first fork. The interpreter rewrites a function while it runs it for the first times:
done here, no box has to do it again on pages of its own."""
_MAX_REQUEST = 1 << 16


def preload() -> list[str]:
    """Import what programs commonly need. Returns the top-level names that were not there."""
    missing = set()
    for name in [*PRELOADED, *VETTED]:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.add(name.partition(".")[0])
    importlib.import_module("site").setquit()  # `exit` and `quit`, which -S leaves out
    return sorted(missing)


def address_space() -> int:
    """Bytes of address space that this process holds, found without /proc.

    It lowers its own soft limit until the kernel refuses one more page.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, 1 << 36
    while high - low > 1 << 16:
        middle = (low + high) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
        try:
            mmap.mmap(-1, mmap.PAGESIZE).close()
            high = middle
        except (OSError, MemoryError):
            low = middle
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high


class Server:
    def __init__(self, control: socket.socket, lane: confine.Lane) -> None:
        self.control = control
        self.lane = lane
        self.children: dict[int, int] = {}
        self.filter = seccomp.build(os.uname().machine)
        self.held = address_space()
        self.myself = os.pidfd_open(os.getpid())

    def serve(self) -> None:
        """Answer requests until the host is gone, then end every child."""
        while True:
            message, descriptors = self._receive()
            if message is None:
                break
            if "fork" in message:
                self._fork(message["fork"], *descriptors)
            else:
                answer = self._reap(message["reap"], message["grace"])
                answer["reaped"] = message["reap"]
                self.control.send(json.dumps(answer).encode())
        for box in list(self.children):
            self._reap(box, 0.0)

    def _receive(self) -> tuple[dict[str, Any] | None, list[int]]:
        space = socket.CMSG_SPACE(2 * array.array("i").itemsize)
        packet, ancillary, _, _ = self.control.recvmsg(_MAX_REQUEST, space)
        descriptors = array.array("i")
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(data)
        return (json.loads(packet) if packet else None), descriptors.tolist()

    def _fork(self, box: int, channel: int, output: int) -> None:
        try:
            child = self._fork_apart()
        except OSError as error:
            os.write(channel, pack({"broken": f"fork: {error}"}))
        else:
            if child == 0:
                self._become_box(box, channel, output)
            self.children[box] = child
        os.close(channel)
        os.close(output)

    def _fork_apart(self) -> int:
        """Fork; the child is the first process of a new namespace where the lane has them.

        This process never enters that namespace itself: it only says where its children are
        born, and afterwards that they are born at home again.
        """
        if not self.lane.own_pid_namespace:
            return os.fork()
        kernel.unshare(kernel.CLONE_NEWPID)
        child = os.fork()
        if child:
            kernel.setns(self.myself, kernel.CLONE_NEWPID)
        return child

    def _become_box(self, box: int, channel: int, output: int) -> NoReturn:
        try:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            self._arrange_descriptors(channel, output)
            channel = confine.CHANNEL
            root = self.lane.prepare(box)
            random.seed()  # else every box would draw the same numbers
            runner.rehearse()
            os.write(channel, pack({"ready": True}))
            inbox = runner.Inbox(channel)
            program = inbox.next()
            self.lane.close(program["files"], program["limits"]["disk_bytes"])
            os.chdir(root)
            shared = not self.lane.own_pid_namespace
            confine.set_limits(program["limits"], self.held, count_tasks=not shared)
            confine.give_up(self.filter)
        except BaseException as error:
            os.write(channel, pack({"broken": f"{type(error).__name__}: {error}"}))
            os._exit(97)
        os.write(channel, pack({"closed": True}))
        try:
            runner.Runner(inbox, root, program["main"], list(program["files"])).serve()
        finally:  # whatever the program did to the runner, it never comes back from here
            os._exit(1)

    def _arrange_descriptors(self, channel: int, output: int) -> None:
        """Descriptor 0 is /dev/null already, and the streams above 0 to 2 were made by `main`."""
        kept = os.dup(channel)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(kept, confine.CHANNEL)
        os.closerange(confine.CHANNEL + 1, 1 << 10)

    def _reap(self, box: int, grace: float) -> dict[str, Any]:
        child = self.children.pop(box, None)
        if child is None:
            return {"missing": True}
        descriptor = os.pidfd_open(child)
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        killed = not poll.poll(grace * 1000)
        if killed:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        os.close(descriptor)
        self.lane.forget(box)
        return {
            "status": status,
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss << 10,
            "killed": killed,
        }


def _stream(descriptor: int, mode: str) -> Any:
    return open(
        descriptor, mode, buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def _lane(name: str, settings: dict[str, Any]) -> confine.Lane:
    if name == "bubblewrap":
        return confine.Nested()
    return confine.Landlocked(settings["boxes"], settings["read"], settings["list"])


def main(missing: list[str]) -> None:
    """Arguments of the command: the control descriptor, the lane's name, its settings as JSON.

    `missing`: what `preload` did not find.
    """
    descriptor, name, settings = sys.argv[1:]
    control = socket.socket(fileno=int(descriptor))
    os.environ.clear()
    os.environ.update(PATH="/usr/bin:/bin", LANG="C.UTF-8", HOME="/tmp")  # noqa: S108 - the box's own
    sys.path.remove(str(Path(__file__).parent.parent))
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    server = Server(control, _lane(name, json.loads(settings)))
    for _ in range(REHEARSALS):
        runner.rehearse()
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True, "missing": missing, "held": server.held}).encode())
    server.serve()
