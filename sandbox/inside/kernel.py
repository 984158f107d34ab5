"""The system calls that Python has no function for, through the C library."""

from __future__ import annotations

import ctypes
import os
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_REC = 16384
MS_PRIVATE = 1 << 18

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(number: int, *arguments: object) -> int:
    """One raw system call. Raises `OSError`."""
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), f"system call {number}")


def prctl(option: int, *arguments: object) -> None:
    """`prctl` with missing arguments as 0. Raises `OSError`."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded]
    _checked(_libc.prctl(option, *words), f"prctl {option}")


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    _checked(_libc.setns(descriptor, kind), "setns")


def mount_tmpfs(target: str, flags: int, *, size: int, inodes: int, mode: str) -> None:
    """A new tmpfs of `size` bytes and `inodes` files, never for programs or devices."""
    options = f"size={size},nr_inodes={inodes},mode={mode}".encode()
    flags |= MS_NOSUID | MS_NODEV | MS_NOEXEC
    outcome = _libc.mount(b"tmpfs", target.encode(), b"tmpfs", ctypes.c_ulong(flags), options)
    _checked(outcome, f"mount {target}")


def change_mount(target: str, flags: int) -> None:
    outcome = _libc.mount(None, target.encode(), None, ctypes.c_ulong(flags), None)
    _checked(outcome, f"change mount {target}")


def drop_capabilities() -> None:
    """Give up every capability; `no_new_privs` (seccomp sets it) keeps them away for ever."""
    prctl(PR_CAP_AMBIENT, 4)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    syscall(_CAPSET[os.uname().machine], header, bytes(24))
