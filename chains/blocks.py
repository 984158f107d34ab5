"""Blocks of a ledger: headers linked by SM3, with roots over transactions and read-write sets.

A block follows the shape of ChainMaker's (a header that names the block before it, a root over its
transactions and a root over their read-write sets, so that a transaction whose execution differs
cannot pass for the same one). The trees are those of RFC 6962 §2.1 with SM3: a leaf is hashed
after a zero byte, an inner node after a one byte, and an odd count is split at the largest power of
two below it instead of repeating the last leaf, so that no two lists of leaves have one root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chains.sm import sm3
from chains.transcripts import canonical_json
from chains.types import GENESIS_SECONDS, Block, CallKind, Transaction


def leaf_hash(leaf: bytes) -> bytes:
    return sm3(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sm3(b"\x01" + left + right)


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root of these leaves in this order; of none, SM3 of nothing (RFC 6962 §2.1)."""
    if not leaves:
        return sm3(b"")
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    middle = split(len(leaves))
    return node_hash(root(leaves[:middle]), root(leaves[middle:]))


def split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def transaction_leaf(transaction: Transaction) -> bytes:
    """What the transaction root commits to: who called what, and what came of it."""
    return canonical_json(
        {
            "args": transaction.args,
            "contract": transaction.contract,
            "cost": transaction.cost,
            "events": transaction.events,
            "id": transaction.id,
            "identity": transaction.identity,
            "kind": transaction.kind,
            "message": transaction.message,
            "method": transaction.method,
            "number": transaction.number,
            "result": transaction.result,
            "status": transaction.status,
        }
    )


def read_write_leaf(transaction: Transaction) -> bytes:
    """What the read-write root commits to."""
    return canonical_json(
        {"id": transaction.id, "reads": transaction.reads, "writes": transaction.writes}
    )


def header_hash(block: Block) -> str:
    """Hex of SM3 over the canonical JSON of every field of the block but `hash`."""
    return sm3(
        canonical_json(
            {
                "height": block.height,
                "previous": block.previous,
                "read_write_root": block.read_write_root,
                "time": block.time,
                "transaction_root": block.transaction_root,
                "transactions": block.transactions,
            }
        )
    ).hex()


def _sealed(height: int, previous: str, time: int, transactions: Sequence[Transaction]) -> Block:
    unsealed = Block(
        height=height,
        previous=previous,
        hash="",
        transaction_root=root([transaction_leaf(each) for each in transactions]).hex(),
        read_write_root=root([read_write_leaf(each) for each in transactions]).hex(),
        time=time,
        transactions=tuple(each.number for each in transactions),
    )
    return replace(unsealed, hash=header_hash(unsealed))


GENESIS = _sealed(0, "0" * 64, GENESIS_SECONDS, ())
"""The block before the first of every ledger. No transcript lists it."""


def block(previous: Block | None, *transactions: Transaction) -> Block:
    """The block of these transactions after `previous`, or after the genesis block.

    Its time is that of its last transaction. The fields `block`, `time`, `root` and `log` of a
    transaction are not committed to, so a transaction may be given its `block` afterwards. Raises
    `ValueError` for no transaction, for a query, and for a time that is not after the block before.
    """
    if not transactions:
        raise ValueError("a block holds at least one transaction")
    if queries := [each.number for each in transactions if each.kind is CallKind.QUERY]:
        raise ValueError(f"queries get no block: {queries}")
    before = previous or GENESIS
    time = transactions[-1].time
    if time <= before.time:
        raise ValueError(f"the time {time} is not after {before.time} of the block before")
    return _sealed(before.height + 1, before.hash, time, transactions)


def chain(transactions: Iterable[Transaction]) -> tuple[Block, ...]:
    """One block for each transaction that is no query, in their order."""
    blocks: list[Block] = []
    for transaction in transactions:
        if transaction.kind is not CallKind.QUERY:
            blocks.append(block(blocks[-1] if blocks else None, transaction))
    return tuple(blocks)


def verify(blocks: Sequence[Block], transactions: Sequence[Transaction]) -> list[str]:
    """All that is wrong with these blocks of a whole transcript, a sentence each; [] for nothing.

    The blocks begin after the genesis block. Each transaction that names its block is in it, and
    each number that a block lists is a transaction.
    """
    by_number = {each.number: each for each in transactions}
    faults = []
    before = GENESIS
    for each in blocks:
        faults += [f"block {each.height}: {fault}" for fault in link_faults(before, each)]
        faults += [f"block {each.height}: {fault}" for fault in _root_faults(each, by_number)]
        before = each
    return faults + _place_faults(blocks, transactions)


def link_faults(before: Block, each: Block) -> list[str]:
    """What is wrong with the header `each` as the one after `before`."""
    faults = []
    if each.height != before.height + 1:
        faults.append(f"its height does not follow {before.height}")
    if each.previous != before.hash:
        faults.append("it does not name the block before it")
    if each.time <= before.time:
        faults.append("its time is not after the block before")
    if each.hash != header_hash(each):
        faults.append("its hash is not that of its header")
    return faults


def _root_faults(each: Block, by_number: dict[int, Transaction]) -> list[str]:
    missing = [number for number in each.transactions if number not in by_number]
    if missing:
        return [f"transaction {number} is not there" for number in missing]
    held = [by_number[number] for number in each.transactions]
    faults = []
    if each.transaction_root != root([transaction_leaf(one) for one in held]).hex():
        faults.append("its transaction root is not that of its transactions")
    if each.read_write_root != root([read_write_leaf(one) for one in held]).hex():
        faults.append("its read-write root is not that of its transactions")
    return faults


def _place_faults(blocks: Sequence[Block], transactions: Sequence[Transaction]) -> list[str]:
    heights: dict[int, list[int]] = {}
    for block in blocks:
        for number in block.transactions:
            heights.setdefault(number, []).append(block.height)
    faults = []
    for each in transactions:
        found = heights.get(each.number, [])
        if len(found) > 1:
            faults.append(f"transaction {each.number}: it is in the blocks {found}")
        if each.block is not None and each.block not in found:
            faults.append(f"transaction {each.number}: it is not in the block {each.block}")
        if found and each.kind is CallKind.QUERY:
            faults.append(f"transaction {each.number}: a query is in a block")
    return faults
