"""Landlock: a process gives up the file system but for reading beneath named paths."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from . import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers everywhere
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_NEEDED_VERSION = 3
"""Before version 3 truncating a readable file could not be refused."""


def version() -> int:
    """The kernel's Landlock version; 0 when it has none or it is switched off."""
    try:
        return kernel.syscall(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def ruleset(read: Iterable[str], listed: Iterable[str]) -> int:
    """A ruleset that leaves reading beneath `read` and listing beneath `listed`, as a descriptor.

    Nothing may be written anywhere. TCP is refused from version 4, device ioctl from 5,
    abstract sockets and signals to processes outside from 6. Raises `OSError`.
    """
    abi = version()
    if abi < _NEEDED_VERSION:
        raise OSError(f"Landlock version {abi} is too old, {_NEEDED_VERSION} is needed")
    handled = struct.pack("Q", (1 << 16) - 1 if abi >= 5 else (1 << 15) - 1)
    if abi >= 4:
        handled += struct.pack("Q", 3)
    if abi >= 6:
        handled += struct.pack("Q", 3)
    rules = kernel.syscall(_CREATE_RULESET, handled, len(handled), 0)
    for path in read:
        folder = _READ_DIR if Path(path).is_dir() else 0
        _allow(rules, path, _EXECUTE | _READ_FILE | folder)
    for path in listed:
        _allow(rules, path, _READ_DIR)
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        kernel.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", rights, beneath), 0)
    finally:
        os.close(beneath)


def enforce(rules: int) -> None:
    """Put `rules` over this process for ever. Raises `OSError`."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)
