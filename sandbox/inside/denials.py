"""The deny-list of system calls for compilers and daemons, as a classic BPF program.

What runs in a jail forks, starts programs and opens sockets, so an allow-list would be as long as
the kernel's own table. Refused is what reaches into other processes, mounts, namespaces, keys and
the kernel itself, what no compiler needs, and memory that a watcher from outside cannot see.
Sockets are those of the jail's own network only: a family such as vsock knows no namespaces.
"""

from __future__ import annotations

import errno
import struct

from .seccomp import ABSENT, ALLOW, KILL, REFUSE
from .syscalls import AUDIT_X86_64, TABLES

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH = 0, 4
_X32 = 0x40000000
_FIRST = 16

NAMESPACES = 0x7E020000
"""The flags of `clone` that make a namespace: mount, cgroup, UTS, IPC, user, PID, net.

That of time is where `clone` keeps a signal: only `unshare` makes it."""
FAMILIES = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6."""
NO_FAMILY = 0x00050000 | errno.EAFNOSUPPORT

_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442,
    "quotactl_fd": 443, "memfd_secret": 447, "process_mrelease": 448,
    "set_mempolicy_home_node": 450, "statmount": 457, "listmount": 458, "lsm_set_self_attr": 460,
    "open_tree_attr": 467,
}  # fmt: skip
"""Since Linux 5.1 every machine has the same numbers."""

X86_64 = {
    "shmget": 29, "shmat": 30, "shmctl": 31, "ptrace": 101, "syslog": 103, "uselib": 134,
    "personality": 135, "modify_ldt": 154, "pivot_root": 155, "adjtimex": 159, "chroot": 161,
    "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
    "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
    "init_module": 175, "delete_module": 176, "quotactl": 179, "lookup_dcookie": 212,
    "clock_settime": 227, "mbind": 237, "set_mempolicy": 238, "mq_open": 240, "kexec_load": 246,
    "add_key": 248, "request_key": 249, "keyctl": 250, "migrate_pages": 256, "unshare": 272,
    "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300, "fanotify_mark": 301,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
    "seccomp": 317, "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
    "vhangup": 153, **_EVERYWHERE,
}  # fmt: skip

AARCH64 = {
    "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51,
    "vhangup": 58, "quotactl": 60, "acct": 89, "personality": 92, "unshare": 97,
    "kexec_load": 104, "init_module": 105, "delete_module": 106, "clock_settime": 112,
    "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162,
    "settimeofday": 170, "adjtimex": 171, "mq_open": 180, "shmget": 194, "shmctl": 195,
    "shmat": 196, "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224,
    "swapoff": 225, "mbind": 235, "set_mempolicy": 237, "migrate_pages": 238, "move_pages": 239,
    "perf_event_open": 241, "fanotify_init": 262, "fanotify_mark": 263, "name_to_handle_at": 264,
    "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "seccomp": 277,
    "memfd_create": 279, "bpf": 280, "userfaultfd": 282, "kexec_file_load": 294, **_EVERYWHERE,
}  # fmt: skip

DENIED = {"x86_64": X86_64, "aarch64": AARCH64}
_CONDITIONAL = {"x86_64": (56, 302, 41, 53), "aarch64": (220, 261, 198, 199)}
"""`clone`, `prlimit64`, `socket`, `socketpair`."""
_CLONE3 = 435
_PRETENDED_ABSENT = {
    "io_uring_setup", "io_uring_enter", "io_uring_register", "memfd_create", "memfd_secret",
}  # fmt: skip
"""Programs ask for these and have another way when the kernel does not know them."""

_Instruction = tuple[int, int, int, int]


def _families(number: int) -> list[_Instruction]:
    """Rules for a call that makes sockets."""
    tests = [(_EQUAL, len(FAMILIES) - i, 0, family) for i, family in enumerate(FAMILIES)]
    body = [(_LOAD, 0, 0, _FIRST), *tests, (_RETURN, 0, 0, NO_FAMILY), (_RETURN, 0, 0, ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]


def build(machine: str, *, memory_files: bool = False) -> bytes:
    """The filter for `machine`, ready for the kernel. Raises `KeyError` for unknown machines.

    `memory_files` leaves `memfd_create` allowed.
    """
    audit, _ = TABLES[machine]
    clone, prlimit, *sockets = _CONDITIONAL[machine]
    rules: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _NR),
    ]
    if audit == AUDIT_X86_64:
        rules += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, KILL)]
    rules += [
        (_EQUAL, 0, 4, clone),
        (_LOAD, 0, 0, _FIRST),
        (_ANY_BIT, 0, 1, NAMESPACES),
        (_RETURN, 0, 0, REFUSE),
        (_RETURN, 0, 0, ALLOW),
        # `clone3` keeps its flags where a filter cannot see them; the C library has `clone`.
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, ABSENT),
        # Its own limits only: with those of the first process a program could break the jail.
        (_EQUAL, 0, 4, prlimit),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, REFUSE),
        (_RETURN, 0, 0, ALLOW),
    ]
    for number in sockets:
        rules += _families(number)
    for name, number in sorted(DENIED[machine].items(), key=lambda entry: entry[1]):
        if memory_files and name == "memfd_create":
            continue
        verdict = ABSENT if name in _PRETENDED_ABSENT else REFUSE
        rules += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, verdict)]
    rules.append((_RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *rule) for rule in rules)
