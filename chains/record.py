"""The record of one ledger, the same for every engine: who calls, what may begin, numbers, ids,
times, blocks and the transcript. An engine says how a contract is run and what state it leaves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import ClassVar, Self

from chains import blocks, identities
from chains.lifecycle import Lifecycle, Standing
from chains.sm import sm3
from chains.transcripts import canonical_json
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

STANDS = (CallKind.FREEZE, CallKind.UNFREEZE, CallKind.REVOKE)
"""What is done to a contract without running it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks the ledger to do."""

    kind: CallKind
    contract: str
    identity: Identity
    method: str
    args: Mapping[str, str]
    artefact: Artefact | None = None
    after_seconds: int = 0


class RecordedLedger(ABC):
    """See `chains.types.Ledger`, which every engine's ledger is by what it inherits from here."""

    engine: ClassVar[str]
    methods: ClassVar[Mapping[CallKind, str]] = {
        CallKind.INSTALL: "init_contract",
        CallKind.UPGRADE: "upgrade",
    }
    """What runs in a contract when the ledger itself calls it."""

    def __init__(self, name: str, seed: int, profile: str = "") -> None:
        self.name = name
        self._seed = seed
        self._profile_name = profile
        self._identities: dict[str, Identity] = {}
        self._lifecycle = Lifecycle()
        self._transactions: list[Transaction] = []
        self._blocks: list[Block] = []
        self._dead: Stopped | None = None

    @abstractmethod
    def state(self, contract: str) -> Mapping[str, str]: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _run(self, order: Order, begun: Transaction) -> Transaction:
        """Run what may begin: an installation, an upgrade, a call, a query. Gives `begun` with how
        it ended and what it left, and keeps the state that follows from it."""

    def _made(self, name: str, organisation: str, role: str) -> Identity:
        """The identity that this engine's contracts see."""
        return identities.identity(name, organisation, role, self._seed)

    def _met(self, identity: Identity) -> None:  # noqa: B027  # most engines have nothing to do
        """Somebody was mentioned for the first time."""

    def _settled(self, args: Mapping[str, str]) -> dict[str, str]:
        """Arguments as the record has them. Raises `ValueError` for what cannot be given."""
        return dict(args)

    def _refusal(self, order: Order) -> str:
        """Why the ledger does not let this begin, as a sentence; "" where it does."""
        return self._lifecycle.refusal(order.kind, order.contract, order.identity.role)

    def _stood(self, contract: str, standing: Standing) -> None:  # noqa: B027  # same
        """A contract was frozen, unfrozen or revoked."""

    def identity(self, name: str, organisation: str, role: str) -> Identity:
        made = self._made(name, organisation, role)
        known = self._identities.get(name)
        if known is None:
            self._identities[name] = made
            self._met(made)
        elif known != made:
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
        """See `Ledger`. Raises `ValueError` for a caller whom nobody has mentioned, for time that
        goes back, and for arguments that this engine cannot give."""
        if after_seconds < 0:
            raise ValueError("time does not go back")
        who, given = self._known(by), self._settled(args or {})
        order = Order(CallKind.INVOKE, contract, who, method, given, None, after_seconds)
        return self._carry_out(order)

    def query(
        self, contract: str, method: str, args: Mapping[str, str] | None = None, *, by: str
    ) -> Transaction:
        who, given = self._known(by), self._settled(args or {})
        return self._carry_out(Order(CallKind.QUERY, contract, who, method, given))

    def transcript(self) -> Transcript:
        return Transcript(
            ledger=self.name,
            engine=self.engine,
            profile=self._profile_name,
            seed=self._seed,
            identities=tuple(self._identities.values()),
            transactions=tuple(self._transactions),
            blocks=tuple(self._blocks),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _last(self) -> Block:
        return self._blocks[-1] if self._blocks else blocks.GENESIS

    def _known(self, name: str) -> Identity:
        if name not in self._identities:
            raise ValueError(f"nobody is called {name} on this ledger")
        return self._identities[name]

    def _manage(
        self,
        kind: CallKind,
        contract: str,
        by: str,
        artefact: Artefact | None = None,
        args: Mapping[str, str] | None = None,
    ) -> Transaction:
        who, given = self._known(by), self._settled(args or {})
        return self._carry_out(
            Order(kind, contract, who, self.methods.get(kind, ""), given, artefact)
        )

    def _carry_out(self, order: Order) -> Transaction:
        """Run, judge, record. Raises `Stopped` for ever after a call that was stopped."""
        if self._dead is not None:
            raise self._dead
        transaction = self._begun(order)
        if not transaction.message:
            transaction = self._ended(order, transaction)
        if order.kind is not CallKind.QUERY:
            self._blocks.append(blocks.block(self._last, transaction))
        self._transactions.append(transaction)
        return transaction

    def _ended(self, order: Order, begun: Transaction) -> Transaction:
        """How something ended that the ledger let begin."""
        transaction = replace(begun, status=Status.OK)
        if order.kind not in STANDS:
            try:
                transaction = self._run(order, transaction)
            except Stopped as stopped:
                self._dead = stopped
                raise
        if transaction.status is Status.OK:
            self._lifecycle.settle(order.kind, order.contract)
            standing = self._lifecycle.standing(order.contract)
            if order.kind in STANDS and standing is not None:
                self._stood(order.contract, standing)
        return transaction

    def _begun(self, order: Order) -> Transaction:
        """As it stands in the record where it is refused."""
        last, query = self._last, order.kind is CallKind.QUERY
        return Transaction(
            number=len(self._transactions) + 1,
            kind=order.kind,
            identity=order.identity.name,
            contract=order.contract,
            method=order.method,
            args=order.args,
            status=Status.REFUSED,
            message=self._refusal(order),
            id="" if query else self._identifier(order),
            block=None if query else last.height + 1,
            time=last.time if query else last.time + 1 + order.after_seconds,
        )

    def _identifier(self, order: Order) -> str:
        """Hex of SM3 over what makes this order this one."""
        number = len(self._transactions) + 1
        place = [self._seed, self.name, number, order.identity.name]
        return sm3(canonical_json([*place, order.contract, order.method, order.args])).hex()
