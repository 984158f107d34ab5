"""What Go and TinyGo ask of an operating system that contracts do not have.

Output goes to the log. The clock stands at the time of the transaction and moves a microsecond
each time it is read, so that waiting ends. Random bytes are a function of the transaction's id:
they serve to seed hash tables, and are no secret. There are no files, arguments or variables.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from . import limits
from .journal import Printer
from .outcomes import Exited, Fault

WASI_MODULES = ("wasi_snapshot_preview1", "wasi_unstable")

_SUCCESS, _BAD_DESCRIPTOR, _INVALID, _NOT_SUPPORTED, _NO_SEEK = 0, 8, 28, 52, 70
_CHARACTER_DEVICE = 2
_MOST_VECTORS = 64
_MOST_SUBSCRIPTIONS = 64
_PAIR = struct.Struct("<II")
_LONG = struct.Struct("<Q")


class Memory(Protocol):
    """The linear memory of a contract. Raises `Fault` for places outside it."""

    def read(self, pointer: int, length: int) -> bytes: ...

    def write(self, pointer: int, content: bytes) -> None: ...

    def write_integer(self, pointer: int, number: int) -> None: ...


class System:
    """The operating system that one call of a contract sees."""

    def __init__(
        self, memory: Memory, transaction: str, time: int, streams: Mapping[int, Printer]
    ) -> None:
        """`streams`: descriptor → what is printed on."""
        self._memory = memory
        self._transaction = transaction.encode()
        self._nanoseconds = time * 1_000_000_000
        self._randoms = 0
        self._streams = streams

    def call(self, name: str, *numbers: int) -> int:
        """The error number that `name` gives, 0 for none."""
        function = _FUNCTIONS.get(name)
        if function is None:
            return _NOT_SUPPORTED
        try:
            return function(self, *numbers)
        except Fault:
            return _INVALID

    def exit(self, code: int) -> int:
        raise Exited(code)

    def nothing(self, count: int, size: int) -> int:
        """The sizes of arguments and of the environment."""
        self._memory.write_integer(count, 0)
        self._memory.write_integer(size, 0)
        return _SUCCESS

    def done(self, *_: int) -> int:
        return _SUCCESS

    def read_clock(self, _clock: int, _precision: int, pointer: int) -> int:
        self._nanoseconds += 1000
        self._memory.write(pointer, _LONG.pack(self._nanoseconds))
        return _SUCCESS

    def resolution(self, _clock: int, pointer: int) -> int:
        self._memory.write(pointer, _LONG.pack(1000))
        return _SUCCESS

    def random(self, pointer: int, length: int) -> int:
        if not 0 <= length <= limits.BODY_BYTES:
            return _INVALID
        produced = hashlib.shake_256(self._transaction + _LONG.pack(self._randoms))
        self._randoms += 1
        self._memory.write(pointer, produced.digest(length))
        return _SUCCESS

    def print(self, descriptor: int, vectors: int, count: int, written: int) -> int:
        printer = self._streams.get(descriptor)
        if printer is None:
            return _BAD_DESCRIPTOR
        if not 0 <= count <= _MOST_VECTORS:
            return _INVALID
        table = self._memory.read(vectors, count * _PAIR.size)
        parts = [self._memory.read(place, size) for place, size in _PAIR.iter_unpack(table)]
        content = b"".join(parts)
        printer.write(content)
        self._memory.write_integer(written, len(content))
        return _SUCCESS

    def read(self, descriptor: int, _vectors: int, _count: int, taken: int) -> int:
        if descriptor != 0:
            return _BAD_DESCRIPTOR
        self._memory.write_integer(taken, 0)
        return _SUCCESS

    def describe(self, descriptor: int, pointer: int) -> int:
        if descriptor not in (0, 1, 2):
            return _BAD_DESCRIPTOR
        self._memory.write(pointer, bytes([_CHARACTER_DEVICE]) + bytes(23))
        return _SUCCESS

    def close(self, descriptor: int) -> int:
        return _SUCCESS if descriptor in (0, 1, 2) else _BAD_DESCRIPTOR

    def seek(self, descriptor: int, _offset: int, _whence: int, _pointer: int) -> int:
        return _NO_SEEK if descriptor in (0, 1, 2) else _BAD_DESCRIPTOR

    def no_folder(self, *_: int) -> int:
        return _BAD_DESCRIPTOR

    def wait(self, subscriptions: int, events: int, count: int, happened: int) -> int:
        """Every clock that is waited for has gone off; nothing else ever happens."""
        if not 0 < count <= _MOST_SUBSCRIPTIONS:
            return _INVALID
        told = b""
        for index in range(count):
            wanted = _Subscription(self._memory.read(subscriptions + index * 48, 48))
            error = _SUCCESS if wanted.is_clock else _NOT_SUPPORTED
            if wanted.is_clock:
                self._nanoseconds = wanted.due(self._nanoseconds)
            told += struct.pack("<QHB", wanted.data, error, wanted.tag) + bytes(21)
        self._memory.write(events, told)
        self._memory.write_integer(happened, count)
        return _SUCCESS


@dataclass(frozen=True, slots=True)
class _Subscription:
    """One of the things that `poll_oneoff` is asked to wait for, as 48 bytes."""

    source: bytes

    @property
    def data(self) -> int:
        return int(_LONG.unpack_from(self.source, 0)[0])

    @property
    def tag(self) -> int:
        return self.source[8]

    @property
    def is_clock(self) -> bool:
        return self.tag == 0

    def due(self, now: int) -> int:
        """When the clock goes off, in nanoseconds, but never more than an hour ahead."""
        timeout = int(_LONG.unpack_from(self.source, 24)[0])
        absolute = self.source[40] & 1
        return max(now, min(timeout if absolute else now + timeout, now + 3600 * 10**9))


_FUNCTIONS: dict[str, Callable[..., int]] = {
    "args_get": System.done,
    "args_sizes_get": System.nothing,
    "clock_res_get": System.resolution,
    "clock_time_get": System.read_clock,
    "environ_get": System.done,
    "environ_sizes_get": System.nothing,
    "fd_close": System.close,
    "fd_fdstat_get": System.describe,
    "fd_fdstat_set_flags": System.done,
    "fd_prestat_dir_name": System.no_folder,
    "fd_prestat_get": System.no_folder,
    "fd_read": System.read,
    "fd_seek": System.seek,
    "fd_write": System.print,
    "poll_oneoff": System.wait,
    "proc_exit": System.exit,
    "random_get": System.random,
    "sched_yield": System.done,
}

_PARAMETERS = {
    "args_get": "ii",
    "args_sizes_get": "ii",
    "clock_res_get": "ii",
    "clock_time_get": "iIi",
    "environ_get": "ii",
    "environ_sizes_get": "ii",
    "fd_advise": "iIIi",
    "fd_allocate": "iII",
    "fd_close": "i",
    "fd_datasync": "i",
    "fd_fdstat_get": "ii",
    "fd_fdstat_set_flags": "ii",
    "fd_fdstat_set_rights": "iII",
    "fd_filestat_get": "ii",
    "fd_filestat_set_size": "iI",
    "fd_filestat_set_times": "iIIi",
    "fd_pread": "iiiIi",
    "fd_prestat_dir_name": "iii",
    "fd_prestat_get": "ii",
    "fd_pwrite": "iiiIi",
    "fd_read": "iiii",
    "fd_readdir": "iiiIi",
    "fd_renumber": "ii",
    "fd_seek": "iIii",
    "fd_sync": "i",
    "fd_tell": "ii",
    "fd_write": "iiii",
    "path_create_directory": "iii",
    "path_filestat_get": "iiiii",
    "path_filestat_set_times": "iiiiIIi",
    "path_link": "iiiiiii",
    "path_open": "iiiiiIIii",
    "path_readlink": "iiiiii",
    "path_remove_directory": "iii",
    "path_rename": "iiiiii",
    "path_symlink": "iiiii",
    "path_unlink_file": "iii",
    "poll_oneoff": "iiii",
    "proc_exit": "i",
    "proc_raise": "i",
    "random_get": "ii",
    "sched_yield": "",
    "sock_accept": "iii",
    "sock_recv": "iiiiii",
    "sock_send": "iiiii",
    "sock_shutdown": "ii",
}
"""What is not among the functions above exists and is not supported: linking wants it."""

WASI_TYPES = {
    name: (parameters, "" if name == "proc_exit" else "i")
    for name, parameters in _PARAMETERS.items()
}
