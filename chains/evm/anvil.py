"""Fresh chains: anvil in a jail without network, one for each ledger.

The jail's own program (`inside.bridge`) keeps one chain ready for the next ledger, so that opening
one takes no time. A chain ends with its ledger; nothing of it is there for the next.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from chains.evm import programs
from sandbox.jails import PYTHON, PYTHON_FLAGS, Daemon, Jail
from sandbox.types import BoxBroken, Stopped

ASK_SECONDS = 20.0
START_SECONDS = 60.0
MEMORY_BYTES = 1 << 30
PROCESSES = 512
"""Threads: anvil takes some for every core."""
ANSWER_BYTES = 24 << 20
TRANSACTION = "$transaction"
"""Stands for the hash of the transaction that was sent last, as in `inside.bridge`."""

Request = tuple[str, list[Any]]
"""A method of the JSON-RPC interface and its parameters."""
Reply = dict[str, Any]
"""With a `result` or an `error`."""


class Session:
    """One fresh chain."""

    def __init__(self, daemon: Daemon, hardfork: str) -> None:
        self._daemon = daemon
        answer = daemon.ask({"open": hardfork}, seconds=ASK_SECONDS)
        self._number = answer["session"]

    def ask(self, requests: Sequence[Request]) -> list[Reply]:
        """The replies to these requests, made one after the other.

        Raises `Stopped` when they took too long or too much: it is what a contract did.
        """
        message = {"session": self._number, "requests": requests}
        answer = self._daemon.ask(message, seconds=ASK_SECONDS, answer_bytes=ANSWER_BYTES)
        replies: list[Reply] = answer["replies"]
        return replies

    def close(self) -> None:
        with contextlib.suppress(Stopped, BoxBroken):
            self._daemon.ask({"session": self._number, "close": True}, seconds=ASK_SECONDS)


class Chains:
    """Opens sessions. A jail in which anything odd happened is left and another one started."""

    def __init__(self) -> None:
        self._daemon: Daemon | None = None

    def open(self, hardfork: str) -> Session:
        """Raises `Unavailable`, and `BoxBroken` when a new jail does not open one either: no
        contract was there that could be at fault."""
        with contextlib.suppress(Stopped):
            return Session(self._running(), hardfork)
        try:
            return Session(self._running(), hardfork)
        except Stopped as stopped:
            raise BoxBroken(f"no chain was opened: {stopped}") from stopped

    def _running(self) -> Daemon:
        if self._daemon is None or not self._daemon.alive:
            self.close()
            self._daemon = Daemon(_jail(), start_seconds=START_SECONDS)
        return self._daemon

    def close(self) -> None:
        if self._daemon is not None:
            self._daemon.close()
            self._daemon = None


def _jail() -> Jail:
    return Jail(
        command=(PYTHON, *PYTHON_FLAGS, "/inside/bridge.py"),
        mounts={"/anvil": programs.anvil(), "/inside": programs.INSIDE},
        memory_bytes=MEMORY_BYTES,
        disk_bytes=16 << 20,
        processes=PROCESSES,
    )
