"""Blocks of a ledger: headers linked by SM3, with roots over transactions and read-write sets.

A block follows the shape of ChainMaker's (a header that names the block before it, a root over its
transactions and a root over their read-write sets, so that a transaction whose execution differs
cannot pass for the same one). The trees are those of RFC 6962 §2.1 with SM3: a leaf is hashed
after a zero byte, an inner node after a one byte, and an odd count is split at the largest power of
two below it instead of repeating the last leaf, so that no two lists of leaves have one root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    block = Block(
        height=height,
        previous=previous,
        hash="",
        transaction_root=root([transaction_leaf(each) for each in transactions]).hex(),
        read_write_root=root([read_write_leaf(each) for each in transactions]).hex(),
        time=time,
        transactions=tuple(each.number for each in transactions),
    )
    return _with_hash(block)


def _with_hash(block: Block) -> Block:
    return Block(
        height=block.height,
        previous=block.previous,
        hash=header_hash(block),
        transaction_root=block.transaction_root,
        read_write_root=block.read_write_root,
        time=block.time,
        transactions=block.transactions,
    )


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
