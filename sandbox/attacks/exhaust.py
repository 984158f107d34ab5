"""Attacks that try to use up what others need: time, memory, space, descriptors, patience."""

from __future__ import annotations

from sandbox.attacks.attack import attack

ATTACKS = (
    attack(
        "loop",
        "run for ever",
        "def attack(bait):\n    while True: pass\n",
        endless=True,
    ),
    attack(
        "loop-at-import",
        "run for ever before it is even asked",
        "while True: pass\n",
        endless=True,
    ),
    attack(
        "loop-past-errors",
        "run for ever and swallow whatever would stop it",
        """
import signal
def attack(bait):
    for number in range(1, 65):
        try:
            signal.signal(number, lambda *a: None)
        except (OSError, ValueError):
            pass
    while True:
        try:
            while True: pass
        except BaseException:
            pass
""",
    ),
    attack(
        "sleep",
        "wait for ever",
        "import time\ndef attack(bait):\n    while True: time.sleep(60)\n",
        endless=True,
    ),
    attack(
        "regex-bomb",
        "hold the interpreter in a regular expression",
        "import re\ndef attack(bait):\n    return bool(re.match('(a+)+$', 'a' * 40 + 'b'))\n",
        endless=True,
    ),
    attack(
        "digits-bomb",
        "hold the interpreter in the digits of a number",
        """
import sys
def attack(bait):
    sys.set_int_max_str_digits(0)
    return len(str(7 ** 20_000_000))
""",
        endless=True,
    ),
    attack(
        "power-bomb",
        "compute a number that does not fit in the world",
        "def attack(bait):\n    return (9 ** 9 ** 9) % 10\n",
        endless=True,
    ),
    attack(
        "memory-at-once",
        "take more memory than there is",
        "def attack(bait):\n    hoard = bytearray(1 << 34)\n    return bait['breach']\n",
    ),
    attack(
        "memory-by-and-by",
        "take memory in small bites and swallow the refusals",
        """
def attack(bait):
    hoard = []
    while True:
        try:
            while True:
                hoard.append(bytearray(1 << 16))
                if len(hoard) > 1 << 14:
                    return bait['breach']
        except MemoryError:
            del hoard[-50:]
""",
    ),
    attack(
        "memory-shared",
        "take memory in shared mappings, past the heap",
        """
import mmap
def attack(bait):
    hoard = []
    for _ in range(40):
        part = mmap.mmap(-1, 32 << 20)
        for at in range(0, len(part), 4096):
            part[at] = 1
        hoard.append(part)
    return bait['breach']
""",
    ),
    attack(
        "fork-bomb",
        "multiply",
        "import os\ndef attack(bait):\n    while True:\n        os.fork()\n",
    ),
    attack(
        "thread-bomb",
        "start threads without end",
        """
import threading, time
def attack(bait):
    threading.stack_size(32768)
    started = 0
    try:
        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            started += 1
    except (RuntimeError, MemoryError):
        return started
""",
    ),
    attack(
        "recursion",
        "run over the end of the stack",
        """
import sys
def attack(bait):
    sys.setrecursionlimit(10 ** 9)
    def deeper(n):
        return [*map(deeper, [n + 1])]
    return deeper(0)
""",
    ),
    attack(
        "parser-bomb",
        "break the compiler with nested brackets",
        """
def attack(bait):
    return tried(lambda: compile('(' * 200_000 + ')' * 200_000, 'x', 'eval') and None,
                 lambda: compile('-' * 500_000 + '1', 'x', 'eval') and None,
                 lambda: eval('[' * 90 + ']' * 90) and None)
""",
    ),
    attack(
        "output-flood",
        "print without end",
        "def attack(bait):\n    while True: print('x' * 1000)\n",
    ),
    attack(
        "output-flood-raw",
        "fill both output streams past Python",
        """
import os
def attack(bait):
    while True:
        os.write(1, b'y' * 65536)
        os.write(2, b'z' * 65536)
""",
    ),
    attack(
        "huge-file",
        "fill the disk with one file",
        """
import os
def attack(bait):
    def fill(path):
        with open(path, 'wb') as file:
            for _ in range(64):
                file.write(bytes(1 << 20))
        return bait['breach']
    def sparse():
        with open('/tmp/sparse', 'wb') as file:
            file.truncate(1 << 40)
        return bait['breach']
    here = os.path.dirname(__file__)
    return tried(lambda: fill('/tmp/big'), lambda: fill(here + '/big'), sparse,
                 lambda: fill('/dev/shm/big'))
""",
    ),
    attack(
        "many-files",
        "fill the disk with many files",
        """
def attack(bait):
    def fill(size):
        for i in range(100_000):
            with open(f'/tmp/{size}-{i}', 'wb') as file:
                file.write(bytes(size))
        return bait['breach']
    return tried(lambda: fill(0), lambda: fill(65536))
""",
    ),
    attack(
        "many-descriptors",
        "use up the machine's open files",
        """
import os, socket
def attack(bait):
    held = []
    def pipes():
        while len(held) < 2000:
            held.extend(os.pipe())
        return bait['breach']
    def pairs():
        while len(held) < 4000:
            held.append(socket.socketpair())
        return bait['breach']
    return tried(pipes, pairs)
""",
    ),
    attack(
        "large-pipes",
        "hold kernel memory in pipes",
        """
import fcntl, os
def attack(bait):
    def grow():
        reading, writing = os.pipe()
        return bait['breach'] if fcntl.fcntl(writing, 1031, 1 << 20) else None
    return tried(grow)
""",
    ),
    attack(
        "locked-memory",
        "pin memory so that the machine cannot have it back",
        """
import ctypes
def attack(bait):
    libc = ctypes.CDLL(None)
    buffer = ctypes.create_string_buffer(1 << 22)
    locked = libc.mlock(buffer, 1 << 22) == 0 or libc.mlockall(3) == 0
    return bait['breach'] if locked else None
""",
    ),
    attack(
        "core-dump",
        "leave its memory on the host's disk",
        """
import ctypes, resource
def attack(bait):
    tried(lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)))
    ctypes.string_at(1)
""",
    ),
    attack(
        "abort",
        "end by a signal of its own",
        "import os\ndef attack(bait):\n    os.abort()\n",
    ),
    attack(
        "handle-flood",
        "make the box remember objects without end",
        """
def attack(bait):
    return [object() for _ in range(20_000)]
""",
    ),
    attack(
        "huge-answer",
        "answer more than the host can hold",
        "def attack(bait):\n    return 'x' * (64 << 20)\n",
    ),
    attack(
        "huge-number-answer",
        "answer a number that takes the host long to read",
        "def attack(bait):\n    return 1 << 100_000_000\n",
    ),
    attack(
        "deep-answer",
        "answer a list deeper than the host's stack",
        """
def attack(bait):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
""",
    ),
    attack(
        "endless-answer",
        "answer a list that holds itself",
        "def attack(bait):\n    loop = []\n    loop.append(loop)\n    return loop\n",
    ),
    attack(
        "zip-bomb",
        "unpack a small thing into a large one",
        """
import zlib
def attack(bait):
    part = zlib.compress(bytes(1 << 24), 9)
    return len(zlib.decompress(part * 1)) and [zlib.decompress(part) for _ in range(64)] and None
""",
    ),
)
