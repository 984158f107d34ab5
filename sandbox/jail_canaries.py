"""Hostile programs that a jail must hold before anything may be run in one.

As with `sandbox.canaries`, what was taken is judged by what only the host knows. Here a program
may fork and start others, so what must be impossible is different: it is one program that tries
everything that ends at once, and two that take more than they may.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol

from sandbox.bubblewrap import PYTHON, PYTHON_FLAGS
from sandbox.canaries import Bait, bait
from sandbox.jail_wall import Jail
from sandbox.types import Cause, Stopped

_WALL_SECONDS = 20.0
_MEMORY_BYTES = 96 << 20
_PROCESSES = 16

_BEGIN = """
import ctypes, json, os, socket, sys
bait = json.load(open('bait.json'))
libc = ctypes.CDLL(None, use_errno=True)
def first(*ways):
    said = []
    for way in ways:
        try:
            said.append(way())
        except BaseException as error:
            pass
    return said
"""

CANARIES: Mapping[str, str] = {
    "reads a file of the host": """
paths = [bait['file'], bait['source'], bait['database'], '/etc/passwd', '/etc/shadow']
paths += ['/proc/self/root' + bait['file'], '/proc/1/root' + bait['file']]
return first(*[lambda p=p: open(p, errors='replace').read() and (
    bait['breach'] if p == bait['source'] else open(p, errors='replace').read()) for p in paths])
""",
    "lists a folder of the host": """
return first(*[lambda p=p: os.listdir(p) for p in (bait['folder'], '/tmp', '/root', '/home')])
""",
    "reads the environment": """
names = ('self', '1', str(os.getppid()), str(bait['pid']))
return [dict(os.environ)] + first(
    *[lambda n=n: open(f'/proc/{n}/environ').read() for n in names])
""",
    "reaches the network": """
def datagram():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', bait['datagrams']))
def local(address):
    socket.socket(socket.AF_UNIX).connect(address)
def machine():
    socket.socket(40, socket.SOCK_STREAM)
    return bait['breach']
return first(
    lambda: socket.create_connection(('127.0.0.1', bait['port']), 1).sendall(b'x'),
    datagram, lambda: local(bait['local']), lambda: local('\\0' + bait['abstract']), machine)
""",
    "sees processes of the host": """
seen = []
for number in [*range(2, 40000), bait['pid'], os.getppid()]:
    try:
        os.kill(number, 0)
        seen.append(number)
    except PermissionError:
        seen.append(number)
    except OSError:
        pass
seen += [int(name) for name in sum(first(lambda: os.listdir('/proc')), []) if name.isdigit()]
return bait['breach'] if set(seen) - {os.getpid(), 1} else None
""",
    "writes outside": """
places = ['/', '/usr', '/usr/lib', '/dev', '/dev/shm', '/python', '/python/lib', '/server']
places += ['/server/inside', '/proc', '/sys', '/etc', '/var/tmp', '/root', bait['folder']]
def write(place):
    open(os.path.join(place, 'canary'), 'w').close()
    return bait['breach'], place
files = ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/1/mem', '/proc/1/fd/3']
return first(
    *[lambda p=p: write(p) for p in places],
    *[lambda p=p: (os.open(p, os.O_WRONLY), bait['breach'], p) for p in files])
""",
    "changes its walls": """
found = []
if libc.unshare(0x10000000) == 0 or libc.unshare(0x20000) == 0:
    found.append('namespace')
if libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None) == 0:
    found.append('mount')
if libc.mount(None, b'/', None, 32, 0) == 0:
    found.append('remount')
if libc.personality(0x0040000) != -1 or libc.chroot(b'/tmp') == 0:
    found.append('kernel')
return [bait['breach'], found] if found else None
""",
    "executes what it wrote": """
path = '/tmp/program'
open(path, 'w').write('#!' + sys.executable + '\\n')
os.chmod(path, 0o700)
if os.fork() == 0:
    try:
        os.execv(path, [path])
    except OSError:
        os._exit(1)
return bait['breach'] if os.wait()[1] == 0 else None
""",
}
"""What a program does → the body of a function that says what it got."""

_HONEST = "an honest program"
_GREEDY: Mapping[str, tuple[str, Cause]] = {
    "takes memory": (
        """
import time
hoard = [bytearray(b'x' * (1 << 20)) for _ in range(3 * (96 << 20) >> 20)]
time.sleep(1)
print(bait['breach'])
""",
        Cause.MEMORY,
    ),
    "takes all processes": (
        """
import time
for _ in range(64):
    try:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
    except OSError:
        break
else:
    time.sleep(1)
    print(bait['breach'])
""",
        Cause.CRASHED,
    ),
}


class Runs(Protocol):
    """Runs a command in a jail, as `jails.run` does; gives back what it printed."""

    def __call__(self, jail: Jail, files: Mapping[str, bytes], wall_seconds: float) -> str: ...


def breaches(run: Runs, *, proc: bool) -> list[str]:
    """What got through, as sentences; empty when the jail held and an honest program worked.

    `proc`: where jails have `/proc`.
    """
    with bait() as laid:
        jail = Jail(
            (PYTHON, *PYTHON_FLAGS, "canary.py"),
            mounts={},
            memory_bytes=_MEMORY_BYTES,
            processes=_PROCESSES,
            proc=proc,
        )
        facts = json.dumps(laid.facts).encode()
        found = _curious(run, jail, laid, facts)
        for name, (body, cause) in _GREEDY.items():
            program = (_BEGIN + body).encode()
            try:
                said = run(jail, {"canary.py": program, "bait.json": facts}, _WALL_SECONDS)
            except Stopped as stopped:
                said = "" if stopped.cause is cause else f"it was ended by {stopped}"
            if said:
                found.append(f"a program that {name}: {laid.taken(said) or said[-500:]}")
    return found


def _curious(run: Runs, jail: Jail, laid: Bait, facts: bytes) -> list[str]:
    """One program with all the `CANARIES`, each of which says what it got on a line."""
    program = _BEGIN
    for number, body in enumerate(CANARIES.values()):
        indented = body.strip().replace("\n", "\n    ")
        program += f"def canary{number}():\n    {indented}\n"
    for number, name in enumerate(CANARIES):
        program += f"print({name!r}, ascii(first(canary{number})), sep=': ', flush=True)\n"
    program += f"print({_HONEST!r}, sum(range(7)), sep=': ')\n"
    files = {"canary.py": program.encode(), "bait.json": facts}
    said = run(jail, files, _WALL_SECONDS)
    lines = said.splitlines()
    found = []
    if way := laid.taken(""):
        found.append(f"a program in a jail: {way}")
    found += [
        f"a program that {line.partition(':')[0]}: {way}"
        for line in lines
        if (way := laid.taken(line))
    ]
    if len(lines) != len(CANARIES) + 1 or lines[-1] != f"{_HONEST}: 21":
        found.append(f"an honest program did not work: {said[-500:]}")
    return found
