"""The learner's relay: a program that hears events of one ledger and calls another.

`relay.py` has `relay(event, proof)`, which gives a list of calls, and may have
`timeout(event, proof)`, which is asked about an event that was lost, once its time is over. It runs
in a box; what it wants called is called by whoever the step names, and judged by what the ledgers
then hold. The author's step says which events are lost, told twice, or come with a forged proof.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chains.types import Status, Transaction
from exercises.contract.proofs import forged, header_text, proof_text
from sandbox.types import Box, Boxes, Limits, Raised, Value

if TYPE_CHECKING:
    from exercises.contract.plan import Step
    from exercises.contract.stage import Stage

MAIN = "relay.py"
LIMITS = Limits(cpu_seconds=2, wall_seconds=10.0, memory_bytes=128 << 20)
MOST_CALLS = 100
"""Of one relay step, where the author says nothing else."""
FAULTS = ("drop", "replay", "forge")
TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Heard:
    """One event, as the relay is told of it."""

    ledger: str
    transaction: Transaction
    event: Mapping[str, Any]


@dataclass(slots=True)
class Relayed:
    """What a relay step did."""

    calls: int = 0
    told: int = 0
    """How often the relay was told of an event."""
    quiet: bool = True
    """False: it was still calling when it had called too often."""
    last: tuple[str, int] | None = None
    """Ledger and number of its last transaction."""
    fault: str = ""
    """What the program did wrong, in Python's words or ours."""
    file: str = ""
    line: int | None = None


class Faulty(Exception):
    """The relay's program raised, or answered what is no list of calls."""

    def __init__(self, why: str, file: str = "", line: int | None = None) -> None:
        super().__init__(why)
        self.file = file
        self.line = line


@dataclass(slots=True)
class Relay:
    """One relay through a whole scenario. It remembers what it has told of."""

    boxes: Boxes
    source: str
    _box: Box | None = None
    _seen: dict[str, int] = field(default_factory=dict)

    def drive(self, stage: Stage, step: Step) -> Relayed:
        """Tell of every new event until nothing new happens. Raises Stopped and Broken."""
        relayed = Relayed()
        try:
            self._load()
            self._drive(stage, step, relayed)
        except Faulty as faulty:
            relayed.fault, relayed.file, relayed.line = str(faulty), faulty.file, faulty.line
        return relayed

    def close(self) -> None:
        if self._box is not None:
            self._box.__exit__(None, None, None)
            self._box = None

    def _drive(self, stage: Stage, step: Step, relayed: Relayed) -> None:
        faults = [dict(fault) for fault in step.relay.get("faults", ())]
        waiting = deque(self._new(stage))
        lost: deque[tuple[Heard, str]] = deque()
        while waiting or lost:
            if waiting:
                heard = waiting.popleft()
                proof, times = (
                    proof_text(stage.transcript(heard.ledger), heard.transaction.number),
                    1,
                )
                fault = _taken(faults, heard)
                if fault.get("fault") == "drop":
                    lost.append((heard, proof))
                    continue
                if fault.get("fault") == "replay":
                    times = 2
                elif fault.get("fault") == "forge":
                    proof = forged(proof, fault.get("part", "leaf"))
                for _ in range(times):
                    relayed.told += 1
                    self._call_all(stage, step, relayed, self._asked("relay", heard, proof), 0)
            else:
                heard, proof = lost.popleft()
                later = step.relay.get("timeout_seconds", TIMEOUT_SECONDS)
                calls = self._asked("timeout", heard, proof)
                self._call_all(stage, step, relayed, calls, later)
            if not relayed.quiet:
                return
            waiting.extend(self._new(stage))

    def _call_all(
        self, stage: Stage, step: Step, relayed: Relayed, calls: Sequence[Any], later: int
    ) -> None:
        for call in calls:
            if relayed.calls >= step.relay.get("calls_at_most", MOST_CALLS):
                relayed.quiet = False
                return
            match call:
                case {"ledger": str(ledger), "method": str(method), "args": dict(args)}:
                    contract = call.get("contract", step.contract)
                case _:
                    raise Faulty("a call is {'ledger': …, 'method': …, 'args': {…}}")
            if ledger not in stage.studio.plan.ledgers or not _texts({contract: "", **args}):
                raise Faulty(f"relay asks for a ledger or arguments that cannot be: {call!r:.200}")
            relayed.calls += 1
            try:
                done = stage.invoke(ledger, contract, method, args, step.by, later)
            except ValueError as error:
                raise Faulty(f"the ledger cannot take these arguments: {error}") from error
            relayed.last = (ledger, done.number)
            later = 0

    def _new(self, stage: Stage) -> Iterator[Heard]:
        for ledger, transcript in stage.transcripts().items():
            start = self._seen.get(ledger, 0)
            self._seen[ledger] = len(transcript.transactions)
            for transaction in transcript.transactions[start:]:
                if transaction.block is None or transaction.status is not Status.OK:
                    continue
                for event in transaction.events:
                    told = {
                        "ledger": ledger,
                        "contract": event.contract,
                        "topic": event.topic,
                        "data": list(event.data),
                        "transaction": transaction.id,
                        "block": transaction.block,
                        "time": transaction.time,
                        "header": header_text(transcript, transaction.number),
                    }
                    yield Heard(ledger, transaction, told)

    def _load(self) -> None:
        if self._box is None:
            self._box = self.boxes.open({MAIN: self.source}, main=MAIN, limits=LIMITS)
            _raise(self._box.load())

    def _asked(self, function: str, heard: Heard, proof: str) -> list[Any]:
        assert self._box is not None
        reply = self._box.call(function, [dict(heard.event), proof])
        if isinstance(reply, Raised):
            if function == "timeout" and reply.type_name == "AttributeError" and not reply.line:
                return []
            _raise(reply)
        else:
            value: Value = reply.value
            if isinstance(value, list):
                return value
        raise Faulty(f"{function} must return a list of calls")


def _raise(reply: object) -> None:
    if isinstance(reply, Raised):
        raise Faulty(f"{reply.type_name}: {reply.message}", reply.file, reply.line)


def _taken(faults: list[dict[str, Any]], heard: Heard) -> Mapping[str, Any]:
    """The first fault that is meant for this event, which is then used up; {} for none."""
    for fault in faults:
        same_ledger = fault.get("ledger", heard.ledger) == heard.ledger
        if same_ledger and fault.get("topic", heard.event["topic"]) == heard.event["topic"]:
            faults.remove(fault)
            return fault
    return {}


def _texts(table: Mapping[Any, Any]) -> bool:
    return all(isinstance(part, str) for pair in table.items() for part in pair)
