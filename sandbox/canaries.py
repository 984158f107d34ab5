"""Hostile little programs that every lane must refuse before it may take a job.

Each is judged by what only the host knows: a secret it planted, a listener it holds, a file it
looks at. What the program says of itself is never evidence that it was refused.
"""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox.types import Box, BoxBroken, Limits, Returned, Stopped, Value

LIMITS = Limits(cpu_seconds=1, wall_seconds=5.0, memory_bytes=128 << 20)

HONEST = "def probe(bait): return [x * x for x in range(7)]"
_HONEST_ANSWER = [x * x for x in range(7)]

CANARIES: Mapping[str, str] = {
    "reads a file of the host": "def probe(bait): return open(bait['file']).read()",
    "lists a folder of the host": (
        "import os\ndef probe(bait): return os.listdir(os.path.dirname(bait['file']))"
    ),
    "reads /etc/passwd": "def probe(bait): return open('/etc/passwd').read()",
    "reads the environment": """
import os
def probe(bait):
    found = [*os.environ.values()]
    for name in ('self', str(os.getppid()), str(bait['pid'])):
        try:
            found.append(open(f'/proc/{name}/environ').read())
        except OSError:
            pass
    return found
""",
    "connects to the host": """
import socket
def probe(bait):
    socket.create_connection(('127.0.0.1', bait['port']), 1).sendall(b'x')
""",
    "connects to a local socket": """
import socket
def probe(bait):
    for address in (bait['local'], '\\0' + bait['abstract']):
        try:
            socket.socket(socket.AF_UNIX).connect(address)
        except OSError:
            pass
""",
    "forks": """
import os
def probe(bait):
    if os.fork() == 0:
        os._exit(0)
    return bait['breach']
""",
    "runs a program": """
import sys, subprocess
def probe(bait):
    subprocess.run([sys.executable, '-c', ''], check=True)
    return bait['breach']
""",
    "writes beside itself": """
import os
def probe(bait):
    here = os.path.dirname(__file__)
    for folder in (bait['folder'], here, '/', '/usr', '/usr/lib', '/dev', '/dev/shm', '/python'):
        try:
            open(os.path.join(folder, 'canary'), 'w').close()
            return bait['breach'] + folder
        except OSError:
            pass
""",
    "signals the host": """
import os
def probe(bait):
    reached = 0
    for number in (bait['pid'], os.getppid(), 1, -1):
        try:
            os.kill(number, 0)
            reached += 1
        except OSError:
            pass
    return bait['breach'] if reached else None
""",
    "makes namespaces": """
import ctypes
def probe(bait):
    libc = ctypes.CDLL(None)
    if libc.unshare(0x10000000) == 0 or libc.unshare(0x20000) == 0:
        return bait['breach']
""",
    "takes memory": """
def probe(bait):
    hoard = bytearray(1 << 30)
    return bait['breach']
""",
}


class Opens(Protocol):
    """A lane, or anything else that opens boxes."""

    def open(
        self, files: Mapping[str, str], *, main: str, limits: Limits = ..., trusted: bool = ...
    ) -> Box: ...


@dataclass(frozen=True)
class Bait:
    """What the host laid out, and how it sees that something was taken."""

    secret: str
    """In the file, the folder's names and the environment. Whoever utters it has read one."""
    breach: str
    """Said by a program that did what it must not be able to do."""
    folder: Path
    names: list[str]
    facts: dict[str, Value]
    listeners: list[socket.socket]
    datagrams: socket.socket

    def taken(self, said: object) -> str:
        """How the bait was taken, or ''. `said` is everything that the program uttered."""
        uttered = repr(said)
        if self.secret in uttered or "root:" in uttered:
            return "it read a secret of the host"
        if self.breach in uttered:
            return "it did what must be impossible"
        for listener in self.listeners:
            try:
                listener.accept()[0].close()
            except BlockingIOError:
                continue
            return "it reached a socket of the host"
        with suppress(BlockingIOError):
            self.datagrams.recv(1)
            return "it sent a datagram to the host"
        if sorted(path.name for path in self.folder.iterdir()) != self.names:
            return "it changed a folder of the host"
        return ""


@contextmanager
def bait() -> Iterator[Bait]:
    """Lay out files, sockets and a variable that hold a fresh secret."""
    secret, breach = secrets.token_hex(12), secrets.token_hex(12)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="canary-")))
        file = folder / "secret.txt"
        file.write_text(secret)
        database = folder / "application.sqlite3"
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("create table t (secret)")
            connection.execute("insert into t values (?)", [secret])
            connection.commit()
        (folder / secret).touch()  # for who can list the folder and not read the file
        listeners = [
            stack.enter_context(socket.socket(family))
            for family in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)
        ]
        datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        listeners[0].bind(("127.0.0.1", 0))
        listeners[1].bind(str(folder / "door"))
        listeners[2].bind(f"\0canary-{breach}")
        for listener in listeners:
            listener.listen()
            listener.setblocking(False)
        datagrams.bind(("127.0.0.1", 0))
        datagrams.setblocking(False)
        variable = f"CANARY_{breach.upper()}"
        os.environ[variable] = secret
        stack.callback(os.environ.pop, variable, None)
        facts: dict[str, Value] = {
            "breach": breach,
            "file": str(file),
            "folder": str(folder),
            "database": str(database),
            "source": __file__,
            "port": listeners[0].getsockname()[1],
            "datagrams": datagrams.getsockname()[1],
            "local": str(folder / "door"),
            "abstract": f"canary-{breach}",
            "pid": os.getpid(),
        }
        names = sorted(path.name for path in folder.iterdir())
        yield Bait(secret, breach, folder, names, facts, listeners, datagrams)


def breaches(lane: Opens) -> list[str]:
    """What got through, as sentences; empty when the lane held and an honest program worked."""
    found = []
    with bait() as laid:
        for name, program in CANARIES.items():
            way = laid.taken(utterances(lane, program, laid.facts))
            if way:
                found.append(f"a program that {name}: {way}")
        honest = utterances(lane, HONEST, laid.facts)
    if honest[0] != Returned(_HONEST_ANSWER, getattr(honest[0], "milliseconds", 0.0)):
        found.append(f"an honest program did not work: {honest[0]}")
    return found


def utterances(lane: Opens, program: str, facts: Mapping[str, Value]) -> list[object]:
    """Everything that a program says when it is loaded and its `probe` is called."""
    with lane.open({"probe.py": program}, main="probe.py", limits=LIMITS) as box:
        try:
            loaded = box.load()
            answer = box.call("probe", [dict(facts)]) if isinstance(loaded, Returned) else loaded
        except Stopped as stopped:
            return [stopped, box.output()]
        except BoxBroken as broken:
            return [broken]
        return [answer, box.output()]
