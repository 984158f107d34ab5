"""One fresh ledger of the engine `python`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import Self

from chains import blocks, identities
from chains.lifecycle import Lifecycle
from chains.onramp.execution import SYSTEM, Call, Execution, Installed, Setting, contract_address
from chains.onramp.state import Changes, World
from chains.sm import sm3
from chains.transcripts import canonical_json
from chains.types import (
    Artefact,
    Block,
    CallKind,
    Frame,
    Identity,
    Status,
    Transaction,
    Transcript,
)
from sandbox.types import Boxes, Stopped

METHODS = {CallKind.INSTALL: "init_contract", CallKind.UPGRADE: "upgrade"}


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks the ledger to do."""

    kind: CallKind
    contract: str
    identity: Identity
    method: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] | None = None
    after_seconds: int = 0


class PythonLedger:
    """Keeps the record and the state; contracts run in boxes, one for each call."""

    def __init__(self, boxes: Boxes, name: str, seed: int) -> None:
        self.name = name
        self._boxes = boxes
        self._seed = seed
        self._identities: dict[str, Identity] = {}
        self._contracts: dict[str, Installed] = {}
        self._lifecycle = Lifecycle()
        self._world = World()
        self._transactions: list[Transaction] = []
        self._blocks: list[Block] = []
        self._dead: Stopped | None = None

    def identity(self, name: str, organisation: str, role: str) -> Identity:
        made = identities.identity(name, organisation, role, self._seed)
        if self._identities.setdefault(name, made) != made:
            raise ValueError(f"the identity {name} has another organisation or role")
        return made

    def install(
        self, contract: str, artefact: Artefact, *, by: str, args: Mapping[str, str] | None = None
    ) -> Transaction:
        return self._manage(CallKind.INSTALL, contract, by, artefact, args)

    def upgrade(
        self, contract: str, artefact: Artefact, *, by: str, args: Mapping[str, str] | None = None
    ) -> Transaction:
        return self._manage(CallKind.UPGRADE, contract, by, artefact, args)

    def freeze(self, contract: str, *, by: str) -> Transaction:
        return self._manage(CallKind.FREEZE, contract, by)

    def unfreeze(self, contract: str, *, by: str) -> Transaction:
        return self._manage(CallKind.UNFREEZE, contract, by)

    def revoke(self, contract: str, *, by: str) -> Transaction:
        return self._manage(CallKind.REVOKE, contract, by)

    def invoke(
        self,
        contract: str,
        method: str,
        args: Mapping[str, str] | None = None,
        *,
        by: str,
        after_seconds: int = 0,
    ) -> Transaction:
        who = self._identities[by]
        order = Order(CallKind.INVOKE, contract, who, method, dict(args or {}), None, after_seconds)
        return self._carry_out(order)

    def query(
        self, contract: str, method: str, args: Mapping[str, str] | None = None, *, by: str
    ) -> Transaction:
        who = self._identities[by]
        return self._carry_out(Order(CallKind.QUERY, contract, who, method, dict(args or {})))

    def state(self, contract: str) -> Mapping[str, str]:
        return self._world.of(contract)

    def transcript(self) -> Transcript:
        return Transcript(
            ledger=self.name,
            engine="python",
            profile="",
            seed=self._seed,
            identities=tuple(self._identities.values()),
            transactions=tuple(self._transactions),
            blocks=tuple(self._blocks),
        )

    def close(self) -> None:
        """Nothing is held outside this object."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _manage(
        self,
        kind: CallKind,
        contract: str,
        by: str,
        artefact: Artefact | None = None,
        args: Mapping[str, str] | None = None,
    ) -> Transaction:
        sources = None if artefact is None else json.loads(artefact.code)
        who, method = self._identities[by], METHODS.get(kind, "")
        return self._carry_out(Order(kind, contract, who, method, dict(args or {}), sources))

    def _carry_out(self, order: Order) -> Transaction:
        """Run, judge, record. Raises Stopped for ever after a call that was stopped."""
        if self._dead is not None:
            raise self._dead
        setting, number = self._setting(order), len(self._transactions) + 1
        changes = Changes(self._world)
        transaction = Transaction(
            number=number,
            kind=order.kind,
            identity=order.identity.name,
            contract=order.contract,
            method=order.method,
            args=order.args,
            status=Status.REFUSED,
            message=self._lifecycle.refusal(order.kind, order.contract, order.identity.role),
            id=setting.id,
            time=setting.time,
        )
        if not transaction.message:
            transaction = self._run(order, transaction, setting, changes)
        return self._record(order, transaction, changes)

    def _setting(self, order: Order) -> Setting:
        last = self._blocks[-1] if self._blocks else blocks.GENESIS
        if order.kind is CallKind.QUERY:
            return Setting(order.identity, "", last.height, last.time)
        time = last.time + 1 + order.after_seconds
        return Setting(order.identity, self._id(order), last.height + 1, time)

    def _id(self, order: Order) -> str:
        number = len(self._transactions) + 1
        place = [self._seed, self.name, number, order.identity.name]
        return sm3(canonical_json([*place, order.contract, order.method, order.args])).hex()

    def _run(
        self, order: Order, transaction: Transaction, setting: Setting, changes: Changes
    ) -> Transaction:
        if order.kind in (CallKind.FREEZE, CallKind.UNFREEZE, CallKind.REVOKE):
            return replace(transaction, status=Status.OK)
        contracts = dict(self._contracts)
        if order.sources is not None:
            before = contracts.get(order.contract)
            creator = order.identity if before is None else before.creator
            contracts[order.contract] = Installed(order.sources, creator)
        life_cycle = order.sources is not None
        caller = contract_address(SYSTEM) if life_cycle else order.identity.address
        query = order.kind is CallKind.QUERY
        inner, role = CallKind.QUERY if query else CallKind.INVOKE, order.identity.role
        ready = partial(self._lifecycle.refusal, inner, role=role)
        execution = Execution(self._boxes, contracts, changes, setting, ready)
        call = Call(order.contract, order.method, order.args, caller, life_cycle)
        try:
            root = execution.call(call)
        except Stopped as stopped:
            self._dead = stopped
            raise
        if root.status is Status.OK and life_cycle:
            self._contracts = contracts
        return finished(transaction, root, execution)

    def _record(self, order: Order, transaction: Transaction, changes: Changes) -> Transaction:
        if order.kind is not CallKind.QUERY:
            if transaction.status is Status.OK:
                self._lifecycle.settle(order.kind, order.contract)
                transaction = replace(transaction, writes=changes.writes())
            block = blocks.block(self._blocks[-1] if self._blocks else None, transaction)
            transaction = replace(transaction, block=block.height)
            self._blocks.append(block)
            if transaction.status is Status.OK:
                how = (transaction.id, block.height, block.time)
                self._world.apply(changes.different(), how)
        self._transactions.append(transaction)
        return transaction


def finished(transaction: Transaction, root: Frame, execution: Execution) -> Transaction:
    """The transaction with all that its run left, save its writes."""
    kept = root.status is Status.OK
    return replace(
        transaction,
        status=root.status,
        result=root.result,
        message=root.message,
        cost=root.cost,
        reads=execution.changes.reads,
        events=execution.changes.events if kept else (),
        root=root,
        log=tuple(execution.log),
    )
