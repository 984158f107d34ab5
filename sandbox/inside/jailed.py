"""`python -m inside.jailed`: the first process of a jail, which starts the one command in it.

It speaks with the host over one stream socket. The host sends a frame that names the command,
its limits and the files, and then the bytes of the files. The answers are `{"started": true}` or
`{"broken": why}`, and when the command has ended a frame with how it ended and which of the files
to collect are there, and their bytes. What the command prints goes past it, straight to the host.

As process 1 it cannot be killed from within, and nothing outlives it. The command never holds the
socket. Whatever the command left running is killed before a file is collected, so that nothing
can change under the reader's eyes.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import denials, kernel, seccomp
from .frames import HEADER, pack

FIRST = 1
"""The number of the first process of a namespace, which alone may run this."""
WORK = "/work"
SCRATCH = "/tmp"  # noqa: S108 - its own in every jail
INODES = 16_384
"""Files and folders on each of the two."""
_OPEN_FILES = 1024
_EXEC_FAILED = 127


class Missing(Exception):
    """The host went away in the middle of a request."""


def receive(control: socket.socket, count: int) -> bytes:
    """Exactly `count` bytes. Raises `Missing`."""
    parts = bytearray()
    while len(parts) < count:
        part = control.recv(min(count - len(parts), 1 << 20))
        if not part:
            raise Missing
        parts += part
    return bytes(parts)


def receive_request(control: socket.socket) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What to run, and the files that it finds in its working directory."""
    (length,) = HEADER.unpack(receive(control, HEADER.size))
    request: dict[str, Any] = json.loads(receive(control, length))
    files = {name: receive(control, size) for name, size in request["files"]}
    return request, files


def write_files(files: Mapping[str, bytes]) -> None:
    """Write `files` beneath the working directory, where the command may change them."""
    for name, content in files.items():
        path = Path(WORK, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def close_in(disk_bytes: int, *, memory_files: bool) -> None:
    """Lay out the two places that can be written, and give up every way to change the rest."""
    for place in (WORK, SCRATCH):
        kernel.mount_tmpfs(place, 0, size=disk_bytes, inodes=INODES, mode="700")
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities()
    seccomp.install(denials.build(os.uname().machine, memory_files=memory_files))


def set_limits(limits: Mapping[str, Any]) -> None:
    """The resource limits of the command and of all that it starts, each process by itself."""
    wanted = {
        resource.RLIMIT_AS: limits["address_space_bytes"],
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_FSIZE: limits["disk_bytes"],
        resource.RLIMIT_NPROC: limits["processes"] + 1,  # this process too
        resource.RLIMIT_STACK: limits["stack_bytes"],
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for limit, value in wanted.items():
        if value is None:
            continue
        _, most = resource.getrlimit(limit)
        soft = value if most == resource.RLIM_INFINITY else min(value, most)
        # One more second of processor time, so that the first signal says what it was for.
        hard = soft + 1 if limit == resource.RLIMIT_CPU and soft != most else soft
        resource.setrlimit(limit, (soft, hard))


def become(
    command: Sequence[str],
    environment: Mapping[str, str],
    limits: Mapping[str, Any],
    complaint: int,
) -> NoReturn:
    """Turn this process into the command; say on `complaint` why that cannot be done."""
    try:
        for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.chdir(WORK)
        set_limits(limits)
        os.execve(command[0], [*command], environment)  # noqa: S606 - there is no shell
    except BaseException as error:
        os.write(complaint, str(error).encode())
    os._exit(_EXEC_FAILED)


def start(request: Mapping[str, Any]) -> int:
    """The process number of the command. Raises `OSError` when it cannot be started."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        become(request["command"], request["environment"], request["limits"], writing)
    os.close(writing)
    why = os.read(reading, 1000).decode("utf-8", "replace")
    os.close(reading)
    if why:
        raise OSError(why)
    return child


def let_go_of_streams() -> None:
    """The host reads to the end of what the command prints: this process must not hold it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def wait_for(child: int) -> int:
    """The wait status of `child`; orphans that end before it are buried."""
    while True:
        ended, status = os.wait()
        if ended == child:
            return status


def end_the_rest() -> None:
    """Kill everything else in the jail and bury it."""
    while os.getpid() == FIRST:  # never on the host, whatever else goes wrong
        try:
            os.kill(-1, signal.SIGKILL)
            os.wait()
        except (ProcessLookupError, ChildProcessError):
            return


def read_regular(name: str, room: int) -> bytes | None:
    """A file beneath the working directory, or None where there is no regular file.

    No symbolic link is followed on the way, no pipe is waited for. Raises `OverflowError` for more
    than `room` bytes.
    """
    *folders, last = name.split("/")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    with contextlib.ExitStack() as opened:
        try:
            at = os.open(WORK, flags | os.O_DIRECTORY)
            opened.callback(os.close, at)
            for folder in folders:
                at = os.open(folder, flags | os.O_DIRECTORY, dir_fd=at)
                opened.callback(os.close, at)
            file = os.open(last, flags, dir_fd=at)
        except OSError:
            return None
        opened.callback(os.close, file)
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            return None
        if found.st_size > room:
            raise OverflowError(name)
        with open(file, "rb", closefd=False) as content:
            return content.read(room)


def collect(names: Sequence[str], room: int) -> dict[str, bytes]:
    """Those of `names` that are regular files. Raises `OverflowError` for too many bytes."""
    found = {}
    for name in names:
        content = read_regular(name, room)
        if content is not None:
            found[name] = content
            room -= len(content)
    return found


def serve(control: socket.socket) -> None:
    """One request, one command, one answer."""
    request, files = receive_request(control)
    try:
        close_in(request["limits"]["disk_bytes"], memory_files=request["memory_files"])
        write_files(files)
        child = start(request)
    except OSError as error:
        control.sendall(pack({"broken": str(error)}))
        return
    let_go_of_streams()
    began = time.monotonic()
    control.sendall(pack({"started": True}))
    status = wait_for(child)
    seconds = time.monotonic() - began
    end_the_rest()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer: dict[str, Any] = {
        "exit_code": os.waitstatus_to_exitcode(status),
        "seconds": seconds,
        "cpu": used.ru_utime + used.ru_stime,
    }
    try:
        found = collect(request["collect"], request["collect_bytes"])
    except OverflowError as error:
        answer["too_long"] = str(error)
        found = {}
    answer["files"] = [[name, len(content)] for name, content in found.items()]
    control.sendall(pack(answer))
    for content in found.values():
        control.sendall(content)


def main() -> None:
    """Argument: the descriptor of the socket.

    It kills whatever it can reach: anywhere but in a process namespace of its own, that would be
    the host. So it begins nothing there.
    """
    if os.getpid() != FIRST:
        sys.exit("not the first process of a namespace of its own")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # from within, process 1 does not feel it then
    with socket.socket(fileno=int(sys.argv[1])) as control:
        control.set_inheritable(False)
        control.settimeout(None)
        serve(control)


if __name__ == "__main__":
    main()
