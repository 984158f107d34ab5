"""One fresh ledger of the engine `python`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from chains.onramp.execution import SYSTEM, Call, Execution, Installed, Setting, contract_address
from chains.onramp.state import Changes, World
from chains.record import Order, RecordedLedger
from chains.types import CallKind, Frame, Status, Transaction
from sandbox.types import Boxes


class PythonLedger(RecordedLedger):
    """Keeps the state too; contracts run in boxes, one for each call."""

    engine = "python"

    def __init__(self, boxes: Boxes, name: str, seed: int) -> None:
        super().__init__(name, seed)
        self._boxes = boxes
        self._contracts: dict[str, Installed] = {}
        self._world = World()

    def state(self, contract: str) -> Mapping[str, str]:
        return self._world.of(contract)

    def close(self) -> None:
        """Nothing is held outside this object."""

    def _run(self, order: Order, begun: Transaction) -> Transaction:
        contracts, managed = dict(self._contracts), order.artefact is not None
        if order.artefact is not None:
            before = contracts.get(order.contract)
            creator = order.identity if before is None else before.creator
            contracts[order.contract] = Installed(json.loads(order.artefact.code), creator)
        caller = contract_address(SYSTEM) if managed else order.identity.address
        inner = CallKind.QUERY if order.kind is CallKind.QUERY else CallKind.INVOKE
        ready = partial(self._lifecycle.refusal, inner, role=order.identity.role)
        height = self._last.height if begun.block is None else begun.block
        setting = Setting(order.identity, begun.id, height, begun.time)
        execution = Execution(self._boxes, contracts, Changes(self._world), setting, ready)
        call = Call(order.contract, order.method, order.args, caller, managed)
        ended = finished(begun, execution.call(call), execution)
        if ended.status is Status.OK and begun.block is not None:
            self._contracts = contracts
            how = (begun.id, begun.block, begun.time)
            self._world.apply(execution.changes.different(), how)
        return ended


def finished(transaction: Transaction, root: Frame, execution: Execution) -> Transaction:
    """The transaction with all that its run left."""
    changes, kept = execution.changes, root.status is Status.OK
    writes = kept and transaction.kind is not CallKind.QUERY
    return replace(
        transaction,
        status=root.status,
        result=root.result,
        message=root.message,
        cost=root.cost,
        reads=changes.reads,
        writes=changes.writes() if writes else (),
        events=changes.events if kept else (),
        root=root,
        log=tuple(execution.log),
    )
