"""The allow-list of system calls, as a classic BPF program made in Python.

What is not named is refused with EPERM. There is no fork, no exec, no socket that could
reach anything, no signal to anyone, no change of mode, owner, limit, mount or namespace.
`clone` makes threads and nothing else; `clone3`, whose flags a filter cannot see, answers
ENOSYS so that the C library falls back to `clone`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import kernel
from .syscalls import AUDIT_X86_64, TABLES

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH = 0, 4
_X32 = 0x40000000

ALLOW = 0x7FFF0000
KILL = 0x80000000
REFUSE = 0x00050000 | errno.EPERM
ABSENT = 0x00050000 | errno.ENOSYS
NO_TERMINAL = 0x00050000 | errno.ENOTTY

THREAD_FLAGS = (0x003D0F00, 0x007D0F00)
"""Exactly what glibc and musl pass to `clone` for a thread."""
IOCTLS = (0x5450, 0x5451, 0x5421)
"""FIONCLEX, FIOCLEX, FIONBIO."""
FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)
"""Duplicate, descriptor and status flags, record locks."""
_AF_UNIX = 1

_Instruction = tuple[int, int, int, int]


def _argument(index: int, *, high: bool = False) -> int:
    return 16 + 8 * index + (4 if high else 0)


def _only(number: int, index: int, allowed: tuple[int, ...], otherwise: int) -> list[_Instruction]:
    """Rules for one call that is allowed when the low word of an argument is one of `allowed`."""
    tests = [(_EQUAL, len(allowed) - i, 0, value) for i, value in enumerate(allowed)]
    body = [(_LOAD, 0, 0, _argument(index)), *tests]
    body += [(_RETURN, 0, 0, otherwise), (_RETURN, 0, 0, ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]


def _only_null(number: int, index: int) -> list[_Instruction]:
    """Rules for one call that is allowed when a pointer argument is NULL."""
    body = [
        (_LOAD, 0, 0, _argument(index)),
        (_EQUAL, 0, 3, 0),
        (_LOAD, 0, 0, _argument(index, high=True)),
        (_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, ALLOW),
        (_RETURN, 0, 0, REFUSE),
    ]
    return [(_EQUAL, 0, len(body), number), *body]


def build(machine: str) -> bytes:
    """The filter for `machine`, ready for the kernel. Raises `KeyError` for unknown machines."""
    audit, numbers = TABLES[machine]
    rules: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _NR),
    ]
    if audit == AUDIT_X86_64:
        rules += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, KILL)]
    special = {
        "clone": _only(numbers["clone"], 0, THREAD_FLAGS, REFUSE),
        "clone3": [(_EQUAL, 0, 1, numbers["clone3"]), (_RETURN, 0, 0, ABSENT)],
        "ioctl": _only(numbers["ioctl"], 1, IOCTLS, NO_TERMINAL),
        "fcntl": _only(numbers["fcntl"], 1, FCNTLS, REFUSE),
        "socketpair": _only(numbers["socketpair"], 0, (_AF_UNIX,), REFUSE),
        "sendto": _only_null(numbers["sendto"], 4),  # only where it was connected at birth
        "prlimit64": _only_null(numbers["prlimit64"], 2),  # reading limits, never setting them
    }
    for rule in special.values():
        rules += rule
    plain = sorted(number for name, number in numbers.items() if name not in special)
    for first, last in _runs(plain):
        # In ascending order: what is below this run and was in none before is refused.
        rules += [
            (_AT_LEAST, 1, 0, first),
            (_RETURN, 0, 0, REFUSE),
            (_AT_LEAST, 1, 0, last + 1),
            (_RETURN, 0, 0, ALLOW),
        ]
    rules.append((_RETURN, 0, 0, REFUSE))
    return b"".join(struct.pack("HBBI", *rule) for rule in rules)


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Sorted numbers as first and last of each run without a gap.

    The kernel works the filter through for every number there is when it is installed, so
    a short filter is part of how fast a box starts.
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def supported() -> bool:
    """Whether there is a table for this machine."""
    return os.uname().machine in TABLES


def install(program: bytes) -> None:
    """Put `program` over this process for ever. Raises `OSError`."""
    buffer = ctypes.create_string_buffer(program, len(program))
    head = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.byref(head))
