"""What an expectation may ask of one transaction.

Each condition is a function of the transaction and what the author wrote. It gives None where it
holds, else what was got and what was expected, both as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chains.types import CallKind, Event, Frame, Status, Transaction, Transcript
from exercises.contract.relays import Relayed

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """One transaction, and the ledger after it."""

    transaction: Transaction
    transcript: Transcript
    contract: str


@dataclass(frozen=True, slots=True)
class Difference:
    got: str
    expected: str


Condition = Callable[[Seen, Any], Difference | None]


def status(seen: Seen, wanted: str | list[str]) -> Difference | None:
    accepted = [wanted] if isinstance(wanted, str) else wanted
    transaction = seen.transaction
    if transaction.status.value in accepted:
        return None
    said = f": {transaction.message}" if transaction.message else ""
    return Difference(f"{transaction.status.value}{said}", " / ".join(accepted))


def result(seen: Seen, wanted: str) -> Difference | None:
    return _unless(seen.transaction.result == wanted, seen.transaction.result, wanted)


def result_contains(seen: Seen, wanted: str) -> Difference | None:
    return _unless(wanted in seen.transaction.result, seen.transaction.result, f"…{wanted}…")


def result_json(seen: Seen, wanted: Any) -> Difference | None:
    """The same JSON value, whatever its spaces and the order of its names."""
    expected = json.dumps(wanted, ensure_ascii=False, sort_keys=True)
    try:
        got = json.dumps(json.loads(seen.transaction.result), ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        got = seen.transaction.result
    return _unless(got == expected, got, expected)


def message_contains(seen: Seen, wanted: str | list[str]) -> Difference | None:
    """One of these texts, in small or capital letters."""
    accepted = [wanted] if isinstance(wanted, str) else wanted
    said = seen.transaction.message
    found = any(text.lower() in said.lower() for text in accepted)
    return _unless(found, said, " / ".join(f"…{text}…" for text in accepted))


def event(seen: Seen, wanted: Mapping[str, Any]) -> Difference | None:
    """Exactly one event of this topic (and data, and contract, where they are named)."""
    same = [one for one in seen.transaction.events if _is(one, wanted, seen.contract)]
    return _unless(len(same) == 1, _events(seen.transaction.events), f"{_wanted_event(wanted)} × 1")


def events(seen: Seen, wanted: Sequence[Mapping[str, Any]]) -> Difference | None:
    """Exactly these events, in this order, and no others."""
    told = seen.transaction.events
    same = len(told) == len(wanted) and all(
        _is(one, want, seen.contract) for one, want in zip(told, wanted, strict=True)
    )
    return _unless(same, _events(told), ", ".join(map(_wanted_event, wanted)) or "–")


def writes(seen: Seen, wanted: Mapping[str, Any]) -> Difference | None:
    """Exactly these keys were changed, to these values; false: deleted."""
    changed = {_place(w.contract, w.key, seen): w.after for w in seen.transaction.writes}
    expected = {key: None if value is False else value for key, value in wanted.items()}
    return _unless(changed == expected, _state(changed), _state(expected))


def writes_at_most(seen: Seen, wanted: int) -> Difference | None:
    keys = [_place(write.contract, write.key, seen) for write in seen.transaction.writes]
    return _at_most(len(keys), wanted, keys)


def reads(seen: Seen, wanted: Sequence[str]) -> Difference | None:
    """Exactly these keys were read, in whatever order."""
    keys = sorted(_place(read.contract, read.key, seen) for read in seen.transaction.reads)
    return _unless(keys == sorted(wanted), ", ".join(keys), ", ".join(sorted(wanted)))


def reads_at_most(seen: Seen, wanted: int) -> Difference | None:
    keys = [_place(read.contract, read.key, seen) for read in seen.transaction.reads]
    return _at_most(len(keys), wanted, keys)


def cost_at_most(seen: Seen, wanted: int) -> Difference | None:
    return _at_most(seen.transaction.cost, wanted, [])


def state(seen: Seen, wanted: Mapping[str, Any]) -> Difference | None:
    """After the transaction these keys have these values; false: they are not there."""
    values = states(seen.transcript, seen.transaction.number)
    got = {key: values.get(_parted(key, seen)) for key in wanted}
    expected = {key: None if value is False else value for key, value in wanted.items()}
    return _unless(got == expected, _state(got), _state(expected))


def calls(seen: Seen, wanted: Sequence[str]) -> Difference | None:
    """Exactly these calls of other contracts, as `contract.method`, in order."""
    root = seen.transaction.root
    made = [f"{frame.contract}.{frame.method}" for frame in _inner(root)] if root else []
    return _unless(made == list(wanted), ", ".join(made) or "–", ", ".join(wanted) or "–")


CONDITIONS: Mapping[str, Condition] = {
    condition.__name__: condition
    for condition in (
        status,
        result,
        result_contains,
        result_json,
        message_contains,
        event,
        events,
        writes,
        writes_at_most,
        reads,
        reads_at_most,
        cost_at_most,
        state,
        calls,
    )
}
"""By the name that checks.toml uses; judged in this order."""


def relayed_as_wanted(relayed: Relayed, conditions: Mapping[str, Any]) -> Difference | None:
    """The conditions of a relay step: `quiet`, `relayed` and `relayed_at_most` (calls)."""
    if not relayed.quiet and conditions.get("quiet", True):
        return Difference(f"{relayed.calls} calls, and on", "quiet")
    if "relayed" in conditions and relayed.calls != conditions["relayed"]:
        return Difference(f"{relayed.calls} calls", f"{conditions['relayed']} calls")
    if "relayed_at_most" in conditions:
        return _at_most(relayed.calls, conditions["relayed_at_most"], [])
    return None


RELAY_CONDITIONS = ("quiet", "relayed", "relayed_at_most")


def first_difference(seen: Seen, wanted: Mapping[str, Any]) -> Difference | None:
    """The first condition that does not hold, or None."""
    for name, condition in CONDITIONS.items():
        if name in wanted and (difference := condition(seen, wanted[name])):
            return difference
    return None


def states(transcript: Transcript, upto: int | None = None) -> dict[tuple[str, str], str]:
    """All state after the transaction `upto` (None: the last), by contract and key."""
    values: dict[tuple[str, str], str] = {}
    for transaction in transcript.transactions[:upto]:
        apply(values, transaction)
    return values


def apply(values: dict[tuple[str, str], str], transaction: Transaction) -> None:
    if transaction.kind is CallKind.QUERY or transaction.status is not Status.OK:
        return
    for write in transaction.writes:
        if write.after is None:
            values.pop((write.contract, write.key), None)
        else:
            values[(write.contract, write.key)] = write.after


def _unless(holds: bool, got: str, expected: str) -> Difference | None:  # noqa: FBT001
    return None if holds else Difference(got[:LONGEST], expected[:LONGEST])


def _at_most(count: int, most: int, names: list[str]) -> Difference | None:
    which = f": {', '.join(names)}" if names else ""
    return _unless(count <= most, f"{count}{which}", f"≤ {most}")


def _is(told: Event, wanted: Mapping[str, Any], contract: str) -> bool:
    same = told.topic == wanted["topic"] and told.contract == wanted.get("contract", contract)
    return same and ("data" not in wanted or list(told.data) == list(wanted["data"]))


def _events(told: Sequence[Event]) -> str:
    return ", ".join(f"{one.topic}({', '.join(one.data)})" for one in told) or "–"


def _wanted_event(wanted: Mapping[str, Any]) -> str:
    data = wanted.get("data")
    return f"{wanted['topic']}({'…' if data is None else ', '.join(data)})"


def _place(contract: str, key: str, seen: Seen) -> str:
    """A key as authors write it: with its contract where it is another one's."""
    return key if contract == seen.contract else f"{contract}/{key}"


def _parted(place: str, seen: Seen) -> tuple[str, str]:
    contract, slash, key = place.rpartition("/")
    return (contract, key) if slash else (seen.contract, place)


def _state(values: Mapping[str, str | None]) -> str:
    return (
        ", ".join(
            f"{key} = {'–' if value is None else value}" for key, value in sorted(values.items())
        )
        or "–"
    )


def _inner(frame: Frame) -> Iterator[Frame]:
    for call in frame.calls:
        yield call
        yield from _inner(call)
