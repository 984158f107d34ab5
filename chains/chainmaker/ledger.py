"""One fresh Chang'An Chain ledger: the host runs its contracts."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chains.chainmaker.daemon import Host, Refused
from chains.chainmaker.outcome import read_outcome
from chains.lifecycle import Standing
from chains.record import Order, RecordedLedger
from chains.transcripts import hidden, shown
from chains.types import Artefact, CallKind, Status, Transaction
from sandbox.types import Stopped


class ChainMakerLedger(RecordedLedger):
    """The host holds the state."""

    engine = "chainmaker"

    def __init__(self, host: Host, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self._host = host
        self._number = host.open()
        self._closed = False
        self._artefacts: dict[str, Artefact] = {}

    def state(self, contract: str) -> Mapping[str, str]:
        values = self._host.state(self._number, contract)
        return {key: shown(value) for key, value in values.items()}

    def close(self) -> None:
        """Free what the host holds of it. Can be called again."""
        if not self._closed and self._host.alive:
            with contextlib.suppress(Stopped):  # it is gone then, which is all that is wanted
                self._host.forget(self._number)
        self._closed = True

    def _settled(self, args: Mapping[str, str]) -> dict[str, str]:
        """Each argument in the one form that its bytes are shown in. Raises `ValueError` for one
        with `0x` and no pairs of digits."""
        return {name: shown(hidden(text)) for name, text in args.items()}

    def _stood(self, contract: str, standing: Standing) -> None:
        self._host.stand(self._number, contract, standing.value)

    def _run(self, order: Order, begun: Transaction) -> Transaction:
        who, last = order.identity, self._last
        request: dict[str, Any] = {
            "ledger": self._number,
            "contract": order.contract,
            "method": order.method,
            "args": {name: hidden(text).decode("latin-1") for name, text in order.args.items()},
            "sender": [who.organisation, who.role, who.public_key, who.address],
            "id": self._identifier(order),
            "height": last.height if begun.block is None else begun.block,
            "time": begun.time,
            "keep": order.kind is not CallKind.QUERY,
        }
        if order.artefact is not None:
            self._artefacts[order.artefact.digest] = order.artefact
            request["digest"] = order.artefact.digest
        try:
            return read_outcome(begun, self._host.execute(request, self._artefacts))
        except Refused as refused:
            return replace(begun, status=Status.REFUSED, message=str(refused))
