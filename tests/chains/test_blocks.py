"""Blocks: what they commit to, and that no altered one passes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.blocks import (
    GENESIS,
    block,
    chain,
    header_hash,
    leaf_hash,
    node_hash,
    root,
    split,
    verify,
)
from chains.sm import sm3
from chains.types import (
    GENESIS_SECONDS,
    Block,
    CallKind,
    Event,
    Frame,
    Read,
    Status,
    Transaction,
    Transcript,
    Write,
)
from tests.chains.transcripts import transcripts


def invoke(number: int, **fields: Any) -> Transaction:
    values: dict[str, Any] = {"id": f"{number:064x}", "time": GENESIS_SECONDS + number, **fields}
    return Transaction(number, CallKind.INVOKE, "me", "c", "m", {"a": "1"}, Status.OK, **values)


def test_the_genesis_block_never_changes() -> None:
    assert (
        Block(
            height=0,
            previous="0" * 64,
            hash="2b1a688b48aaacdb7188559e738f1f52894577fe4640a655d89b7b26b3d57b88",
            transaction_root=sm3(b"").hex(),
            read_write_root=sm3(b"").hex(),
            time=GENESIS_SECONDS,
            transactions=(),
        )
        == GENESIS
    )


def test_a_block_never_changes() -> None:
    first = invoke(
        1,
        reads=(Read("c", "k", None),),
        writes=(Write("c", "k", None, "1"),),
        events=(Event("c", "t", ("x",)),),
    )
    assert block(None, first, invoke(2)) == Block(
        height=1,
        previous=GENESIS.hash,
        hash="ab401e8ab442de83407a403614e830f6eabd248e49c55d444ba8dacf3e669325",
        transaction_root="6e873463b988349c2fb9a0d2d5509c03c9495f0aa53cd978b64fe833187502ba",
        read_write_root="482afe265b377849846ef72ebdb031d7961300d2b9f06b374ef839c7e16b8ea8",
        time=GENESIS_SECONDS + 2,
        transactions=(1, 2),
    )


def test_the_tree_is_that_of_rfc_6962() -> None:
    leaves = [bytes([each]) for each in range(7)]
    h = [leaf_hash(each) for each in leaves]
    assert h[0] == sm3(b"\x00\x00")
    assert node_hash(h[0], h[1]) == sm3(b"\x01" + h[0] + h[1])
    assert root([]) == sm3(b"")
    assert root(leaves[:1]) == h[0]
    assert root(leaves[:2]) == node_hash(h[0], h[1])
    assert root(leaves[:3]) == node_hash(node_hash(h[0], h[1]), h[2])
    left = node_hash(node_hash(h[0], h[1]), node_hash(h[2], h[3]))
    right = node_hash(node_hash(h[4], h[5]), h[6])
    assert root(leaves) == node_hash(left, right)
    assert [split(count) for count in range(2, 10)] == [1, 2, 2, 4, 4, 4, 4, 8]


leaves_of = st.lists(st.binary(max_size=70), max_size=9)


@given(leaves_of, leaves_of)
def test_no_two_lists_have_one_root(first: list[bytes], second: list[bytes]) -> None:
    assert (root(first) == root(second)) is (first == second)


def test_neither_a_repeated_leaf_nor_an_inner_node_passes_for_a_leaf() -> None:
    a, b, c = b"a", b"b", b"c"
    assert root([a, b, c]) != root([a, b, c, c])
    assert root([a, b]) != root([leaf_hash(a) + leaf_hash(b)])


@settings(max_examples=50, deadline=None)
@given(transcripts())
def test_a_chain_is_right(transcript: Transcript) -> None:
    heights = {each.transactions[0]: each.height for each in transcript.blocks}
    placed = [replace(one, block=heights.get(one.number)) for one in transcript.transactions]
    assert verify(transcript.blocks, placed) == []
    asked = [each for each in transcript.transactions if each.kind is not CallKind.QUERY]
    assert [each.transactions for each in transcript.blocks] == [(one.number,) for one in asked]
    assert [each.height for each in transcript.blocks] == list(range(1, len(asked) + 1))
    assert [each.time for each in transcript.blocks] == [one.time for one in asked]


@pytest.mark.parametrize(
    "change",
    [
        {"number": 9},
        {"kind": CallKind.INSTALL},
        {"identity": "you"},
        {"contract": "d"},
        {"method": "n"},
        {"args": {"a": "2"}},
        {"status": Status.FAILED},
        {"result": "x"},
        {"message": "x"},
        {"cost": 1},
        {"reads": (Read("c", "k", None),)},
        {"writes": (Write("c", "k", None, "1"),)},
        {"events": (Event("c", "t", ()),)},
        {"id": "x"},
        {"time": GENESIS_SECONDS + 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_block_commits_to_it(change: dict[str, Any]) -> None:
    assert block(None, replace(invoke(1), **change)).hash != block(None, invoke(1)).hash


@pytest.mark.parametrize(
    "change",
    [{"block": 1}, {"log": ("x",)}, {"root": Frame("c", "m", {}, Status.OK)}],
    ids=lambda change: next(iter(change)),
)
def test_a_block_does_not_commit_to_it(change: dict[str, Any]) -> None:
    assert block(None, replace(invoke(1), **change)) == block(None, invoke(1))


def three() -> tuple[list[Block], list[Transaction]]:
    transactions = [invoke(number, block=height) for number, height in ((1, 1), (2, 1), (3, 2))]
    first = block(None, *transactions[:2])
    return [first, block(first, transactions[2])], transactions


def test_every_lie_has_its_name() -> None:
    (first, second), transactions = three()
    a, b, c = transactions
    resealed = replace(first, time=first.time - 1)
    resealed = replace(resealed, hash=header_hash(resealed))
    query = replace(b, kind=CallKind.QUERY)
    sooner = replace(second, time=first.time)
    sooner = replace(sooner, hash=header_hash(sooner))
    lies: dict[str, tuple[list[Block], list[Transaction], list[str]]] = {
        "nothing": ([first, second], transactions, []),
        "no blocks": (
            [],
            transactions,
            [
                "transaction 1: it is not in the block 1",
                "transaction 2: it is not in the block 1",
                "transaction 3: it is not in the block 2",
            ],
        ),
        "a gap": (
            [second],
            [c],
            [
                "block 2: its height does not follow 0",
                "block 2: it does not name the block before it",
            ],
        ),
        "a resealed block": (
            [resealed, second],
            transactions,
            ["block 2: it does not name the block before it"],
        ),
        "a block not sealed again": (
            [replace(first, time=first.time - 1), second],
            transactions,
            ["block 1: its hash is not that of its header"],
        ),
        "no time between": (
            [first, sooner],
            transactions,
            ["block 2: its time is not after the block before"],
        ),
        "an altered result": (
            [first, second],
            [a, b, replace(c, result="2")],
            ["block 2: its transaction root is not that of its transactions"],
        ),
        "an altered read-write set": (
            [first, second],
            [a, replace(b, reads=(Read("c", "k", "1"),)), c],
            ["block 1: its read-write root is not that of its transactions"],
        ),
        "a missing transaction": (
            [first, second],
            [a, c],
            ["block 1: transaction 2 is not there"],
        ),
        "another block": (
            [first, second],
            [a, replace(b, block=2), c],
            ["transaction 2: it is not in the block 2"],
        ),
        "a query": (
            [first, second],
            [a, query, c],
            [
                "block 1: its transaction root is not that of its transactions",
                "transaction 2: a query is in a block",
            ],
        ),
    }
    found = {name: verify(blocks, held) for name, (blocks, held, _) in lies.items()}
    assert found == {name: faults for name, (_, _, faults) in lies.items()}


def test_a_transaction_is_in_one_block_only() -> None:
    first = block(None, invoke(1))
    again = replace(invoke(1), time=GENESIS_SECONDS + 2)
    assert verify([first, block(first, again)], [invoke(1)]) == [
        "transaction 1: it is in the blocks [1, 2]"
    ]


def test_some_blocks_are_not_made() -> None:
    first = block(None, invoke(1))
    with pytest.raises(ValueError, match="at least one"):
        block(first)
    with pytest.raises(ValueError, match=r"queries get no block: \[2\]"):
        block(first, replace(invoke(2), kind=CallKind.QUERY))
    with pytest.raises(ValueError, match="is not after"):
        block(first, invoke(1))
    assert chain([]) == ()
