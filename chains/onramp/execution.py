"""One transaction run: the contract in its box, and the chain that answers it from outside.

Each call of a contract gets a box of its own, so that nothing outlives a call but what it wrote.
What a box says is believed of its own result only.
"""

from __future__ import annotations

import base64
import marshal
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from chains.onramp import costs
from chains.onramp.state import (
    LONGEST_TOPIC,
    LONGEST_VALUE,
    MOST_DATA,
    Changes,
    Wrong,
    full_key,
)
from chains.sm import sm3
from chains.transcripts import shown
from chains.types import Event, Frame, Identity, Status
from sandbox.types import Boxes, Cause, Limits, Raised, Returned, Stopped, Value

LIMITS = Limits(cpu_seconds=2, wall_seconds=5.0, memory_bytes=128 << 20, output_bytes=16 << 10)
ENTRY = "entry.py"
MODULES = ("chain.py", "calling.py")
"""Ours, in the order in which they import each other."""
OURS = (ENTRY, *MODULES)
"""No contract may have a file of these names."""
MAIN = """\
import base64, marshal, sys, types
for name, code in marshal.loads(base64.b64decode("{packed}")).items():
    module = sys.modules[name[:-3]] = types.ModuleType(name[:-3])
    exec(code, module.__dict__)
from calling import run
"""
MOST_DEPTH = 6
"""The transaction's own call, and five inside each other, as on ChainMaker."""
MOST_LINES = 100
LONGEST_LINE = 500
LONGEST_RESULT = 64 << 10
SYSTEM = "CONTRACT_MANAGE"
"""Who calls while a contract is installed or upgraded: ask `origin` for the person."""
TRAPS: Mapping[Cause, str] = {
    Cause.EXITED: "the contract ended its own process",
    Cause.CRASHED: "the contract crashed its process",
    Cause.BAD_REPLY: "the contract returned what is too long, or is no value",
}
"""Ways for a box to end that are the same on every host. The others stop the whole ledger."""
ADDRESS_IN_MEMORY = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Installed:
    """A contract on the ledger."""

    sources: Mapping[str, str]
    creator: Identity


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all calls of a transaction."""

    identity: Identity
    id: str
    height: int
    time: int


@dataclass(frozen=True, slots=True)
class Call:
    contract: str
    method: str
    args: Mapping[str, str]
    caller: str
    """Address."""
    life_cycle: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """How one call of a contract ended."""

    status: Status
    result: str = ""
    message: str = ""


class Exhausted(Exception):
    """The whole transaction asked for too much."""


class Execution:
    """Runs the calls of one transaction; `changes` holds what they did."""

    def __init__(
        self,
        boxes: Boxes,
        contracts: Mapping[str, Installed],
        changes: Changes,
        setting: Setting,
        ready: Callable[[str], str],
    ) -> None:
        self._boxes = boxes
        self._contracts = contracts
        self._ready = ready
        self.changes = changes
        self.setting = setting
        self.cost = 0
        self.log: list[str] = []

    def call(self, call: Call, depth: int = 1) -> Frame:
        """Run one call and those that it makes. Raises Stopped and BoxBroken."""
        before, mark = self.cost, self.changes.mark()
        inner: list[Frame] = []
        try:
            end = self._ended(call, depth, inner)
        except Exhausted as exhausted:
            end = End(Status.EXHAUSTED, message=str(exhausted))
        if end.status is not Status.OK:
            self.changes.back(mark)
        return Frame(
            contract=call.contract,
            method=call.method,
            args=dict(call.args),
            status=end.status,
            result=end.result,
            message=end.message,
            cost=self.cost - before,
            calls=tuple(inner),
        )

    def spend(self, *parts: object) -> None:
        """Pay for one question, or for an answer's bytes. Raises Exhausted."""
        self.cost += costs.BYTE * sum(len(part) for part in parts if isinstance(part, str | bytes))
        if self.cost > costs.MOST:
            raise Exhausted(f"the transaction costs more than {costs.MOST}")

    def note(self, line: str) -> None:
        if len(self.log) < MOST_LINES:
            self.log.append(ADDRESS_IN_MEMORY.sub("", line[:LONGEST_LINE]))

    def called(self, asked: Mapping[Any, Any], name: str, method: str, caller: str) -> Call:
        """A contract's call of another one. Raises Wrong."""
        args = {str(key): value for key, value in asked.items() if isinstance(value, str)}
        if len(args) < len(asked):
            raise Wrong("the arguments of a call are texts")
        if why := self._ready(name):
            raise Wrong(why)
        return Call(name, method, args, caller)

    def _ended(self, call: Call, depth: int, inner: list[Frame]) -> End:
        if depth > MOST_DEPTH:
            return End(Status.FAILED, message=f"more than {MOST_DEPTH} calls inside each other")
        self.cost += costs.START
        self.spend(*call.args, *call.args.values())
        contract = self._contracts[call.contract]
        host = Host(self, call, contract.creator, depth, inner)
        asked = [call.method, dict(call.args), call.life_cycle]
        sources = {**ours(), **contract.sources}
        with self._boxes.open(sources, main=ENTRY, limits=LIMITS) as box:
            try:
                reply = box.load()
                if isinstance(reply, Returned):
                    reply = box.call("run", asked, ask=host.answer)
            except Stopped as stopped:
                if stopped.cause not in TRAPS:
                    raise
                return End(Status.TRAPPED, message=TRAPS[stopped.cause])
            for line in box.output().splitlines():
                self.note(line)
        return end_of(reply)


class Host:
    """The chain, as one call of a contract sees it."""

    def __init__(
        self, run: Execution, call: Call, creator: Identity, depth: int, inner: list[Frame]
    ) -> None:
        self._run = run
        self._call = call
        self._creator = creator
        self._depth = depth
        self._inner = inner

    def answer(self, question: Value) -> Value:
        """The answer to anything that a program in the box may have asked. Raises Exhausted."""
        self._run.cost += costs.CALL
        try:
            return ["ok", self._answer(question)]
        except Wrong as wrong:
            return ["error", str(wrong)]

    def _answer(self, question: Value) -> Value:
        changes, own, spend = self._run.changes, self._call.contract, self._run.spend
        match question:
            case ["get", key, part]:
                place = full_key(key, part)
                value = changes.get(own, place)
                spend(place, value)
                return value
            case ["put", key, part, bytes(written)] if len(written) <= LONGEST_VALUE:
                place = full_key(key, part)
                spend(place, written)
                changes.put(own, place, written or None)
            case ["iterate", ("range" | "prefix") as way, str(first), str(limit)]:
                rows = list(changes.rows(own, first, limit if way == "range" else None))
                spend(*(part for row in rows for part in row))
                return [list(row) for row in rows]
            case ["history", key, part]:
                return self._history(full_key(key, part))
            case ["call", str(contract), str(method), dict(args)]:
                return self._call_contract(contract, method, args)
            case _:
                return self._tell(question)
        return None

    def _tell(self, question: Value) -> Value:
        """Questions that no state answers."""
        match question:
            case ["emit", str(topic), list(data)]:
                self._emit(topic, data)
            case ["who", str(name)]:
                return self._who(name)
            case ["log", str(line)]:
                self._run.spend(line)
                self._run.note(line)
            case _:
                raise Wrong("the chain does not know this question")
        return None

    def _history(self, place: str) -> Value:
        changes = self._run.changes.history(self._call.contract, place)
        self._run.spend(place, *(change.value for change in changes))
        return [[one.value, one.transaction, one.height, str(one.time)] for one in changes]

    def _emit(self, topic: str, data: list[Any]) -> None:
        if not topic or len(topic) > LONGEST_TOPIC:
            raise Wrong(f"a topic has 1 to {LONGEST_TOPIC} characters")
        if len(data) > MOST_DATA or not all(isinstance(part, str) for part in data):
            raise Wrong(f"an event has {MOST_DATA} texts at most")
        self._run.spend(topic, *data)
        texts = tuple(shown(part.encode()) for part in data)
        self._run.changes.emit(Event(self._call.contract, topic, texts))

    def _call_contract(self, contract: str, method: str, args: dict[Any, Any]) -> Value:
        caller = contract_address(self._call.contract)
        frame = self._run.call(self._run.called(args, contract, method, caller), self._depth + 1)
        self._inner.append(frame)
        if frame.status is Status.EXHAUSTED:
            raise Exhausted(frame.message)
        return [frame.status.value, frame.result, frame.message]

    def _who(self, name: str) -> str:
        setting, creator = self._run.setting, self._creator
        facts = {
            "sender": self._call.caller,
            "origin": setting.identity.address,
            "sender_org_id": setting.identity.organisation,
            "sender_role": setting.identity.role,
            "sender_pk": setting.identity.public_key,
            "creator_org_id": creator.organisation,
            "creator_role": creator.role,
            "creator_pk": creator.public_key,
            "block_height": str(setting.height),
            "tx_id": setting.id,
            "tx_time_stamp": str(setting.time),
            "contract_name": self._call.contract,
            "contract_addr": contract_address(self._call.contract),
        }
        if name not in facts:
            raise Wrong("the chain does not know this question")
        self._run.spend(facts[name])
        return facts[name]


def contract_address(name: str) -> str:
    """40 hex digits that belong to a contract's name."""
    return sm3(name.encode()).hex()[-40:]


@cache
def ours() -> Mapping[str, str]:
    """The main module of a box, which holds `chain` compiled: that is done once for all calls.

    The interpreter in a box is the host's own, so it can read what ours compiled.
    """
    folder = files("chains.onramp") / "inside"
    compiled = {
        name: compile(
            (folder / name).read_text(encoding="utf-8"), name, "exec", dont_inherit=True, optimize=2
        )
        for name in MODULES
    }
    packed = base64.b64encode(marshal.dumps(compiled)).decode()
    return {ENTRY: MAIN.format(packed=packed)}


def end_of(reply: Returned | Raised) -> End:
    if isinstance(reply, Raised):
        return of_raised(reply)
    match reply.value:
        case ["ok", bytes(result)] if len(result) <= LONGEST_RESULT:
            return End(Status.OK, result=shown(result))
        case ["failed", str(message)]:
            return End(Status.FAILED, message=_clean(message))
    return End(Status.TRAPPED, message=TRAPS[Cause.BAD_REPLY])


def of_raised(raised: Raised) -> End:
    """An exception that the contract did not mean."""
    own = raised.file and raised.file not in OURS
    place = f" ({raised.file}:{raised.line})" if own else ""
    end = End(Status.TRAPPED, message=_clean(f"{raised.type_name}: {raised.message}{place}"))
    if raised.type_name == "RecursionError":
        return replace(end, status=Status.EXHAUSTED)
    return end


def _clean(message: str) -> str:
    return ADDRESS_IN_MEMORY.sub("", message[:LONGEST_LINE])
