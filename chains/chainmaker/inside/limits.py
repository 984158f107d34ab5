"""What one transaction may use, and which names the ledger takes."""

from __future__ import annotations

import re

FUEL = 100_000_000
"""Of a transaction with all its cross calls: about an instruction of WebAssembly each, a byte
each for what copies or fills memory, and what host calls cost."""
HOST_CALL = 20_000
HOST_BYTE = 10
"""What a host call costs, and each byte that goes in or comes out: about the time that it takes."""
SCANNED_KEY = 100
"""What each key costs that an iterator finds."""
START = 100_000
"""What it costs to bring a contract up, for the transaction or for another contract's call."""

MEMORY_BYTES = 64 << 20
"""Linear memory of a transaction with all its cross calls."""
MEMORY_WALL_BYTES = 128 << 20
"""Where growing fails. It lies above `MEMORY_BYTES`, so that whoever grows step by step or doubles
has passed that before growing fails, and what then breaks is known to be for want of memory."""
TABLE_ELEMENTS = 100_000
STACK_BYTES = 512 << 10
"""Of WebAssembly's own stack, in each of the nested calls."""
DEEPEST_CALL = 5
"""Cross calls below the transaction's own."""

MODULE_BYTES = 8 << 20
BODY_BYTES = 1 << 20
"""Of a request in a host call, of a result and of a message."""
LEDGER_BYTES = 32 << 20
"""Keys and values of all changes that a ledger keeps, for its state and its history."""
OUTCOME_BYTES = 2 << 20
"""Of all that one transaction leaves: reads, writes, events, arguments, results. Outside, where a
whole scenario's are held, it becomes several times as much."""
OPEN_LEDGERS = 64
OPEN_ITERATORS = 64

MOST_ARGUMENTS = 50
LONGEST_KEY = 1024
LONGEST_TOPIC = 255
MOST_EVENT_DATA = 16
LONGEST_EVENT_DATA = 65_535
MOST_EVENTS = 256
LOG_LINES = 100
LOG_BYTES = 16 << 10

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_METHOD = re.compile(r"[A-Za-z0-9_]{1,64}")


def fault_of_key(key: str, field: str = "") -> str:
    """Why the ledger takes no such key and field, or ""."""
    for what, name in (("key", key), ("field", field)):
        if not name and what == "field":
            continue
        if not name:
            return "the key is empty"
        if len(name) > LONGEST_KEY:
            return f"the {what} has {len(name)} characters, more than {LONGEST_KEY}"
        if not _NAME.fullmatch(name):
            return f"the {what} {brief(name)} has more in it than letters, digits and . _ -"
    return ""


def fault_of_contract(name: str) -> str:
    """Why no contract can be called that, or ""."""
    if not _NAME.fullmatch(name) or len(name) > 128:
        return f"{brief(name)} is no name of a contract"
    return ""


def fault_of_call(method: str, args: dict[str, bytes]) -> str:
    """Why there can be no such call, or ""."""
    if not _METHOD.fullmatch(method):
        return f"{brief(method)} is no name of a method"
    if len(args) > MOST_ARGUMENTS:
        return f"{len(args)} arguments, more than {MOST_ARGUMENTS}"
    for name, value in args.items():
        if not _NAME.fullmatch(name) or len(name) > LONGEST_KEY:
            return f"{brief(name)} is no name of an argument"
        if len(value) > BODY_BYTES:
            return f"the argument {brief(name)} has {len(value)} bytes, more than {BODY_BYTES}"
    return ""


def brief(name: str) -> str:
    """The name in quotes for a message, not longer than a line."""
    return ascii(name if len(name) <= 60 else f"{name[:60]}...")
