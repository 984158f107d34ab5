"""How calls end: the statuses, and the ways out of a contract that is still running."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_MESSAGE = 2000
MOST_REASONS = 16


class Status(StrEnum):
    """As in `chains.types`, which cannot be imported here."""

    OK = "ok"
    FAILED = "failed"
    TRAPPED = "trapped"
    EXHAUSTED = "exhausted"
    REFUSED = "refused"


class Refused(Exception):
    """The ledger does not let it begin."""


class Fault(Exception):
    """A host call cannot be done. The contract is told so, goes on, and has failed."""


class Exhausted(Exception):
    """The transaction has used up what there is. It ends here, whoever called whom."""


class Exited(Exception):
    """The contract ended its own process, which is none."""

    def __init__(self, code: int) -> None:
        super().__init__(f"it exited with code {code}")


@dataclass(slots=True)
class Frame:
    """One call of a contract, and the calls that it made."""

    contract: str
    method: str
    args: dict[str, bytes]
    status: Status = Status.OK
    result: bytes = b""
    messages: list[str] = field(default_factory=list)
    cost: int = 0
    calls: list[Frame] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.status is not Status.OK

    @property
    def message(self) -> str:
        return "; ".join(self.messages)[:LONGEST_MESSAGE]

    def size(self) -> int:
        """Bytes of arguments and results, with those of the calls that it made."""
        own = len(self.result) + sum(len(key) + len(value) for key, value in self.args.items())
        return own + sum(call.size() for call in self.calls)

    def end(self, status: Status, message: str) -> None:
        """It did not go well, and its result is gone.

        Reasons of the contract stand in the order in which they came, after the reason why it was
        ended, if it was.
        """
        self.status = status
        self.result = b""
        if not message:
            return
        if status is not Status.FAILED:
            self.messages.insert(0, message[:LONGEST_MESSAGE])
        elif len(self.messages) < MOST_REASONS:
            self.messages.append(message[:LONGEST_MESSAGE])
