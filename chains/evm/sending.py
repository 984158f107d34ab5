"""Sends transactions to one chain, each in the block and at the time that the ledger names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chains.evm.anvil import TRANSACTION, Reply, Request, Session
from chains.evm.outcomes import Accounts, Call
from sandbox.types import BoxBroken, Stopped

GAS = 5_000_000
"""What one transaction may use."""
_CALLS = {"tracer": "callTracer"}
_BEFORE = {"tracer": "prestateTracer"}
_DIFFERENCE = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}

Fields = Mapping[str, str]
"""Of a transaction, as JSON-RPC has them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the chain says of a transaction that it took, or of a query."""

    call: Call
    before: Accounts
    difference: Mapping[str, Accounts]
    receipt: Mapping[str, Any]


class Sender:
    """One session, its height, and whether it still lives."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._mined = 0
        """Height of the chain, which knows nothing of what the ledger refused."""
        self._dead: Stopped | None = None
        self.ask([("anvil_setBlockTimestampInterval", [1])])

    def expect_alive(self) -> None:
        """Raise again what stopped the chain."""
        if self._dead is not None:
            raise self._dead

    def ask(self, requests: list[Request]) -> list[Reply]:
        self.expect_alive()
        try:
            return self._session.ask(requests)
        except Stopped as stopped:
            self._dead = stopped
            raise

    def send(
        self, fields: Fields, *, height: int, time: int, preparing: list[Request] | None = None
    ) -> Sent | str:
        """Do what is to be prepared and send it. Returns what the chain said of the transaction,
        or why it did not take it."""
        if intrinsic_gas(fields) > GAS:
            return f"the data alone cost more than {GAS} gas"
        behind = height - 1 - self._mined
        catching_up: list[Request] = [("anvil_mine", [hex(behind)])] if behind else []
        replies = self.ask(
            [
                *catching_up,
                *(preparing or []),
                ("evm_setNextBlockTimestamp", [time]),
                ("eth_sendTransactionSync", [fields]),
                ("debug_traceTransaction", [TRANSACTION, _CALLS]),
                ("debug_traceTransaction", [TRANSACTION, _BEFORE]),
                ("debug_traceTransaction", [TRANSACTION, _DIFFERENCE]),
            ]
        )
        self._mined += behind
        if "error" in replies[-4]:
            return str(replies[-4]["error"]["message"])
        self._mined += 1
        receipt, call, before, difference = map(result, replies[-4:])
        return Sent(call, before, difference, receipt)

    def query(self, fields: Fields, *, height: int, time: int) -> Sent:
        """Run it on the latest state, which stays as it is."""
        block = {"blockOverrides": {"number": hex(height), "time": hex(time)}}
        replies = self.ask(
            [
                ("debug_traceCall", [fields, "latest", {**tracer, **block}])
                for tracer in (_CALLS, _BEFORE)
            ]
        )
        call, before = map(result, replies)
        return Sent(call, before, {"pre": {}, "post": {}}, {"logs": ()})

    def snapshot(self) -> tuple[str, int]:
        """Something to come back to."""
        return str(result(self.ask([("evm_snapshot", [])])[0])), self._mined

    def restore(self, snapshot: tuple[str, int]) -> None:
        name, self._mined = snapshot
        self.ask([("evm_revert", [name])])

    def close(self) -> None:
        self._session.close()


def intrinsic_gas(fields: Fields) -> int:
    """What a transaction costs before its first instruction (EIP-2028, EIP-3860)."""
    data = bytes.fromhex(fields["data"][2:])
    words = -(-len(data) // 32)
    creation = 0 if "to" in fields else 32_000 + 2 * words
    return 21_000 + creation + 16 * len(data) - 12 * data.count(0)


def result(reply: Reply) -> Any:
    """Raises `BoxBroken`: what we ask for, a chain in order can do."""
    if "error" in reply:
        raise BoxBroken(f"the chain said: {reply['error'].get('message', '')}")
    return reply["result"]
