"""`sys_call`: what a contract asks of its ledger, by the names of ChainMaker's host interface.

Each request has a header (whose `method` says what is wanted) and a body, mostly EasyCodec. What
cannot be done is a `Fault`: the contract is given 1, and the transaction has failed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache

from . import batches, limits
from .codec import Item, Kind, Malformed, data, decoded, encoded, integer, text
from .iterators import Rows, joined, over_history, over_keys, over_prefix
from .journal import Emitted
from .outcomes import Exhausted, Fault, Frame
from .running import Running

_DONE, _NOT_DONE = 0, 1
_SHORT = 256
"""Bytes of a header that is remembered: a contract asks with the same few again and again."""


class Request:
    """The items of a body, by name; of several with one name, the last."""

    def __init__(self, body: bytes) -> None:
        self.items = _items(body)
        self._named = {item.key: item for item in self.items}

    def number(self, *names: str) -> int:
        """The first of these that is there."""
        for name in names:
            item = self._named.get(name)
            if item is not None and item.kind is Kind.INTEGER:
                return int(item.value)
        raise Fault(f"the request has no number {names[0]}")

    def bytes(self, name: str) -> bytes:
        item = self._named.get(name)
        if item is None or not isinstance(item.value, bytes):
            raise Fault(f"the request has no bytes {name}")
        return item.value

    def text(self, name: str) -> str:
        return _text(self.bytes(name), name)

    def place(self, key: str = "key", field: str = "field") -> str:
        """The key, with its field where there is one, as the ledger stores it."""
        name = self.text(key)
        inner = self.text(field) if field in self._named else ""
        if fault := limits.fault_of_key(name, inner):
            raise Fault(fault)
        return joined(name, inner)


def _items(source: bytes) -> list[Item]:
    try:
        return decoded(source)
    except Malformed as malformed:
        raise Fault(f"malformed request: {malformed}") from None


def _text(value: bytes, name: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Fault(f"{name} is no UTF-8") from None


def sys_call(running: Running, header: int, header_size: int, body: int, body_size: int) -> int:
    """Do what is asked. Raises `Exhausted` for what ends the transaction."""
    running.charge(limits.HOST_CALL)
    try:
        head = running.read(header, header_size)
        asked = _asked if len(head) <= _SHORT else _asked.__wrapped__
        return asked(head)(running, running.read(body, body_size))
    except Fault as fault:
        running.fail(str(fault))
        return _NOT_DONE


def log_message(running: Running, pointer: int, length: int) -> None:
    running.charge(limits.HOST_CALL)
    try:
        _log(running, running.read(pointer, length))
    except Fault as fault:
        running.fail(str(fault))


@lru_cache(maxsize=256)
def _asked(header: bytes) -> Callable[[Running, bytes], int]:
    return _function(Request(header).text("method"))


def _function(method: str) -> Callable[[Running, bytes], int]:
    function = _METHODS.get(method)
    if function is not None:
        return function
    if method.startswith(("Execute", "RS")):
        raise Fault(f"{limits.brief(method)}: this ledger has no SQL; use keys and values")
    raise Fault(f"the ledger knows no {limits.brief(method)}")


def _log(running: Running, body: bytes) -> int:
    running.transaction.log.add(body.decode("utf-8", "replace"))
    return _DONE


def _success(running: Running, body: bytes) -> int:
    if running.frame.failed:
        return _NOT_DONE
    running.frame.result = body
    return _DONE


def _error(running: Running, body: bytes) -> int:
    running.fail(body.decode("utf-8", "replace"))
    return _DONE


def _get(running: Running, request: Request) -> bytes:
    place = (running.frame.contract, request.place())
    return running.transaction.journal.get(place) or b""


def _get_batch(running: Running, request: Request) -> bytes:
    found = []
    for wanted in batches.decoded(request.bytes("BatchKeys")):
        running.charge(limits.HOST_CALL)
        if fault := limits.fault_of_key(wanted.key, wanted.field):
            raise Fault(fault)
        place = (running.frame.contract, joined(wanted.key, wanted.field))
        value = running.transaction.journal.get(place) or b""
        found.append(batches.Wanted(wanted.key, wanted.field, value))
    return batches.encoded(found)


def _put(running: Running, body: bytes) -> int:
    request = Request(body)
    place = (running.frame.contract, request.place())
    running.transaction.journal.put(place, request.bytes("value"))
    return _DONE


def _delete(running: Running, body: bytes) -> int:
    place = (running.frame.contract, Request(body).place())
    running.transaction.journal.put(place, None)
    return _DONE


def _emit(running: Running, body: bytes) -> int:
    items = Request(body).items
    if not items or items[0].key != "topic" or not isinstance(items[0].value, bytes):
        raise Fault("an event begins with its topic")
    topic = _text(items[0].value, "the topic")
    if not 0 < len(topic) <= limits.LONGEST_TOPIC:
        raise Fault(f"a topic has 1 to {limits.LONGEST_TOPIC} characters, not {len(topic)}")
    if len(items) - 1 > limits.MOST_EVENT_DATA:
        raise Fault(f"an event has at most {limits.MOST_EVENT_DATA} data, not {len(items) - 1}")
    values = [item.value for item in items[1:] if isinstance(item.value, bytes)]
    if len(values) != len(items) - 1:
        raise Fault("the data of an event are texts")
    if any(len(value) > limits.LONGEST_EVENT_DATA for value in values):
        raise Fault(f"a datum of an event has at most {limits.LONGEST_EVENT_DATA} bytes")
    events = running.transaction.journal.events
    if len(events) == limits.MOST_EVENTS:
        raise Exhausted(f"it emitted more than {limits.MOST_EVENTS} events")
    events.append(Emitted(running.frame.contract, topic, tuple(values)))
    return _DONE


def _call(running: Running, request: Request) -> bytes:
    frame = _cross_call(running, request)
    if frame.failed:
        said = frame.message or frame.status.value
        raise Fault(f"{frame.contract}.{frame.method}: {said}")
    return frame.result


def _try_call(running: Running, request: Request) -> bytes:
    """Our own, for languages whose SDK hands the answer of the other contract to its caller."""
    try:
        frame = _cross_call(running, request)
    except Fault as fault:
        return encoded([integer("status", 1), text("message", str(fault)), data("payload", b"")])
    status = integer("status", int(frame.failed))
    return encoded([status, text("message", frame.message), data("payload", frame.result)])


def _cross_call(running: Running, request: Request) -> Frame:
    name, method = request.text("contract_name"), request.text("method")
    args = {
        item.key: item.value if isinstance(item.value, bytes) else str(item.value).encode()
        for item in _items(request.bytes("param"))
    }
    return running.transaction.cross_call(running, name, method, args)


def _open(running: Running, request: Request, rows: Rows) -> int:
    running.charge(limits.SCANNED_KEY * rows.count)
    running.write_integer(request.number("value_ptr"), running.open(rows))
    return _DONE


def _iterate(running: Running, body: bytes) -> int:
    request = Request(body)
    low = request.place("start_key", "start_field")
    high = request.place("limit_key", "limit_field")
    rows = over_keys(running.transaction.journal, running.frame.contract, low, high)
    return _open(running, request, rows)


def _iterate_prefix(running: Running, body: bytes) -> int:
    request = Request(body)
    prefix = request.place("start_key", "start_field")
    rows = over_prefix(running.transaction.journal, running.frame.contract, prefix)
    return _open(running, request, rows)


def _iterate_history(running: Running, body: bytes) -> int:
    request = Request(body)
    place = (running.frame.contract, request.place("start_key", "start_field"))
    changes = running.transaction.journal.world.history.get(place, ())
    return _open(running, request, over_history(changes))


def _rows(running: Running, request: Request) -> tuple[int, Rows]:
    number = request.number("rs_index", "ks_index")
    rows = running.iterators.get(number)
    if rows is None:
        raise Fault(f"no iterator {number} is open")
    return number, rows


def _has_next(running: Running, body: bytes) -> int:
    request = Request(body)
    _, rows = _rows(running, request)
    running.write_integer(request.number("value_ptr"), int(rows.has_next()))
    return _DONE


def _next(running: Running, request: Request) -> bytes:
    _, rows = _rows(running, request)
    return encoded(rows.next())


def _close(running: Running, body: bytes) -> int:
    request = Request(body)
    number, _ = _rows(running, request)
    del running.iterators[number]
    running.write_integer(request.number("value_ptr"), 1)
    return _DONE


def _arguments(running: Running, _request: Request) -> bytes:
    return encoded(running.arguments)


def _sender_address(running: Running, _request: Request) -> bytes:
    return running.transaction.sender.address.encode()


def _sha256(running: Running, body: bytes) -> int:
    request = Request(body)
    digest = hashlib.sha256(request.bytes("hashInput")).digest()
    running.write(request.number("value_ptr"), digest)
    return _DONE


_Answer = Callable[[Running, Request], bytes]


def _halves(method: str, answer: _Answer) -> dict[str, Callable[[Running, bytes], int]]:
    """The two calls in which a contract reads something whose length it does not know."""

    def length(running: Running, body: bytes) -> int:
        request = Request(body)
        pointer = request.number("value_ptr")
        running.announce(method, pointer, answer(running, request))
        return _DONE

    def content(running: Running, body: bytes) -> int:
        running.deliver(method, Request(body).number("value_ptr"))
        return _DONE

    return {f"{method}Len": length, method: content}


_METHODS: dict[str, Callable[[Running, bytes], int]] = {
    "LogMessage": _log,
    "SuccessResult": _success,
    "ErrorResult": _error,
    "PutState": _put,
    "DeleteState": _delete,
    "EmitEvent": _emit,
    "KvIterator": _iterate,
    "KvPreIterator": _iterate_prefix,
    "KvIteratorHasNext": _has_next,
    "KvIteratorClose": _close,
    "HistoryKvIterator": _iterate_history,
    "HistoryKvIterHasNext": _has_next,
    "HistoryKvIterClose": _close,
    "Sha256": _sha256,
    **_halves("GetArg", _arguments),
    **_halves("GetState", _get),
    **_halves("GetBatchState", _get_batch),
    **_halves("GetSenderAddress", _sender_address),
    **_halves("CallContract", _call),
    **_halves("TryCallContract", _try_call),
    **_halves("KvIteratorNext", _next),
    **_halves("HistoryKvIterNext", _next),
}
