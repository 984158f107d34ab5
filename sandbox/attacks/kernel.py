"""Attacks on the wall itself: system calls that must be refused, and programs to start."""

from __future__ import annotations

from sandbox.attacks.attack import Attack, attack

_CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == 'aarch64'
def call(x86, arm, *arguments):
    result = libc.syscall(ctypes.c_long(arm if ARM else x86), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), 'refused')
    return result
"""


def _refused(name: str, tries: str, *calls: str) -> Attack:
    """An attack by system calls, each of which must fail."""
    ways = ", ".join(f"lambda: ({call}, bait['breach'])" for call in calls)
    return attack(name, tries, f"{_CALL}\ndef attack(bait):\n    return tried({ways})\n")


ATTACKS = (
    _refused(
        "ptrace",
        "trace another process, or be traced",
        "call(101, 117, 0, 0, 0, 0)",
        "call(101, 117, 16, os.getppid() or 1, 0, 0)",
        "call(101, 117, 0x4206, 1, 0, 0)",
    ),
    _refused(
        "process-memory",
        "read and write the memory of another process",
        "call(310, 270, bait['pid'], ctypes.create_string_buffer(16), 1, 0, 0, 0)",
        "call(311, 271, os.getppid() or 1, ctypes.create_string_buffer(16), 1, 0, 0, 0)",
    ),
    _refused(
        "io-uring",
        "do input and output past the filter",
        "call(425, 425, 8, ctypes.create_string_buffer(256))",
        "call(426, 426, 3, 1, 0, 0, 0, 0)",
    ),
    _refused(
        "bpf",
        "load a program into the kernel",
        "call(321, 280, 0, ctypes.create_string_buffer(128), 128)",
        "call(321, 280, 5, ctypes.create_string_buffer(128), 128)",
        "call(298, 241, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    ),
    _refused(
        "keyrings",
        "use the kernel's key rings, which boxes could share",
        "call(250, 219, 0, -3, 1)",
        "call(248, 217, b'user', b'note', b'hello', 5, -4)",
    ),
    _refused(
        "userfaultfd",
        "stop the kernel in the middle of a copy",
        "call(323, 282, 0)",
        "call(323, 282, 1)",
    ),
    _refused(
        "namespaces",
        "make or enter namespaces",
        "call(272, 97, 0x10000000)",
        "call(272, 97, 0x20000)",
        "call(272, 97, 0x40000000)",
        "call(308, 268, 3, 0)",
        "call(435, 435, ctypes.create_string_buffer(88), 88)",
    ),
    _refused(
        "mounts",
        "change what is mounted",
        "call(165, 40, b'tmpfs', b'/tmp', b'tmpfs', 0, 0)",
        "call(165, 40, 0, b'/', 0, 32, 0)",
        "call(166, 39, b'/box', 2)",
        "call(155, 41, b'/tmp', b'/tmp')",
        "call(428, 428, -100, b'/', 1)",
        "call(430, 430, b'tmpfs', 0)",
        "call(429, 429, 3, b'', -100, b'/tmp', 4)",
        "call(442, 442, -100, b'/', 0, ctypes.create_string_buffer(32), 32)",
    ),
    _refused(
        "chroot",
        "change its root",
        "os.chroot('/tmp')",
        "os.chroot('.')",
        "os.fchdir(0) or os.chroot('..')",
    ),
    _refused(
        "identity",
        "become somebody else",
        "os.setuid(0) or 1",
        "os.setresuid(0, 0, 0)",
        "os.setgroups([0])",
        "os.setgid(0)",
        "call(126, 91, ctypes.create_string_buffer(8), ctypes.create_string_buffer(24))",
    ),
    _refused(
        "limits",
        "raise its own limits or change another's",
        "__import__('resource').setrlimit(0, (9, 9))",
        "__import__('resource').prlimit(0, 9, (-1, -1))",
        "__import__('resource').setrlimit(9, (-1, -1))",
        "__import__('resource').prlimit(os.getppid() or 1, 0, (1, 1))",
    ),
    _refused(
        "priority",
        "take the machine for itself",
        "os.nice(-5)",
        "os.nice(1)",
        "os.setpriority(0, 0, -10)",
        "os.sched_setscheduler(0, 1, os.sched_param(50))",
        "os.sched_setaffinity(0, [0])",
        "call(251, 30, 1, 0, 0)",
    ),
    _refused(
        "process-control",
        "change how the kernel treats this process",
        "call(157, 167, 1, 0, 0, 0, 0)",
        "call(157, 167, 4, 1, 0, 0, 0)",
        "call(157, 167, 36, 1, 0, 0, 0)",
        "call(157, 167, 0x59616d61, -1, 0, 0, 0)",
        "call(317, 277, 1, 0, 0)",
        "call(135, 92, 0x0400000)",
    ),
    _refused(
        "system",
        "stop, rename or reconfigure the machine",
        "call(169, 142, 0xfee1dead, 672274793, 0x1234567, 0)",
        "call(170, 161, b'mine', 4)",
        "call(246, 104, 0, 0, 0, 0, 0)",
        "call(175, 105, 0, 0, b'')",
        "call(103, 116, 3, ctypes.create_string_buffer(64), 64)",
        "__import__('time').clock_settime(0, 0)",
        "call(167, 224, b'/tmp/x', 0)",
    ),
    _refused(
        "modes-and-owners",
        "change modes and owners of files, and leave set-user-id programs",
        "os.chmod(__file__, 0o4755)",
        "os.chown(__file__, 0, 0)",
        "os.utime(__file__)",
        "os.setxattr(__file__, 'user.a', b'b')",
        "os.chmod('/tmp', 0o777)",
    ),
    _refused(
        "handles",
        "open files by handles and by calls that a filter cannot see through",
        "call(304, 265, 3, ctypes.create_string_buffer(64), 0)",
        "call(303, 264, -100, b'/', ctypes.create_string_buffer(64), 0, 0)",
        "call(437, 437, -100, b'/box', ctypes.create_string_buffer(24), 24)",
        "call(438, 438, 3, 0, 0)",
    ),
    _refused(
        "shared-memory",
        "leave messages in System V and POSIX queues",
        "call(29, 194, 77, 4096, 0o1777)",
        "call(68, 186, 77, 0o1777)",
        "call(64, 190, 77, 1, 0o1777)",
        "call(240, 180, b'/note', 0o102, 0o600, 0)",
        "call(319, 279, b'note', 0)",
        "call(447, 447, 0)",
    ),
    _refused(
        "watches",
        "watch what others do in the file system",
        "call(294, 26, 0)",
        "call(300, 262, 0, 0)",
        "call(283, 85, 1, 0)",
    ),
    _refused(
        "foreign-clone",
        "clone a process where a thread is expected",
        "call(56, 220, 17, 0, 0, 0, 0)",
        "call(56, 220, 0x10000011, 0, 0, 0, 0)",
        "call(56, 220, 0x3d0f00 | 0x10000000, 0, 0, 0, 0)",
        "call(56, 220, 0x4111, 0, 0, 0, 0)",
        "call(58, 1079, 0)",
    ),
    attack(
        "other-numbers",
        "enter the kernel by the 32-bit gate, whose numbers mean other calls",
        """
import ctypes, mmap, os
def attack(bait):
    if os.uname().machine != 'x86_64':
        return None
    # int 0x80 with eax = 20: getpid in the 32-bit table, writev in the 64-bit one
    code = b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3'
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return bait['breach'] if result > 0 else result
""",
    ),
    attack(
        "x32",
        "enter the kernel by the x32 numbers",
        _CALL
        + """
def attack(bait):
    if ARM:
        return None
    return bait['breach'] if call(0x40000000 + 39, 0) > 0 else None
""",
    ),
    attack(
        "fork",
        "fork in every way that Python knows",
        """
import os, subprocess, multiprocessing, pty
def attack(bait):
    def child():
        if os.fork() == 0:
            os._exit(0)
        return bait['breach']
    def process():
        p = multiprocessing.get_context('fork').Process(target=print)
        p.start()
        return bait['breach']
    return tried(child, process, lambda: pty.fork() and bait['breach'],
                 lambda: os.posix_spawn('/python/bin/python3', ['python3'], {}) and bait['breach'],
                 lambda: os.popen('id').read() or None,
                 lambda: os.system('true') == 0 and bait['breach'])
""",
    ),
    attack(
        "exec",
        "replace itself by another program",
        """
import os, sys
def attack(bait):
    paths = (sys.executable, '/bin/sh', '/usr/bin/id', '/proc/self/exe', '/usr/bin/sudo')
    return tried(*[lambda p=p: os.execv(p, [p, '-c', 'print(1)']) for p in paths])
""",
    ),
    attack(
        "memfd-exec",
        "start a program that it wrote into memory or into /tmp",
        """
import os
def attack(bait):
    def from_memory():
        fd = os.memfd_create('x')
        os.write(fd, b'#!/python/bin/python3\\nprint(1)')
        os.execve(fd, ['x'], {})
    def from_folder():
        with open('/tmp/x', 'w') as file:
            file.write('#!/bin/sh\\n')
        os.chmod('/tmp/x', 0o755)
        os.execv('/tmp/x', ['x'])
    return tried(from_memory, from_folder)
""",
    ),
    attack(
        "load-library",
        "load machine code that it wrote itself",
        """
import ctypes, shutil, glob
def attack(bait):
    def load():
        source = glob.glob('/python/lib/python3*/lib-dynload/_bisect*.so')[0]
        shutil.copyfile(source, '/tmp/mine.so')
        ctypes.CDLL('/tmp/mine.so')
        return bait['breach']
    return tried(load)
""",
    ),
)
