"""One transaction: its calls, what they cost, and what is left of them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import wasmtime

from . import limits
from .codec import Item, data, encoded
from .journal import Journal, Log
from .machine import Loaded, Machine
from .outcomes import Exhausted, Exited, Fault, Frame, Refused, Status
from .running import Running
from .state import Contract, Sender, World

INIT, UPGRADE = "init_contract", "upgrade"
ANY_METHOD = "invoke_contract"
"""Called for every method that the module does not export by its name."""

_Code = wasmtime.TrapCode
_TRAPS = {
    _Code.MEMORY_OUT_OF_BOUNDS: "it reached outside its memory",
    _Code.TABLE_OUT_OF_BOUNDS: "it reached outside a table",
    _Code.INDIRECT_CALL_TO_NULL: "it called a function that is not there",
    _Code.BAD_SIGNATURE: "it called a function as one of another type",
    _Code.INTEGER_OVERFLOW: "a division overflowed",
    _Code.INTEGER_DIVISION_BY_ZERO: "it divided by zero",
    _Code.BAD_CONVERSION_TO_INTEGER: "a number was too large for an integer",
    _Code.UNREACHABLE: "it panicked",
}
_EXHAUSTED = {
    _Code.OUT_OF_FUEL: "it ran out of fuel",
    _Code.STACK_OVERFLOW: "its calls went too deep",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the ledger's life a transaction stands."""

    id: str
    height: int
    time: int


class Execution:
    """A transaction on a world, which it changes only if `commit` is called."""

    def __init__(
        self,
        machine: Machine,
        running: list[Running],
        world: World,
        place: Place,
        sender: Sender,
        *,
        writes: bool,
    ) -> None:
        """`writes`: whether it is more than a query, which frozen contracts answer too."""
        self.id, self.height, self.time = place.id, place.height, place.time
        self.sender = sender
        self.writes = writes
        self.journal = Journal(world)
        self.log = Log()
        self._machine = machine
        self._running = running
        """Innermost last: which contract a host call comes from."""
        self._trial: dict[str, Contract] = {}

    def run(
        self, contract: str, method: str, args: dict[str, bytes], trial: Contract | None = None
    ) -> Frame:
        """Call a contract. `trial` is what it shall be from now on, if all goes well."""
        if trial is not None:
            self._trial[contract] = trial
        elif method in (INIT, UPGRADE):
            raise Refused(f"{method} is run by the ledger only")
        if fault := limits.fault_of_call(method, args):
            raise Refused(fault)
        try:
            loaded = self._loaded(contract)
        except Fault as fault:
            raise Refused(str(fault)) from None
        frame = Frame(contract, method, args)
        with contextlib.suppress(Exhausted):
            self._enter(frame, loaded, limits.FUEL, caller=None)
        self._weigh(frame)
        return frame

    def _weigh(self, frame: Frame) -> None:
        """Exhausted is also what would leave too much behind."""
        most = 0
        if self.journal.size() + frame.size() > limits.OUTCOME_BYTES:
            most, what = limits.OUTCOME_BYTES >> 20, "the transaction would record"
            self.journal.reads.clear()
            frame.calls.clear()
            frame.args = {}
        elif not frame.failed and not self.journal.world.room_for(self.journal.changes()):
            most, what = limits.LEDGER_BYTES >> 20, "the ledger would hold"
        if most:
            self.journal.writes.clear()
            self.journal.events.clear()
            frame.cost = limits.FUEL
            frame.end(Status.EXHAUSTED, f"{what} more than {most} MiB")

    def cross_call(self, caller: Running, name: str, method: str, args: dict[str, bytes]) -> Frame:
        """See `running.Transaction`. The other contract's changes are kept if it succeeds."""
        loaded = self._loaded(name)
        if fault := limits.fault_of_call(method, args):
            raise Fault(fault)
        if method in (INIT, UPGRADE):
            raise Fault(f"{method} is run by the ledger only")
        if len(self._running) > limits.DEEPEST_CALL:
            raise Exhausted(f"contracts called each other more than {limits.DEEPEST_CALL} deep")
        frame = Frame(name, method, args)
        caller.frame.calls.append(frame)
        fuel = caller.store.get_fuel()
        try:
            self._enter(frame, loaded, fuel, caller)
        finally:
            caller.store.set_fuel(fuel - frame.cost)
        return frame

    def commit(self) -> None:
        self.journal.world.commit(self.journal.changes(), self.id, self.height, self.time)
        contracts = self.journal.world.contracts
        for name, contract in self._trial.items():
            if name in contracts:
                contract.standing = contracts[name].standing
            contracts[name] = contract

    def _contract(self, name: str) -> Contract:
        contract = self._trial.get(name) or self.journal.world.contracts.get(name)
        if contract is None:
            raise Fault(f"there is no contract {limits.brief(name)}")
        if contract.standing == "revoked" or (contract.standing == "frozen" and self.writes):
            raise Fault(f"the contract {limits.brief(name)} is {contract.standing}")
        return contract

    def _loaded(self, name: str) -> Loaded:
        digest = self._contract(name).digest
        loaded = self._machine.get(digest)
        if loaded is None:
            raise Forgotten(digest)
        return loaded

    def _enter(self, frame: Frame, loaded: Loaded, fuel: int, caller: Running | None) -> None:
        """Run the method of the frame. Raises `Exhausted`, after noting it in the frame."""
        mark = self.journal.mark()
        held = sum(each.memory_bytes for each in self._running)
        store = self._machine.store(limits.MEMORY_WALL_BYTES - held)
        running = Running(self, frame, store, self._arguments(frame, caller))
        self._running.append(running)
        try:
            self._ending(running, held, lambda: _call_method(running, loaded, fuel))
        finally:
            self._running.pop()
            frame.cost = _cost(running, fuel)
            store.close()
            if frame.failed:
                self.journal.go_back(mark)
        if frame.status is Status.EXHAUSTED:
            raise Exhausted(frame.message)

    def _ending(self, running: Running, held: int, call: Callable[[], None]) -> None:
        """How the call ends, noted in its frame."""
        frame = running.frame
        try:
            call()
        except Exhausted as exhausted:
            frame.end(Status.EXHAUSTED, str(exhausted))
        except Exited as exited:
            running.complaint.end()
            frame.end(Status.TRAPPED, running.complaint.first_line or str(exited))
        except wasmtime.Trap as trap:
            running.complaint.end()
            _note_trap(frame, trap, running.complaint.first_line or self.log.panic())
        except wasmtime.WasmtimeError:
            frame.end(Status.EXHAUSTED, "it asked for more memory or tables than there are")
        running.output.end()
        running.complaint.end()
        if held + running.memory_bytes > limits.MEMORY_BYTES:
            frame.messages.clear()
            most = limits.MEMORY_BYTES >> 20
            frame.end(Status.EXHAUSTED, f"it used more than {most} MiB of memory")

    def _arguments(self, frame: Frame, caller: Running | None) -> list[Item]:
        creator, sender = self._contract(frame.contract).creator, self.sender
        system = {
            "__creator_org_id__": creator.organisation,
            "__creator_role__": creator.role,
            "__creator_pk__": creator.public_key,
            "__sender_org_id__": sender.organisation,
            "__sender_role__": sender.role,
            "__sender_pk__": sender.public_key,
            "__block_height__": str(self.height),
            "__tx_id__": self.id,
            "__tx_time_stamp__": str(self.time),
            "__context_ptr__": "1",
            "__method__": frame.method,
            "__contract_name__": frame.contract,
            "__contract_addr__": contract_address(frame.contract),
        }
        if caller is not None:
            system["__cross_caller__"] = contract_address(caller.frame.contract)
        # Nobody but the host says which contract calls, where none does either.
        own = {
            key: value
            for key, value in frame.args.items()
            if key not in system and key != "__cross_caller__"
        }
        return [
            *(data(key, value) for key, value in own.items()),
            *(data(key, value.encode()) for key, value in system.items()),
        ]


class Forgotten(Exception):
    """The module is not in the machine and must be loaded first."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


@lru_cache(maxsize=256)
def contract_address(name: str) -> str:
    """40 hex digits, as an identity has: of SM3 over the name."""
    return hashlib.new("sm3", name.encode()).hexdigest()[-40:]


def _call_method(running: Running, loaded: Loaded, fuel: int) -> None:
    """Start the module, hand it its arguments and call the method."""
    frame, store = running.frame, running.store
    method = frame.method
    if method not in (INIT, UPGRADE) and method not in loaded.methods:
        method = ANY_METHOD
    if method not in loaded.methods or method.startswith("_"):
        frame.end(Status.FAILED, f"the contract has no method {frame.method}")
        return
    exports = loaded.start.instantiate(store).exports(store)
    store.set_fuel(fuel)
    running.charge(limits.START)
    memory = exports["memory"]
    assert isinstance(memory, wasmtime.Memory)
    running.memory = memory
    if "_initialize" in loaded.methods:
        _function(exports, "_initialize")(store)
    if loaded.allocates:
        packed = encoded(running.arguments)
        pointer = _function(exports, "allocate")(store, len(packed))
        try:
            running.write(pointer, packed)
        except Fault as fault:
            frame.end(Status.TRAPPED, f"allocate gave no room for the arguments: {fault}")
            return
    _function(exports, method)(store)


def _cost(running: Running, fuel: int) -> int:
    """All of it for whoever is exhausted, nothing before the contract was up."""
    if running.frame.status is Status.EXHAUSTED:
        return fuel
    return fuel - running.store.get_fuel() if running.memory else 0


def _function(exports: Mapping[str, Any], name: str) -> wasmtime.Func:
    function = exports[name]
    assert isinstance(function, wasmtime.Func)
    return function


def _note_trap(frame: Frame, trap: wasmtime.Trap, complaint: str) -> None:
    """Go and Rust say why before they break off."""
    code = trap.trap_code
    if code in _EXHAUSTED:
        frame.end(Status.EXHAUSTED, _EXHAUSTED[code])
    else:
        words = _TRAPS.get(code, "it broke") if code else "it broke"
        frame.end(Status.TRAPPED, complaint or words)
