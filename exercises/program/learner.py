"""The learner's program across the boxes that it needs, and the checker's questions to it.

Only values pass. An object that stays in the learner's box is known to the checker by a number
that we choose; it is forgotten with its box.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from exercises.program.endings import Ending, of_load, of_stop
from exercises.program.inside.readable import Verbatim, call, cut, readable
from exercises.program.relay import check_size, swapped
from exercises.types import Broken
from sandbox.types import Box, Boxes, Cause, Limits, Raised, Remote, Returned, Stopped, Value

MAX_QUESTIONS = 10_000
"""Of one check: an author's loop over what a learner returns may never end."""
MAX_DEATHS = 3
SHOWN_CALLS = 3
"""The last calls of a check are shown: what was built before the failing one matters too."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the checker wants of the learner's program. Objects go by our numbers."""

    act: str
    """`call`, or `get` for an attribute."""
    owner: Remote | None
    """None: the main module."""
    name: str
    arguments: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        path = self.name if self.owner is None else f"{_spoken(self.owner)}.{self.name}"
        if self.act == "get":
            return cut(path)
        arguments: Any = swapped(self.arguments, _verbatim)
        named: Any = swapped(self.named, _verbatim)
        return call(path, arguments, named)


@dataclass(slots=True)
class Conversation:
    """What one check asked and heard."""

    asked: deque[tuple[Question, Value | Raised]] = field(
        default_factory=lambda: deque(maxlen=SHOWN_CALLS)
    )
    """The last questions and what came back (None where the program ended)."""
    raised: list[tuple[Question, Raised]] = field(default_factory=list)
    """Exceptions, by the number that the checker knows them by."""
    ended: Ending | None = None
    questions: int = 0
    milliseconds: float = 0.0

    def called(self) -> str:
        """The last calls, one on each line."""
        return "\n".join(str(question) for question, _ in self.asked)

    def came_back(self) -> str:
        """What the last call gave, or ''."""
        if not self.asked or self.ended:
            return ""
        _, value = self.asked[-1]
        if isinstance(value, Raised):
            return cut(f"{value.type_name}: {value.message}")
        return readable(swapped(value, _verbatim))


class Learner:
    """Opens a box when one is needed. After `MAX_DEATHS` it is `exhausted`."""

    def __init__(self, boxes: Boxes, files: Mapping[str, str], main: str, limits: Limits) -> None:
        self._boxes = boxes
        self._files = files
        self._main = main
        self._limits = limits
        self._box: Box | None = None
        self._objects: dict[int, Remote] = {}
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._printed = ""
        self.deaths = 0
        self.cpu_seconds = 0.0
        self.memory_bytes = 0

    @property
    def exhausted(self) -> bool:
        return self.deaths >= MAX_DEATHS

    def load(self) -> Ending | None:
        """Load the program where it is not loaded. Why that fails, if it does: it is a death."""
        if self._box is not None:
            return None
        self._box = self._boxes.open(self._files, main=self._main, limits=self._limits)
        try:
            loaded = self._box.load()
        except Stopped as stopped:
            self._bury()
            return of_stop(stopped)
        if isinstance(loaded, Returned):
            return None
        self._bury()
        return of_load(loaded)

    def printed(self) -> str:
        """Everything that was printed so far, at most what one box may print."""
        here = self._box.output() if self._box else ""
        return (self._printed + here)[: self._limits.output_bytes]

    def close(self) -> None:
        """End the box, and count what it used."""
        if self._box is None:
            return
        self._box.__exit__(None, None, None)
        self._printed = self.printed()
        usage = self._box.usage()
        self.cpu_seconds += usage.cpu_seconds
        self.memory_bytes = max(self.memory_bytes, usage.peak_memory_bytes)
        self._box = None
        self._objects.clear()
        self._numbers.clear()

    def answer(self, question: Question, talk: Conversation) -> Value:
        """The reply to one question of the checker, as `judge` reads it. Raises Broken."""
        if talk.ended is not None:
            return ("ended",)
        try:
            reply = self._ask(question, talk)
            found: list[Remote] = []
            value: Value = None
            if isinstance(reply, Returned):
                value = swapped(reply.value, lambda remote: self._number(remote, found))
                check_size(value)
        except Stopped as stopped:
            talk.ended = of_stop(stopped)
            talk.asked.append((question, None))
            self._bury()
            return ("ended",)
        talk.milliseconds += reply.milliseconds
        if isinstance(reply, Raised):
            talk.asked.append((question, reply))
            talk.raised.append((question, reply))
            return ("raised", len(talk.raised) - 1, reply.type_name, reply.message)
        if not (question.act == "get" and isinstance(value, Remote)):
            talk.asked.append((question, value))  # looking up a method is no news
        return ("objects" if found else "value", value)

    def _ask(self, question: Question, talk: Conversation) -> Returned | Raised:
        talk.questions += 1
        if talk.questions > MAX_QUESTIONS:
            raise Stopped(Cause.TIMEOUT, f"more than {MAX_QUESTIONS} calls in one check")
        assert self._box is not None
        on = None if question.owner is None else self._object(question.owner)
        if question.act == "get":
            return self._box.read(question.name, on=on)
        arguments = cast("list[Value]", swapped(question.arguments, self._object))
        named = cast("dict[str, Value]", swapped(question.named, self._object))
        try:
            return self._box.call(question.name, arguments, named, on=on)
        except ValueError as error:
            raise Broken(f"checks.py gives {question.name} too large a value: {error}") from error

    def digest(self) -> str:
        """Of the files: another text gets other hidden inputs, the same text the same."""
        return hashlib.sha256(json.dumps(dict(self._files), sort_keys=True).encode()).hexdigest()

    def _bury(self) -> None:
        self.deaths += 1
        self.close()

    def _number(self, remote: Remote, found: list[Remote]) -> Remote:
        """The learner's object as the checker knows it."""
        found.append(remote)
        number = self._numbers.get(remote.handle)
        if number is None:
            self._count += 1
            number = self._numbers[remote.handle] = self._count
            self._objects[number] = remote
        return Remote(number, remote.type_name)

    def _object(self, remote: Remote) -> Remote:
        """The checker's stand-in as the learner's box knows it."""
        known = self._objects.get(remote.handle)
        if known is None:
            raise Broken("checks.py uses an object of a program that has ended")
        return known


def understood(asked: Value) -> tuple[str, Question]:
    """The key of the check that asks, and what it asks. Raises Broken."""
    match asked:
        case (str(key), "call" | "get" as act, owner, str(name), list(args), dict(named)):
            if owner is None or isinstance(owner, Remote):
                return key, Question(act, owner, name, args, named)
    raise Broken("checks.py asks the host itself: use `solution`")


def _spoken(remote: Remote) -> str:
    return f"{remote.type_name}#{remote.handle}"


def _verbatim(remote: Remote) -> Verbatim:
    return Verbatim(f"<{_spoken(remote)}>")
