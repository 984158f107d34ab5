"""Starts a lane: a fork server behind a wall, and the children it forks.

Two walls are known. *bubblewrap*: user, mount, process, network and IPC namespaces of their
own, an empty root with the interpreter bound read-only into it, and for every box once more its
own mount and process namespace. *landlock*: no namespaces; the child gives up the file system
by Landlock. Both end in the same allow-list of system calls and the same limits.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import bubblewrap, cgroups, locate
from sandbox.channel import Channel
from sandbox.types import Unavailable

LANES = ("bubblewrap", "landlock")
"""In order of preference."""
SPARES = 2
"""Children that wait for the next programs: a learner's and its checker's. They are forked when
a box has ended, so that no program has to share the processor with them."""

_START_SECONDS = 30.0
_REAP_SECONDS = 10.0
_CLOSE_SECONDS = 5.0


class LaneLost(Exception):
    """The fork server is gone or does not answer."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: the wait status, CPU seconds, peak bytes, and whether we killed it."""

    status: int
    cpu: float
    memory: int
    killed: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """How to start a fork server: command, environment, and what it must be told."""

    lane: str
    command: list[str]
    environment: dict[str, str]
    settings: dict[str, Any]
    staging: Path | None = None


class ForkServer:
    """One running lane and its spare children. Raises `Unavailable` when it does not start."""

    def __init__(self, wall: Wall) -> None:
        self.lane = wall.lane
        self._staging = wall.staging
        self._count = 0
        self._oom_kills = 0
        self._ended: dict[int, dict[str, Any]] = {}
        self._spares: list[Slot] = []
        self.enclosure = cgroups.enclose()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, tempfile.TemporaryFile() as complaints:
            number = theirs.fileno()
            command = [*wall.command, str(number), wall.lane, json.dumps(wall.settings)]
            try:
                with self.enclosure.entering() as enter:
                    self._process = subprocess.Popen(
                        command,
                        env=wall.environment,
                        pass_fds=[number],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=complaints,
                        cwd="/",
                        preexec_fn=enter,  # noqa: PLW1509 - it only writes to open descriptors
                    )
            except OSError as error:
                self._discard()
                raise Unavailable(f"the {wall.lane} lane did not start: {error}") from error
            theirs.close()
            self._greet(complaints)

    def _greet(self, complaints: Any) -> None:
        try:
            hello = self._receive(_START_SECONDS)
        except LaneLost as lost:
            self.close()
            complaints.seek(0)
            said = complaints.read(2000).decode("utf-8", "replace").strip() or str(lost)
            raise Unavailable(f"the {self.lane} lane did not start: {said}") from None
        self.missing: list[str] = hello["missing"]
        """Top-level modules that could not be preloaded."""
        self.held_bytes: int = hello["held"]
        """Address space of the fork server, which no program is charged for."""

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def processes(self) -> int:
        """How many processes should be below `process_id` while no box is open."""
        return len(self._spares) + (2 if self.lane == "bubblewrap" else 0)

    @property
    def forked(self) -> int:
        """How many children were forked so far."""
        return self._count

    def take(self) -> Slot:
        """A child that waits for its program. Raises `LaneLost`."""
        while select.select([self._control], [], [], 0)[0]:
            self._note_ended(self._receive(0))
        return self._spares.pop() if self._spares else self._fork()

    def _fork(self) -> Slot:
        self._count += 1
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        try:
            passed = array.array("i", [theirs.fileno(), writing])
            request = json.dumps({"fork": self._count}).encode()
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, passed)]
            self._control.sendmsg([request], ancillary)
        except OSError as error:
            ours.close()
            os.close(reading)
            raise LaneLost(f"the {self.lane} lane is gone: {error}") from error
        finally:
            theirs.close()
            os.close(writing)
        return Slot(self, self._count, Channel(ours, reading))

    def reap(self, number: int, grace: float) -> Ended:
        """End a child, after waiting `grace` seconds for it to end by itself."""
        self.dismiss(number, grace)
        return self.collect(number, grace)

    def dismiss(self, number: int, grace: float = 0.0) -> None:
        """Begin to end a child. `collect` tells how it ended; burying a process takes a while."""
        try:
            self._control.send(json.dumps({"reap": number, "grace": grace}).encode())
        except OSError as error:
            raise LaneLost(f"the {self.lane} lane is gone: {error}") from error
        if len(self._spares) < SPARES:
            self._spares.append(self._fork())

    def collect(self, number: int, grace: float = 0.0) -> Ended:
        """How a dismissed child ended. Can be asked once."""
        while number not in self._ended:
            self._note_ended(self._receive(grace + _REAP_SECONDS))
        answer = self._ended.pop(number)
        if "missing" in answer:
            raise LaneLost(f"the {self.lane} lane has lost a child")
        return Ended(**answer)

    def _note_ended(self, answer: dict[str, Any]) -> None:
        self._ended[answer.pop("reaped")] = answer

    def _receive(self, seconds: float) -> dict[str, Any]:
        ready, _, _ = select.select([self._control], [], [], seconds)
        try:
            packet = self._control.recv(1 << 16) if ready else b""
        except OSError:
            packet = b""
        if not packet:
            raise LaneLost(f"the {self.lane} lane {'has ended' if ready else 'does not answer'}")
        message: dict[str, Any] = json.loads(packet)
        return message

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed something in this lane for memory since we last asked."""
        before, self._oom_kills = self._oom_kills, self.enclosure.kills()
        return self._oom_kills > before

    def close(self) -> None:
        """End the fork server and everything that it forked."""
        while self._spares:
            self._spares.pop().channel.close()
        self._control.close()
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._discard()

    def _discard(self) -> None:
        self._control.close()
        self.enclosure.remove()
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Slot:
    """A child of a fork server, and the channel to it."""

    server: ForkServer
    number: int
    channel: Channel


def start(lane: str, bwrap: str | None = None) -> ForkServer:
    """A new fork server of the lane named. Raises `Unavailable`."""
    if lane == "bubblewrap":
        return ForkServer(_bubblewrap(bwrap))
    if lane == "landlock":
        return ForkServer(_landlock())
    raise ValueError(f"there is no lane named {lane}")


def _bubblewrap(path: str | None) -> Wall:
    command = [bubblewrap.binary(path), *bubblewrap.namespaces("box")]
    environment = _environment("/server", "/packages", libraries="/python/lib")
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += _mounts()
    command += ["--chdir", "/", bubblewrap.PYTHON, *bubblewrap.PYTHON_FLAGS, "-m", "inside"]
    return Wall("bubblewrap", command, environment={}, settings={})


def _mounts() -> list[str]:
    """A root of our own making, all of it read-only."""
    mounts = bubblewrap.root()
    mounts += ["--ro-bind-try", "/usr/share/zoneinfo", "/usr/share/zoneinfo"]
    for name, package in locate.packages().items():
        mounts += ["--ro-bind", str(package), f"/packages/{name}"]
    for place in ("/packages", "/box", "/tmp"):  # noqa: S108 - in a root of its own
        mounts += ["--dir", place]
    return [*mounts, "--remount-ro", "/"]


def _landlock() -> Wall:
    if not Path("/proc/self").exists():
        raise Unavailable("the landlock lane needs Linux")
    staging = Path(tempfile.mkdtemp(prefix="chainwright-lane-"))
    (staging / "boxes").mkdir()
    (staging / "packages").mkdir()
    (staging / "server").mkdir()
    (staging / "server" / "inside").symlink_to(locate.INSIDE)
    packages = locate.packages()
    for name, path in packages.items():
        (staging / "packages" / name).symlink_to(path)
    library = locate.standard_library()
    third_party = {*locate.third_party_folders()}
    read = [path for path in library.iterdir() if path not in third_party]
    read += [path for path in _shared_libraries() if path not in third_party]
    read += packages.values()
    read += [Path("/dev") / name for name in ("null", "zero", "random", "urandom")]
    read += [path for path in [Path("/usr/share/zoneinfo")] if path.is_dir()]
    settings = {
        "boxes": str(staging / "boxes"),
        "read": [str(path) for path in read],
        "list": [str(library), str(staging / "packages")],
    }
    environment = _environment(
        str(staging / "server"), str(staging / "packages"), libraries=str(library.parent)
    )
    command = [str(locate.interpreter()), *bubblewrap.PYTHON_FLAGS, "-m", "inside"]
    return Wall("landlock", command, environment, settings, staging)


def _shared_libraries() -> list[Path]:
    """Folders and files of shared libraries, without what is installed beneath them for Python."""
    found: set[Path] = set()
    for folder in (*locate.system_libraries(), *locate.library_folders()):
        for path in folder.iterdir():
            library = ".so" in path.name or path.name.endswith("-linux-gnu")
            with contextlib.suppress(OSError):
                if library:
                    found.add(path.resolve(strict=True))
    return sorted(found)


def _environment(*search_path: str, libraries: str) -> dict[str, str]:
    return {
        "PYTHONPATH": ":".join(search_path),
        "PYTHONHASHSEED": "0",
        "LD_LIBRARY_PATH": libraries,
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }
