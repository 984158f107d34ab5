"""Numbers of the system calls that a program may make, per machine.

The tables are data of the Linux kernel's headers (`asm/unistd.h`); a test compares them with
the headers of the machine where those are installed. A name that a machine does not have is
simply absent from its table.
"""

from __future__ import annotations

X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7,
    "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13,
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16, "pread64": 17, "pwrite64": 18,
    "readv": 19, "writev": 20, "access": 21, "pipe": 22, "select": 23, "sched_yield": 24,
    "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39,
    "sendto": 44, "recvfrom": 45, "shutdown": 48, "socketpair": 53, "clone": 56, "exit": 60,
    "uname": 63, "fcntl": 72, "flock": 73, "fsync": 74, "fdatasync": 75, "ftruncate": 77,
    "getdents": 78, "getcwd": 79, "chdir": 80, "rename": 82, "mkdir": 83, "rmdir": 84,
    "unlink": 87, "readlink": 89, "umask": 95, "gettimeofday": 96, "getrlimit": 97,
    "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107,
    "getegid": 108, "getppid": 110, "sigaltstack": 131, "statfs": 137, "fstatfs": 138,
    "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204, "epoll_wait": 232,
    "epoll_ctl": 233, "getdents64": 217, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "openat": 257, "mkdirat": 258, "newfstatat": 262,
    "unlinkat": 263, "renameat": 264, "readlinkat": 267, "faccessat": 269, "pselect6": 270,
    "ppoll": 271, "set_robust_list": 273, "epoll_pwait": 281, "eventfd2": 290,
    "epoll_create1": 291, "dup3": 292, "pipe2": 293, "prlimit64": 302, "renameat2": 316,
    "getrandom": 318, "statx": 332, "rseq": 334, "clone3": 435, "close_range": 436,
    "faccessat2": 439,
}  # fmt: skip

AARCH64 = {
    "getcwd": 17, "eventfd2": 19, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22,
    "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29, "flock": 32, "mkdirat": 34, "unlinkat": 35,
    "renameat": 38, "statfs": 43, "fstatfs": 44, "ftruncate": 46, "faccessat": 48, "chdir": 49,
    "openat": 56, "close": 57, "pipe2": 59, "getdents64": 61, "lseek": 62, "read": 63,
    "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pwrite64": 68, "pselect6": 72,
    "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80, "fsync": 82, "fdatasync": 83,
    "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
    "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115,
    "sched_getaffinity": 123, "sched_yield": 124, "sigaltstack": 132, "rt_sigaction": 134,
    "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153, "uname": 160, "getrlimit": 163,
    "getrusage": 165, "umask": 166, "gettimeofday": 169, "getpid": 172, "getppid": 173,
    "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
    "socketpair": 199, "sendto": 206, "recvfrom": 207, "shutdown": 210, "brk": 214,
    "munmap": 215, "mremap": 216, "clone": 220, "mmap": 222, "mprotect": 226, "madvise": 233,
    "prlimit64": 261, "renameat2": 276, "getrandom": 278, "statx": 291, "rseq": 293,
    "clone3": 435, "close_range": 436, "faccessat2": 439,
}  # fmt: skip

AUDIT_X86_64 = 0xC000003E
AUDIT_AARCH64 = 0xC00000B7

TABLES = {"x86_64": (AUDIT_X86_64, X86_64), "aarch64": (AUDIT_AARCH64, AARCH64)}
"""Machine (as `os.uname().machine` says it) → audit architecture and table."""
