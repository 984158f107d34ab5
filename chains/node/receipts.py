"""What a node knows, as plain values: transactions, blocks, contracts, events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chains.node import wire_pb2 as wire
from chains.node.members import Signer, is_signed, signer
from chains.node.refusals import code_name

CONTRACT_STATES = {0: "normal", 1: "frozen", 2: "revoked"}


@dataclass(frozen=True, slots=True)
class Event:
    contract: str
    topic: str
    data: tuple[str, ...]
    tx_id: str
    block: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction in its block."""

    tx_id: str
    contract: str
    method: str
    args: Mapping[str, bytes]
    sender: Signer
    is_signed: bool
    """Whether the sender's signature is of this payload by the sender's certificate: computed
    here, not believed of the node. False too where the chain knows members by no certificate."""
    endorsers: tuple[Signer, ...]
    code: str
    """`SUCCESS`, or the node's name for what went wrong."""
    result: bytes
    message: str
    gas: int
    events: tuple[Event, ...]
    block: int
    time: int
    """Unix seconds of the sender's clock."""
    ok: bool


@dataclass(frozen=True, slots=True)
class Block:
    height: int
    hash: str
    previous: str
    time: int
    """Unix seconds of the proposer's clock."""
    transaction_root: str
    tx_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """An installed contract, as the node's contract manager describes it."""

    name: str
    version: str
    state: str
    """`normal`, `frozen` or `revoked`."""
    organisation: str
    """Whose member installed it."""


def receipt(found: wire.TransactionInfo) -> Receipt:
    transaction = found.transaction
    payload, outcome = transaction.payload, transaction.result
    inner = outcome.contract_result
    return Receipt(
        tx_id=payload.tx_id,
        contract=payload.contract_name,
        method=payload.method,
        args={pair.key: pair.value for pair in payload.parameters},
        sender=signer(transaction.sender.signer),
        is_signed=is_signed(transaction.sender, payload.SerializeToString(deterministic=True)),
        endorsers=tuple(signer(entry.signer) for entry in transaction.endorsers),
        code=code_name(outcome.code),
        result=inner.result,
        message=inner.message or outcome.message,
        gas=inner.gas_used,
        events=tuple(
            Event(
                contract=event.contract_name,
                topic=event.topic,
                data=tuple(event.event_data),
                tx_id=payload.tx_id,
                block=found.block_height,
            )
            for event in inner.contract_event
        ),
        block=found.block_height,
        time=payload.timestamp,
        ok=outcome.code == wire.SUCCESS and inner.code == 0,
    )


def block(found: wire.BlockInfo) -> Block:
    header = found.block.header
    return Block(
        height=header.block_height,
        hash=header.block_hash.hex(),
        previous=header.pre_block_hash.hex(),
        time=header.block_timestamp,
        transaction_root=header.tx_root.hex(),
        tx_ids=tuple(transaction.payload.tx_id for transaction in found.block.txs),
    )


def contract(found: bytes) -> Contract:
    """A node answers this one question in JSON, in which Go leaves out what is zero. Raises
    `ValueError` for anything else."""
    described = json.loads(found)
    if not (
        isinstance(described, dict)
        and isinstance(described.get("creator", {}), dict)
        and isinstance(described.get("status", 0), int)
    ):
        raise ValueError("not a contract")  # noqa: TRY004  # of what was read
    return Contract(
        name=str(described.get("name", "")),
        version=str(described.get("version", "")),
        state=CONTRACT_STATES.get(described.get("status", 0), "unknown"),
        organisation=str(described.get("creator", {}).get("org_id", "")),
    )


def events(found: bytes) -> tuple[tuple[Event, ...], int]:
    """The events of one message of a subscription, and the height of its block. A block without
    such events gives a message with an entry that names no contract."""
    entries = wire.ContractEventInfoList.FromString(found).contract_events
    height = max((entry.block_height for entry in entries), default=0)
    return (
        tuple(
            Event(
                contract=entry.contract_name,
                topic=entry.topic,
                data=tuple(entry.event_data),
                tx_id=entry.tx_id,
                block=entry.block_height,
            )
            for entry in entries
            if entry.contract_name
        ),
        height,
    )
