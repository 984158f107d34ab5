"""What one ledger learns of another: the messages between two transcripts, and their picture.

A transcript knows nothing of messages. One is seen where a call of a ledger has an argument that
an earlier event of the other ledger carried: whatever brought it over, it came from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chains.types import CallKind, Status, Transaction, Transcript
from learn.ledger_words import KINDS, Words

LEAST_CHARACTERS = 3
"""Shorter values, such as an amount of 10, are the same by chance."""
WIDTH = 480
LIFELINES = (156, 324)
"""Where the lines of the two ledgers are, in units of the picture."""
TOP, STEP = 44, 34
SQUARE = 13
MOST_LETTERS = 17


@dataclass(frozen=True, slots=True)
class Stop:
    """One transaction on the line of its ledger."""

    ledger: str
    number: int
    anchor: str
    call: Words
    status: Status
    is_query: bool
    x: int
    y: int
    label_x: int
    label: str

    text_anchor: str
    """`start` or `end`, as SVG has it: labels stand outside the two lines."""

    @property
    def is_ok(self) -> bool:
        return self.status == Status.OK

    @property
    def square_x(self) -> float:
        return self.x - SQUARE / 2

    @property
    def square_y(self) -> float:
        return self.y - SQUARE / 2

    @property
    def label_y(self) -> int:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Message:
    """What a transaction knew by an event of the other ledger."""

    source: Stop
    target: Stop
    topic: str
    values: tuple[str, ...]

    @property
    def start_x(self) -> int:
        return self.source.x + self._forward * 7

    @property
    def end_x(self) -> int:
        return self.target.x - self._forward * 9

    @property
    def label_x(self) -> int:
        return (self.source.x + self.target.x) // 2

    @property
    def label_y(self) -> int:
        return (self.source.y + self.target.y) // 2 - 5

    @property
    def head(self) -> str:
        """The arrow's head, as points of a polygon."""
        x, y, back = self.end_x + self._forward * 2, self.target.y, -7 * self._forward
        return f"{x},{y} {x + back},{y - 4} {x + back},{y + 4}"

    @property
    def _forward(self) -> int:
        return 1 if self.target.x > self.source.x else -1


@dataclass(frozen=True, slots=True)
class Crossing:
    """The picture of two ledgers: their transactions from top to bottom, messages between them."""

    ledgers: tuple[str, ...]
    stops: tuple[Stop, ...]
    messages: tuple[Message, ...]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return TOP + STEP * len(self.stops)

    @property
    def bottom(self) -> int:
        return self.height - STEP // 2

    @property
    def lines(self) -> tuple[tuple[str, int], ...]:
        return tuple(zip(self.ledgers, LIFELINES, strict=False))


Place = tuple[str, int]
"""(ledger, number of the transaction)."""


def crossing(
    transcripts: Sequence[Transcript], anchors: dict[Place, str], order: Sequence[Place]
) -> Crossing | None:
    """The picture of two ledgers; None for one. `order`: see `learn.ledger.inspector`."""
    if len(transcripts) != 2:
        return None
    steps = _in_order(transcripts, order)
    names = tuple(transcript.ledger for transcript in transcripts)
    stops = [
        _stop(names.index(ledger), ledger, each, anchors[ledger, each.number], row)
        for row, (ledger, each) in enumerate(steps)
    ]
    return Crossing(names, tuple(stops), tuple(_messages(steps, stops)))


def _in_order(
    transcripts: Sequence[Transcript], order: Sequence[Place]
) -> list[tuple[str, Transaction]]:
    places = {place: position for position, place in enumerate(order)}
    steps = [(each.ledger, call) for each in transcripts for call in each.transactions]
    last = len(places)

    def position(step: tuple[str, Transaction]) -> tuple[int, int, int]:
        ledger, call = step
        return places.get((ledger, call.number), last), call.time, call.number

    return sorted(steps, key=position)


def _stop(side: int, ledger: str, each: Transaction, anchor: str, row: int) -> Stop:
    own = each.kind in {CallKind.INVOKE, CallKind.QUERY}
    call: Words = each.method if own else KINDS[each.kind]
    text = str(call)
    short = text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
    x = LIFELINES[side]
    return Stop(
        ledger=ledger,
        number=each.number,
        anchor=anchor,
        call=call,
        status=each.status,
        is_query=each.kind == CallKind.QUERY,
        x=x,
        y=TOP + STEP * row,
        label_x=x + (14 if side else -14),
        label=f"{each.number} {short}" if side else f"{short} {each.number}",
        text_anchor="start" if side else "end",
    )


def _messages(steps: Sequence[tuple[str, Transaction]], stops: Sequence[Stop]) -> Iterator[Message]:
    """For each call the latest earlier event of the other ledger that shares a value with it."""
    for row, (ledger, each) in enumerate(steps):
        if each.kind == CallKind.QUERY:
            continue
        known = {given for given in each.args.values() if len(given) >= LEAST_CHARACTERS}
        for earlier in range(row - 1, -1, -1):
            other, before = steps[earlier]
            if other == ledger:
                continue
            carried = _carried(before, known)
            if carried:
                yield Message(stops[earlier], stops[row], *carried)
                break


def _carried(transaction: Transaction, known: set[str]) -> tuple[str, tuple[str, ...]] | None:
    for event in transaction.events:
        shared = tuple(dict.fromkeys(given for given in event.data if given in known))
        if shared:
            return event.topic, shared
    return None
