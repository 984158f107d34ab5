"""One transaction of a transcript as the inspector shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chains.types import Block, CallKind, Frame, Identity, Status, Transaction, Transcript
from learn.ledger_certificates import certificate_facts
from learn.ledger_changes import Comparison
from learn.ledger_checks import CheckView
from learn.ledger_values import Row, Snapshot, State, Value, moment, touched, value
from learn.ledger_words import KINDS, ROLES, STATUS_NOTES, STATUSES, Words

LEDGER_OWN = frozenset(CallKind) - {CallKind.INVOKE, CallKind.QUERY}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called."""

    name: str
    organisation: str
    role: Words
    address: str
    public_key: str
    certificate: str
    """PEM; "" where the engine has none."""
    certificate_facts: tuple[tuple[Words, str], ...]
    """What the certificate says: name, value."""


@dataclass(frozen=True, slots=True)
class EventView:
    contract: str
    topic: str
    data: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class FrameView:
    """One call of the call tree."""

    contract: str
    method: str
    args: tuple[tuple[str, Value | None], ...]
    status: Status
    ending: Words
    result: Value | None
    message: str
    cost: int
    calls: tuple[FrameView, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction or query, in the order in which the page tells it."""

    anchor: str
    """The fragment that leads to it: `tx-main-7`."""
    number: int
    follows_gap: bool
    """The transactions just before it are not in the record."""
    kind: CallKind
    is_query: bool
    block: Block | None
    time: str
    """UTC."""
    caller: Caller
    contract: str
    call: Words
    """The method, or what the ledger itself was asked for, such as install."""
    is_method: bool
    args: tuple[tuple[str, Value | None], ...]
    status: Status
    ending: Words
    """How it ended, in words."""
    ending_note: Words
    result: Value | None
    message: str
    cost: int
    share: int
    """Per cent of what all transactions of its ledger cost."""
    touched: tuple[Row, ...]
    events: tuple[EventView, ...]
    tree: FrameView | None
    """None where the call called nobody."""
    log: tuple[str, ...]
    id: str
    after: Snapshot
    checks: tuple[CheckView, ...]
    comparison: Comparison | None

    @property
    def is_ok(self) -> bool:
        return self.status == Status.OK

    @property
    def failed_checks(self) -> tuple[CheckView, ...]:
        return tuple(check for check in self.checks if check.failed)

    @property
    def stands_out(self) -> bool:
        """What "only what failed" shows."""
        return not self.is_ok or bool(self.failed_checks)


def entries(
    transcript: Transcript,
    anchors: Mapping[int, str],
    checks: Mapping[int, Sequence[CheckView]],
    comparisons: Mapping[int, Comparison],
) -> tuple[Entry, ...]:
    """The transactions of one ledger in their order, each with the state after it."""
    blocks = {number: block for block in transcript.blocks for number in block.transactions}
    callers = {identity.name: caller_of(identity) for identity in transcript.identities}
    whole = sum(each.cost for each in transcript.transactions)
    numbers = [0, *(each.number for each in transcript.transactions)]
    state = State(is_partial="lists" in transcript.shortened)
    return tuple(
        Entry(
            anchor=anchors[each.number],
            number=each.number,
            follows_gap=each.number != before + 1,
            kind=each.kind,
            is_query=each.kind == CallKind.QUERY,
            block=blocks.get(each.number),
            time=moment(each.time) if each.time else "",
            caller=callers.get(each.identity) or _unknown(each.identity),
            contract=each.contract,
            call=KINDS[each.kind] if each.kind in LEDGER_OWN else each.method,
            is_method=each.kind not in LEDGER_OWN,
            args=_arguments(each.args),
            status=each.status,
            ending=STATUSES[each.status],
            ending_note=STATUS_NOTES[each.status],
            result=value(each.result or None),
            message=each.message,
            cost=each.cost,
            share=round(100 * each.cost / whole) if whole else 0,
            touched=touched(each),
            events=_events(each),
            tree=_frame(each.root) if each.root and each.root.calls else None,
            log=each.log,
            id=each.id,
            after=state.after(each, missed=each.number != before + 1),
            checks=tuple(checks.get(each.number, ())),
            comparison=comparisons.get(each.number),
        )
        for before, each in zip(numbers, transcript.transactions, strict=False)
    )


def caller_of(identity: Identity) -> Caller:
    """Who an identity is."""
    return Caller(
        identity.name,
        identity.organisation,
        ROLES.get(identity.role, identity.role),
        identity.address,
        identity.public_key,
        identity.certificate.strip(),
        certificate_facts(identity.certificate) if identity.certificate else (),
    )


def _unknown(name: str) -> Caller:
    return Caller(name, "", "", "", "", "", ())


def _arguments(args: Mapping[str, str]) -> tuple[tuple[str, Value | None], ...]:
    return tuple((name, value(given)) for name, given in args.items())


def _events(transaction: Transaction) -> tuple[EventView, ...]:
    return tuple(
        EventView(event.contract, event.topic, tuple(map(value, event.data)))
        for event in transaction.events
    )


def _frame(frame: Frame) -> FrameView:
    return FrameView(
        contract=frame.contract,
        method=frame.method,
        args=_arguments(frame.args),
        status=frame.status,
        ending=STATUSES[frame.status],
        result=value(frame.result or None),
        message=frame.message,
        cost=frame.cost,
        calls=tuple(map(_frame, frame.calls)),
    )
