"""Answers requests about open ledgers, one JSON object a line each.

Bytes cross as text, each byte the character of its number (ISO 8859-1); modules as base 64.
"""

from __future__ import annotations

import base64
from typing import Any

from . import limits
from .execution import INIT, UPGRADE, Execution, Forgotten, Place
from .machine import Machine
from .outcomes import Frame, Refused
from .running import Running
from .state import Contract, Sender, World
from .syscalls import log_message, sys_call

Message = dict[str, Any]


class Server:
    """The machine and the open ledgers."""

    def __init__(self) -> None:
        self._running: list[Running] = []
        self._machine = Machine(self._host)
        self._worlds: dict[int, World] = {}

    def answer(self, request: Message) -> Message:
        """The answer to one request. Raises only by a fault of ours."""
        try:
            answer: Message = getattr(self, f"do_{request['do']}")(request)
        except Refused as refused:
            return {"refused": str(refused)}
        except Forgotten as forgotten:
            return {"missing": forgotten.digest}
        return answer

    def _host(self, module: str, name: str, *numbers: int) -> int | None:
        """A contract calls its host: the innermost one that runs."""
        running = self._running[-1]
        if module != "env":
            running.charge(limits.HOST_CALL)
            return running.system.call(name, *numbers)
        if name == "sys_call":
            return sys_call(running, *numbers)
        log_message(running, numbers[0], numbers[1])
        return None

    def do_load(self, request: Message) -> Message:
        """Compile a module, so that contracts can be made of it."""
        self._machine.load(request["digest"], base64.b64decode(request["code"]))
        return {}

    def do_open(self, request: Message) -> Message:
        """A new, empty ledger."""
        if len(self._worlds) >= limits.OPEN_LEDGERS:
            raise Refused(f"more than {limits.OPEN_LEDGERS} ledgers are open")
        self._worlds[request["ledger"]] = World()
        return {}

    def do_close(self, request: Message) -> Message:
        """Forget a ledger and all that it held."""
        del self._worlds[request["ledger"]]
        return {}

    def do_stand(self, request: Message) -> Message:
        """How a contract stands from now on."""
        world = self._worlds[request["ledger"]]
        world.contracts[request["contract"]].standing = request["standing"]
        return {}

    def do_state(self, request: Message) -> Message:
        """All values of a contract."""
        values = self._worlds[request["ledger"]].of(request["contract"])
        return {"state": [[key, value.decode("latin-1")] for key, value in values]}

    def do_execute(self, request: Message) -> Message:
        """Run one transaction; `keep` says whether its changes stay.

        `digest` makes the contract one of that module: a new one, or with the old state.
        """
        world = self._worlds[request["ledger"]]
        sender = Sender(*request["sender"])
        place = Place(request["id"], request["height"], request["time"])
        execution = Execution(
            self._machine, self._running, world, place, sender, writes=request["keep"]
        )
        contract, method = request["contract"], request["method"]
        args = {key: value.encode("latin-1") for key, value in request["args"].items()}
        trial = None
        if request.get("digest"):
            if fault := limits.fault_of_contract(contract):
                raise Refused(fault)
            before = world.contracts.get(contract)
            trial = Contract(request["digest"], before.creator if before else sender)
            method = UPGRADE if before else INIT
        frame = execution.run(contract, method, args, trial)
        answer = _outcome(execution, frame, keep=request["keep"])
        if request["keep"] and not frame.failed:
            execution.commit()
        return answer


def _outcome(execution: Execution, frame: Frame, *, keep: bool) -> Message:
    """What the transaction leaves; a query changes nothing."""
    journal = execution.journal
    before = journal.world.values
    events = [] if frame.failed else journal.events
    changes = journal.changes() if keep and not frame.failed else {}
    return {
        "root": _told(frame),
        "reads": [[*place, _text(value)] for place, value in journal.reads.items()],
        "writes": [
            [*place, _text(before.get(place)), _text(value)] for place, value in changes.items()
        ],
        "events": [
            [event.contract, event.topic, [_text(datum) for datum in event.data]]
            for event in events
        ],
        "log": execution.log.told(),
    }


def _told(frame: Frame) -> Message:
    return {
        "contract": frame.contract,
        "method": frame.method,
        "args": {key: _text(value) for key, value in frame.args.items()},
        "status": frame.status.value,
        "result": _text(frame.result),
        "message": frame.message,
        "cost": frame.cost,
        "calls": [_told(call) for call in frame.calls],
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
