"""One fresh Chang'An Chain ledger: the host runs its contracts, this keeps its record."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from chains import blocks, identities
from chains.chainmaker.daemon import Host, Refused
from chains.chainmaker.outcome import read_outcome
from chains.lifecycle import Lifecycle
from chains.sm import sm3
from chains.transcripts import canonical_json, hidden, shown
from chains.types import (
    Artefact,
    Block,
    CallKind,
    Identity,
    Status,
    Transaction,
    Transcript,
)
from sandbox.types import Stopped

METHODS = {CallKind.INSTALL: "init_contract", CallKind.UPGRADE: "upgrade"}
_STANDS = (CallKind.FREEZE, CallKind.UNFREEZE, CallKind.REVOKE)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks the ledger to do."""

    kind: CallKind
    contract: str
    identity: Identity
    method: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    """As shown text, each value in its one form."""
    artefact: Artefact | None = None
    after_seconds: int = 0


class ChainMakerLedger:
    """See `chains.types.Ledger`."""

    def __init__(self, host: Host, name: str, seed: int) -> None:
        self.name = name
        self._host = host
        self._seed = seed
        self._number = host.open()
        self._closed = False
        self._lifecycle = Lifecycle()
        self._artefacts: dict[str, Artefact] = {}
        self._identities: dict[str, Identity] = {}
        self._transactions: list[Transaction] = []
        self._blocks: list[Block] = []

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
        """See `Ledger`. Raises `ValueError` for an argument with `0x` and no pairs of digits."""
        if after_seconds < 0:
            raise ValueError("time does not go back")
        who, given = self._identities[by], _settled(args)
        order = Order(CallKind.INVOKE, contract, who, method, given, None, after_seconds)
        return self._carry_out(order)

    def query(
        self, contract: str, method: str, args: Mapping[str, str] | None = None, *, by: str
    ) -> Transaction:
        who, given = self._identities[by], _settled(args)
        return self._carry_out(Order(CallKind.QUERY, contract, who, method, given))

    def state(self, contract: str) -> Mapping[str, str]:
        values = self._host.state(self._number, contract)
        return {key: shown(value) for key, value in values.items()}

    def transcript(self) -> Transcript:
        return Transcript(
            ledger=self.name,
            engine="chainmaker",
            profile="",
            seed=self._seed,
            identities=tuple(self._identities.values()),
            transactions=tuple(self._transactions),
            blocks=tuple(self._blocks),
        )

    def close(self) -> None:
        """Free what the host holds of it. Can be called again."""
        if not self._closed and self._host.alive:
            with contextlib.suppress(Stopped):  # it is gone then, which is all that is wanted
                self._host.forget(self._number)
        self._closed = True

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
        who, method = self._identities[by], METHODS.get(kind, "")
        return self._carry_out(Order(kind, contract, who, method, _settled(args), artefact))

    def _carry_out(self, order: Order) -> Transaction:
        """Run, judge, record."""
        last = self._blocks[-1] if self._blocks else blocks.GENESIS
        query = order.kind is CallKind.QUERY
        identifier = self._identifier(order)
        height = last.height if query else last.height + 1
        transaction = Transaction(
            number=len(self._transactions) + 1,
            kind=order.kind,
            identity=order.identity.name,
            contract=order.contract,
            method=order.method,
            args=order.args,
            status=Status.OK,
            id="" if query else identifier,
            time=last.time if query else last.time + 1 + order.after_seconds,
        )
        refusal = self._lifecycle.refusal(order.kind, order.contract, order.identity.role)
        if not refusal:
            try:
                transaction = self._run(order, transaction, identifier, height)
            except Refused as refused:
                refusal = str(refused)
        if refusal:
            transaction = replace(transaction, status=Status.REFUSED, message=refusal)
        return self._record(order, transaction)

    def _identifier(self, order: Order) -> str:
        number = len(self._transactions) + 1
        place = [self._seed, self.name, number, order.identity.name]
        return sm3(canonical_json([*place, order.contract, order.method, order.args])).hex()

    def _run(
        self, order: Order, transaction: Transaction, identifier: str, height: int
    ) -> Transaction:
        if order.kind in _STANDS:
            return transaction
        who = order.identity
        request: dict[str, Any] = {
            "ledger": self._number,
            "contract": order.contract,
            "method": order.method,
            "args": {name: hidden(text).decode("latin-1") for name, text in order.args.items()},
            "sender": [who.organisation, who.role, who.public_key, who.address],
            "id": identifier,
            "height": height,
            "time": transaction.time,
            "keep": order.kind is not CallKind.QUERY,
        }
        if order.artefact is not None:
            self._artefacts[order.artefact.digest] = order.artefact
            request["digest"] = order.artefact.digest
        return read_outcome(transaction, self._host.execute(request, self._artefacts))

    def _record(self, order: Order, transaction: Transaction) -> Transaction:
        if order.kind is not CallKind.QUERY:
            block = blocks.block(self._blocks[-1] if self._blocks else None, transaction)
            transaction = replace(transaction, block=block.height)
            self._blocks.append(block)
        self._transactions.append(transaction)
        if transaction.status is Status.OK:
            self._lifecycle.settle(order.kind, order.contract)
            standing = self._lifecycle.standing(order.contract)
            if order.kind in _STANDS and standing is not None:
                self._host.stand(self._number, order.contract, standing.value)
        return transaction


def _settled(args: Mapping[str, str] | None) -> dict[str, str]:
    """Each argument in the one form that its bytes are shown in."""
    return {name: shown(hidden(text)) for name, text in (args or {}).items()}
