"""One fresh ledger of the engine `evm`.

The chain (`anvil`) executes and holds the state.

Where a contract lies. On `ethereum` an ordinary creating transaction puts it where the sender's
address and nonce say. On `changan` its address must be the hash of its name, so the constructor's
code with its arguments is put at that address and called there, and what it returns becomes the
code. That is how ChainMaker itself does it, at an upgrade too: `address(this)`, the caller, the
storage that the constructor writes and its events are all those of the final contract. Two things
differ from a creation: while the constructor runs, there is code at its address already, and the
gas has no charge for keeping the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from chains.evm import abi, contracts, outcomes, profiles
from chains.evm.anvil import Request, Session
from chains.evm.contracts import Compiled
from chains.evm.interface import CONSTRUCTOR, Arguments, Function, encoded_arguments
from chains.evm.outcomes import Book, Contract
from chains.evm.profiles import Profile
from chains.evm.sending import GAS, Sender, Sent
from chains.record import Order, RecordedLedger
from chains.types import CallKind, Identity, Status, Transaction, Write

PURSE = 1 << 120
"""What callers have where gas has a price; contracts cannot ask for it (`coinless`)."""


class EvmLedger(RecordedLedger):
    """The chain holds the state, and this what its contracts have in their slots.

    `invoke` and `query` take a method's name or, where several have it, a signature as in
    `add(uint256)`. Arguments that do not fit the contract's method fail: nothing is sent.
    """

    engine = "evm"
    methods: ClassVar = {CallKind.INSTALL: CONSTRUCTOR, CallKind.UPGRADE: CONSTRUCTOR}

    def __init__(self, session: Session, profile: Profile, name: str, seed: int) -> None:
        super().__init__(name, seed, profile.name)
        self._sender = Sender(session)
        self._profile = profile
        self._contracts: dict[str, Contract] = {}
        self._book = Book()
        self._states: dict[str, dict[str, str]] = {}
        if profile.coinless:
            code = profiles.absent(profiles.NO_SM2).hex()
            self._sender.ask([("anvil_setCode", [profiles.SM2_VERIFY, f"0x{code}"])])

    def state(self, contract: str) -> Mapping[str, str]:
        """Slot → word of all that is not zero."""
        return dict(sorted(self._states.get(contract, {}).items()))

    def close(self) -> None:
        self._sender.close()

    def _made(self, name: str, organisation: str, role: str) -> Identity:
        return profiles.identity(self._profile, name, organisation, role, self._seed)

    def _met(self, identity: Identity) -> None:
        if self._profile.gas_price:
            self._sender.ask([("anvil_setBalance", [identity.address, hex(PURSE)])])

    def _refusal(self, order: Order) -> str:
        return profiles.refusal(self._profile, order.kind) or super()._refusal(order)

    def _run(self, order: Order, begun: Transaction) -> Transaction:
        if order.artefact is None:
            ended = self._call(order, begun)
        else:
            compiled = contracts.read(order.artefact, self._profile, order.contract)
            ended = self._place(order, compiled, begun)
        if ended.status is Status.OK and order.kind is not CallKind.QUERY:
            self._apply(ended.writes)
        return ended

    def _call(self, order: Order, transaction: Transaction) -> Transaction:
        contract = self._contracts[order.contract]
        try:
            function = contract.interface.function(order.method, order.args)
            arguments = encoded_arguments(function, order.args, self._address)
        except ValueError as unfit:
            return outcomes.unfit(transaction, str(unfit))
        transaction = replace(transaction, args=arguments.texts)
        data = abi.selector(function.signature) + arguments.data
        fields = self._fields(order, data, contract.address)
        if order.kind is CallKind.QUERY:
            sent: Sent | str = self._sender.query(
                fields, height=self._last.height, time=transaction.time
            )
        else:
            sent = self._sent(fields, transaction)
        return self._finished(transaction, sent, function)

    def _address(self, name: str) -> str:
        """Of `identity` or `contract:name`."""
        kind, _, contract = name.partition(":")
        if kind == "contract" and contract in self._contracts:
            return self._contracts[contract].address
        if name in self._identities:
            return self._identities[name].address
        raise ValueError(f"nobody is called @{name} on this ledger")

    def _fields(self, order: Order, data: bytes, to: str | None) -> dict[str, str]:
        fields = {
            "from": order.identity.address,
            "data": f"0x{data.hex()}",
            "gas": hex(GAS),
            "gasPrice": hex(self._profile.gas_price),
        }
        return fields if to is None else {**fields, "to": to}

    def _sent(
        self,
        fields: Mapping[str, str],
        transaction: Transaction,
        preparing: list[Request] | None = None,
    ) -> Sent | str:
        height = transaction.block or 0
        return self._sender.send(fields, height=height, time=transaction.time, preparing=preparing)

    def _place(self, order: Order, compiled: Compiled, transaction: Transaction) -> Transaction:
        """Install or upgrade."""
        constructor = compiled.interface.constructor
        try:
            arguments = encoded_arguments(constructor, order.args, self._address)
        except ValueError as unfit:
            return outcomes.unfit(transaction, str(unfit))
        transaction = replace(transaction, args=arguments.texts)
        if self._profile.manages_contracts:
            return self._placed_by_name(order, compiled, arguments, transaction)
        return self._created(order, compiled, arguments, transaction)

    def _created(
        self, order: Order, compiled: Compiled, arguments: Arguments, transaction: Transaction
    ) -> Transaction:
        fields = self._fields(order, compiled.code + arguments.data, None)
        sent = self._sent(fields, transaction)
        if isinstance(sent, Sent):
            self._enter(order.contract, str(sent.receipt["contractAddress"]), compiled)
        transaction = self._finished(transaction, sent, compiled.interface.constructor)
        if isinstance(sent, Sent) and transaction.status is not Status.OK:
            self._leave(order.contract, None)
        return transaction

    def _placed_by_name(
        self, order: Order, compiled: Compiled, arguments: Arguments, transaction: Transaction
    ) -> Transaction:
        """See the head of this module. What does not go well is taken back as a whole."""
        address = profiles.contract_address(order.contract)
        before = self._contracts.get(order.contract)
        snapshot = self._sender.snapshot()
        code = f"0x{(compiled.code + arguments.data).hex()}"
        preparing: list[Request] = [("anvil_setCode", [address, code])]
        if before is None:
            preparing.append(("anvil_setNonce", [address, "0x1"]))  # as EIP-161 has it
        sent = self._sent(self._fields(order, b"", address), transaction, preparing)
        self._enter(order.contract, address, compiled)
        transaction = self._finished(transaction, sent, compiled.interface.constructor)
        runtime = outcomes.data_of(sent.call["output"]) if isinstance(sent, Sent) else None
        if transaction.status is Status.OK and (
            runtime is None or len(runtime) > outcomes.LARGEST_CODE
        ):
            transaction = _too_large(transaction)
        if transaction.status is Status.OK and runtime is not None:
            self._sender.ask([("anvil_setCode", [address, f"0x{runtime.hex()}"])])
            return replace(transaction, log=(_terms(self._profile),))
        self._sender.restore(snapshot)
        self._leave(order.contract, before)
        return transaction

    def _enter(self, name: str, address: str, compiled: Compiled) -> None:
        self._contracts[name] = Contract(name, address, compiled.interface)
        self._book.enter(self._contracts[name], compiled.others)

    def _leave(self, name: str, before: Contract | None) -> None:
        self._book.strike(self._contracts.pop(name).address)
        if before is not None:
            self._contracts[name] = before
            self._book.enter(before)

    def _finished(
        self, transaction: Transaction, sent: Sent | str, function: Function
    ) -> Transaction:
        if isinstance(sent, str):
            return replace(transaction, status=Status.EXHAUSTED, message=f"not taken: {sent}")
        root = outcomes.frame(self._book, sent.call)
        ok = root.status is Status.OK
        installing = transaction.kind in (CallKind.INSTALL, CallKind.UPGRADE)
        result = ""
        if ok and installing:
            result = self._contracts[transaction.contract].address
        elif ok:
            result = outcomes.result_of(function, outcomes.data_of(sent.call["output"]), sent.call)
        contract = transaction.contract
        root = replace(
            root, contract=contract, method=function.name, args=transaction.args, result=result
        )
        found = sent.receipt.get("transactionHash", "")
        cost = int(sent.receipt.get("gasUsed", sent.call["gasUsed"]), 16)
        return replace(
            transaction,
            id=transaction.id if self._profile.manages_contracts else found.removeprefix("0x"),
            status=root.status,
            result=result,
            message=root.message,
            cost=cost,
            reads=outcomes.reads(self._book, sent.before),
            writes=self._writes(sent) if ok else (),
            events=outcomes.events(self._book, sent.receipt["logs"]) if ok else (),
            root=replace(root, cost=cost),
        )

    def _writes(self, sent: Sent) -> tuple[Write, ...]:
        """Those of the traces, and what went with contracts that gave themselves up: by the rules
        of Istanbul that takes their storage."""
        found = outcomes.writes(self._book, sent.difference)
        gone = {self._book.name(address) for address in sent.call.get("destroyed", ())}
        if self._profile.hardfork != "istanbul" or not gone:
            return found
        lost = [
            Write(contract, slot, word, None)
            for contract in gone
            for slot, word in self._states.get(contract, {}).items()
        ]
        kept = [each for each in found if each.contract not in gone]
        return tuple(sorted([*kept, *lost], key=lambda each: (each.contract, each.key)))

    def _apply(self, writes: tuple[Write, ...]) -> None:
        for write in writes:
            state = self._states.setdefault(write.contract, {})
            if write.after is None:
                state.pop(write.key, None)
            else:
                state[write.key] = write.after


def _too_large(transaction: Transaction) -> Transaction:
    """It went well, but for the size of the code that it returned."""
    message = outcomes.TOO_LARGE
    ended = Status.EXHAUSTED
    root = transaction.root and replace(transaction.root, status=ended, message=message, result="")
    return replace(
        transaction, status=ended, message=message, result="", writes=(), events=(), root=root
    )


def _terms(profile: Profile) -> str:
    return f"profile {profile.name}: no call carries a value; the gas price is {profile.gas_price}"
