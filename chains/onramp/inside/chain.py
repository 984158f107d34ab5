"""What a contract written in Python may ask of the chain. By the names of ChainMaker's Go SDK.

    from chain import Chain, Refused

    class Contract:
        def init_contract(self, chain: Chain) -> str: ...
        def upgrade(self, chain: Chain) -> str: ...
        def record(self, chain: Chain, asset: str, kg: str) -> str: ...

Each transaction begins in a fresh process: only what `put_state` wrote is there the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from box import ask  # type: ignore[import-not-found]  # made by the box


class Refused(Exception):
    """Raise it to refuse a transaction: nothing that it wrote is kept, and all see the reason."""


class ChainError(Exception):
    """The chain did not take a call: a key that is none, a topic that is too long."""


class Response:
    """What another contract answered."""

    def __init__(self, status: str, payload: str, message: str) -> None:
        self.status = status
        """`ok`, or why it did not succeed. What it wrote then is gone."""
        self.payload = payload
        self.message = message


class KeyModification:
    """One change of a key."""

    def __init__(self, value: str, tx_id: str, block_height: int) -> None:
        self.value = value
        self.tx_id = tx_id
        self.block_height = block_height
        self.is_delete = False
        self.timestamp = ""


class Chain:
    """The chain as one transaction sees it."""

    def __init__(self, args: Mapping[str, str]) -> None:
        self._args = dict(args)

    def get_args(self) -> dict[str, str]:
        """All arguments of this call."""
        return dict(self._args)

    def get_state(self, key: str, field: str = "") -> str:
        """The value, or "" where there is none."""
        return self.get_state_byte(key, field).decode("utf-8", "replace")

    def get_state_byte(self, key: str, field: str = "") -> bytes:
        value: bytes | None = _asked("get", key, field)
        return value or b""

    def get_state_with_exists(self, key: str, field: str = "") -> tuple[str, bool]:
        """The value, and whether the key is there at all."""
        value: bytes | None = _asked("get", key, field)
        return (value or b"").decode("utf-8", "replace"), value is not None

    def put_state(self, key: str, value: str | bytes, field: str = "") -> None:
        """Write. An empty value deletes, as it does on ChainMaker."""
        _asked("put", key, field, _bytes(value))

    def del_state(self, key: str, field: str = "") -> None:
        _asked("put", key, field, b"")

    def new_iterator(self, start: str, limit: str) -> Iterator[tuple[str, str, str]]:
        """Key, field and value from `start` to before `limit`, sorted."""
        return _rows("range", start, limit)

    def new_iterator_with_field(
        self, key: str, start_field: str, limit_field: str
    ) -> Iterator[tuple[str, str, str]]:
        return _rows("range", f"{key}#{start_field}", f"{key}#{limit_field}")

    def new_iterator_prefix_with_key(self, key: str) -> Iterator[tuple[str, str, str]]:
        return _rows("prefix", key, "")

    def new_iterator_prefix_with_key_field(
        self, key: str, field: str
    ) -> Iterator[tuple[str, str, str]]:
        return _rows("prefix", f"{key}#{field}", "")

    def new_history_kv_iter_for_key(self, key: str, field: str = "") -> Iterator[KeyModification]:
        """Every change of the key in blocks before this one, oldest first."""
        for value, tx_id, height, timestamp in _asked("history", key, field):
            change = KeyModification((value or b"").decode("utf-8", "replace"), tx_id, height)
            change.is_delete = value is None
            change.timestamp = timestamp
            yield change

    def emit_event(self, topic: str, data: Sequence[str]) -> None:
        """Tell everybody who listens. At most 16 texts."""
        _asked("emit", topic, [str(part) for part in data])

    def call_contract(
        self, contract: str, method: str, args: Mapping[str, str] | None = None
    ) -> Response:
        return Response(*_asked("call", contract, method, dict(args or {})))

    def sender(self) -> str:
        """Address of who calls: a person, another contract, or the chain itself while a contract
        is installed or upgraded. Who began it all is `origin`."""
        return _text("sender")

    def origin(self) -> str:
        """Address of the person who sent the transaction."""
        return _text("origin")

    def get_sender_org_id(self) -> str:
        return _text("sender_org_id")

    def get_sender_role(self) -> str:
        return _text("sender_role")

    def get_sender_pk(self) -> str:
        return _text("sender_pk")

    def get_creator_org_id(self) -> str:
        return _text("creator_org_id")

    def get_creator_role(self) -> str:
        return _text("creator_role")

    def get_creator_pk(self) -> str:
        return _text("creator_pk")

    def get_block_height(self) -> int:
        return int(_text("block_height"))

    def get_tx_id(self) -> str:
        return _text("tx_id")

    def get_tx_time_stamp(self) -> str:
        """Unix seconds of the block, the same on every node. A contract knows no other clock."""
        return _text("tx_time_stamp")

    def get_contract_name(self) -> str:
        return _text("contract_name")

    def get_contract_addr(self) -> str:
        return _text("contract_addr")

    def log(self, message: str) -> None:
        """For the author's eyes: no part of the ledger."""
        _asked("log", str(message))


def _asked(*question: object) -> Any:
    answer = ask(list(question))
    if answer[0] == "error":
        raise ChainError(answer[1])
    return answer[1]


def _text(name: str) -> str:
    return str(_asked("who", name))


def _rows(way: str, first: str, second: str) -> Iterator[tuple[str, str, str]]:
    for key, value in _asked("iterate", way, first, second):
        name, _, field = key.partition("#")
        yield name, field, value.decode("utf-8", "replace")


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise ChainError(f"a state is text or bytes, not {type(value).__name__}")
