"""The filter, worked through by a small interpreter, and its tables against the headers."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from sandbox.inside import seccomp
from sandbox.inside.syscalls import AARCH64, AUDIT_AARCH64, AUDIT_X86_64, TABLES, X86_64

HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), X86_64),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), AARCH64),
}


def decide(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would do with one system call."""
    audit = TABLES[machine][0] if arch is None else arch
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, audit, 0, *padded)
    program = seccomp.build(machine)
    at, word = 0, 0
    while True:
        code, yes, no, value = struct.unpack_from("HBBI", program, 8 * at)
        at += 1
        match code:
            case 0x20:
                (word,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += yes if word == value else no
            case 0x35:
                at += yes if word >= value else no
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(code)


CONDITIONAL = {"clone", "clone3", "ioctl", "fcntl", "socketpair", "sendto", "prlimit64"}


@pytest.mark.parametrize("machine", TABLES)
def test_every_number_is_decided_as_the_table_says(machine: str) -> None:
    numbers = TABLES[machine][1]
    names = {number: name for name, number in numbers.items()}
    for number in range(600):
        if names.get(number) in CONDITIONAL:
            continue
        expected = seccomp.ALLOW if number in names else seccomp.REFUSE
        assert decide(machine, number) == expected, (number, names.get(number))


@pytest.mark.parametrize("machine", TABLES)
def test_calls_with_conditions(machine: str) -> None:
    numbers = TABLES[machine][1]

    def asked(name: str, *arguments: int) -> int:
        return decide(machine, numbers[name], *arguments)

    assert asked("clone", 0x3D0F00) == asked("clone", 0x7D0F00) == seccomp.ALLOW
    assert asked("clone", 17) == asked("clone", 0x3D0F00 | 0x10000000) == seccomp.REFUSE
    assert asked("clone3") == seccomp.ABSENT
    assert asked("ioctl", 0, 0x5421) == seccomp.ALLOW
    assert asked("ioctl", 0, 0x5412) == seccomp.NO_TERMINAL
    assert asked("fcntl", 0, 1030) == seccomp.ALLOW
    assert asked("fcntl", 0, 1031) == asked("fcntl", 0, 8) == seccomp.REFUSE
    assert asked("socketpair", 1) == seccomp.ALLOW
    assert asked("socketpair", 2) == seccomp.REFUSE
    assert asked("sendto", 0, 0, 0, 0, 0) == seccomp.ALLOW
    assert asked("sendto", 0, 0, 0, 0, 1) == asked("sendto", 0, 0, 0, 0, 1 << 40) == seccomp.REFUSE
    assert asked("prlimit64", 0, 0, 0) == seccomp.ALLOW
    assert asked("prlimit64", 0, 0, 1) == asked("prlimit64", 0, 0, 1 << 40) == seccomp.REFUSE


def test_other_architectures_are_killed() -> None:
    assert decide("x86_64", 0, arch=AUDIT_AARCH64) == seccomp.KILL
    assert decide("aarch64", 63, arch=AUDIT_X86_64) == seccomp.KILL
    assert decide("x86_64", 0, arch=0x40000003) == seccomp.KILL
    assert decide("x86_64", 0x40000000) == decide("x86_64", 0x40000027) == seccomp.KILL


DANGEROUS = {
    "fork", "vfork", "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev",
    "kill", "tkill", "tgkill", "pidfd_open", "pidfd_send_signal", "pidfd_getfd",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "openat2", "bpf", "perf_event_open",
    "userfaultfd", "keyctl", "add_key", "request_key", "mount", "umount2", "move_mount",
    "fsopen", "fsmount", "open_tree", "mount_setattr", "pivot_root", "chroot", "unshare",
    "setns", "socket", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "recvmsg",
    "sendmmsg", "recvmmsg", "setuid", "setgid", "setresuid", "setresgid", "setgroups", "capset",
    "prctl", "seccomp", "personality", "chmod", "fchmod", "fchmodat", "chown", "fchown",
    "fchownat", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat", "setxattr",
    "memfd_create", "memfd_secret", "shmget", "shmat", "msgget", "semget", "mq_open",
    "inotify_init1", "fanotify_init", "name_to_handle_at", "open_by_handle_at", "setrlimit",
    "setpriority", "sched_setscheduler", "sched_setattr", "ioprio_set", "mlock", "mlockall",
    "splice", "vmsplice", "tee", "truncate", "creat", "landlock_create_ruleset", "reboot",
    "swapon", "sethostname", "init_module", "finit_module", "kexec_load", "syslog", "acct",
    "quotactl", "settimeofday", "clock_settime", "setsid", "setpgid",
}  # fmt: skip


@pytest.mark.parametrize("machine", TABLES)
def test_no_dangerous_call_is_in_a_table(machine: str) -> None:
    assert sorted(DANGEROUS & set(TABLES[machine][1])) == []


@pytest.mark.parametrize("machine", HEADERS)
def test_the_tables_are_those_of_the_headers(machine: str) -> None:
    header, table = HEADERS[machine]
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", header.read_text()))
    generic = {"newfstatat": "fstatat", "fstat": "fstat"} if machine == "aarch64" else {}
    listed = {name: int(found.get(name) or found[generic.get(name, name)]) for name in table}
    assert listed == table
