"""Proofs between ledgers: every true one is accepted once, and no other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.blocks import GENESIS, block, header_hash, leaf_hash, node_hash
from chains.lightclient import (
    HeaderRefused,
    LightClient,
    Proof,
    ProofRefused,
    Refusal,
    Side,
    Step,
    from_text,
    prove,
    sides,
    to_text,
)
from chains.types import GENESIS_SECONDS, Block, CallKind, Status, Transaction


def lock(number: int, time: int) -> Transaction:
    return Transaction(
        number,
        CallKind.INVOKE,
        "me",
        "bridge",
        "lock",
        {"units": str(number)},
        Status.OK,
        id=f"{number:064x}",
        time=GENESIS_SECONDS + time,
    )


def ledger(*sizes: int) -> tuple[list[Block], list[Transaction]]:
    """Blocks with so many transactions each."""
    blocks: list[Block] = []
    transactions: list[Transaction] = []
    for size in sizes:
        start, time = len(transactions) + 1, len(blocks) + 1
        held = [lock(number, time) for number in range(start, start + size)]
        blocks.append(block(blocks[-1] if blocks else None, *held))
        transactions += held
    return blocks, transactions


def client(blocks: list[Block], name: str = "mainland") -> LightClient:
    found = LightClient(name)
    for each in blocks:
        found.sync(each)
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=3), st.data())
def test_every_transaction_has_a_proof_and_only_its_own(
    sizes: list[int], data: st.DataObject
) -> None:
    blocks, transactions = ledger(*sizes)
    light = client(blocks)
    numbers = st.integers(1, len(transactions))
    number, other = data.draw(numbers), data.draw(numbers)
    proof, strange = (prove("mainland", blocks, transactions, each) for each in (number, other))
    assert light.verify(proof) is None
    assert from_text(to_text(proof)) == proof
    assert (light.verify(replace(proof, leaf=strange.leaf)) is None) is (number == other)
    # Two blocks of one transaction each have the same path: none.
    assert (light.verify(replace(proof, path=strange.path)) is None) is (strange.path == proof.path)
    assert (light.verify(replace(proof, number=other)) is None) is (number == other)
    light.accept(proof)
    with pytest.raises(ProofRefused) as raised:
        light.accept(proof)
    assert raised.value.reason is Refusal.REPLAYED
    assert light.verify(proof) is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_altered_proof_is_accepted(data: st.DataObject) -> None:
    blocks, transactions = ledger(7, 5)
    light = client(blocks)
    proof = prove("mainland", blocks, transactions, data.draw(st.integers(1, 12)))
    text = to_text(proof)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(exclude_categories=["Cs"]))
    altered = text[:place] + letter + text[place + 1 :]
    try:
        found = from_text(altered)
    except ValueError:
        return
    assert (light.verify(found) is None) is (altered == text)


def test_each_attack_has_its_refusal() -> None:
    blocks, transactions = ledger(3, 4)
    light = client(blocks)
    proof = prove("mainland", blocks, transactions, 5)
    first, second = proof.path
    inner = node_hash(leaf_hash(proof.leaf.encode()), bytes.fromhex(first.hash))
    forged = replace(transactions[4], args={"units": "5000"})
    attacks: dict[str, tuple[Proof, Refusal]] = {
        "a forged leaf": (
            prove("mainland", blocks, [*transactions[:4], forged, *transactions[5:]], 5),
            Refusal.FORGED,
        ),
        "another ledger": (replace(proof, ledger="harbour"), Refusal.OTHER_LEDGER),
        "another height": (replace(proof, height=1), Refusal.OTHER_BLOCK),
        "the genesis block": (replace(proof, height=0), Refusal.UNKNOWN_HEIGHT),
        "a height to come": (replace(proof, height=3), Refusal.UNKNOWN_HEIGHT),
        "a height below": (replace(proof, height=-1), Refusal.UNKNOWN_HEIGHT),
        "a neighbour's number": (replace(proof, number=4), Refusal.BROKEN_PATH),
        "a number of nobody": (replace(proof, number=9), Refusal.OTHER_BLOCK),
        "a truncated path": (replace(proof, path=(first,)), Refusal.BROKEN_PATH),
        "no path": (replace(proof, path=()), Refusal.BROKEN_PATH),
        "a longer path": (replace(proof, path=(first, second, second)), Refusal.BROKEN_PATH),
        "an inner node as leaf": (
            replace(proof, leaf=inner.decode("latin-1"), path=(second,)),
            Refusal.BROKEN_PATH,
        ),
        "steps in another order": (replace(proof, path=(second, first)), Refusal.BROKEN_PATH),
        "another neighbour": (
            replace(proof, path=(first, Step(second.side, first.hash))),
            Refusal.FORGED,
        ),
        "a step of no hash": (
            replace(proof, path=(Step(first.side, "zz"), second)),
            Refusal.FORGED,
        ),
        "a step of two hashes": (
            replace(proof, path=(Step(first.side, first.hash * 2), second)),
            Refusal.FORGED,
        ),
        "a leaf that is no text": (replace(proof, leaf="\ud800"), Refusal.FORGED),
        "the other side": (
            replace(proof, path=(Step(Side.RIGHT, first.hash), second)),
            Refusal.BROKEN_PATH,
        ),
    }
    assert [step.side for step in proof.path] == [Side.LEFT, Side.RIGHT]
    found = {name: light.verify(each) for name, (each, _) in attacks.items()}
    assert found == {name: refusal for name, (_, refusal) in attacks.items()}
    for each, refusal in attacks.values():
        with pytest.raises(ProofRefused) as raised:
            light.accept(each)
        assert raised.value.reason is refusal
    light.accept(proof)


def test_one_transaction_has_one_id() -> None:
    blocks, transactions = ledger(3)
    proofs = [prove("mainland", blocks, transactions, number) for number in (1, 2, 3)]
    assert len({each.id for each in proofs}) == 3
    assert replace(proofs[0], path=()).id == proofs[0].id
    assert replace(proofs[0], ledger="harbour").id != proofs[0].id


def test_headers_come_in_order_and_whole() -> None:
    blocks, _ = ledger(1, 2, 1)
    forged = replace(blocks[1], transaction_root=blocks[0].transaction_root)
    resealed = replace(forged, hash=header_hash(forged))
    gap = ("its height does not follow 1", "it does not name the block before it")
    cases = {
        "a gap": (blocks[2], gap),
        "known": (blocks[0], (*gap, "its time is not after the block before")),
        "a forged root": (forged, ("its hash is not that of its header",)),
        "a forged link": (block(GENESIS, lock(1, 9)), gap),
    }
    for header, faults in cases.values():
        light = client(blocks[:1])
        with pytest.raises(HeaderRefused) as raised:
            light.sync(header)
        assert raised.value.faults == faults
        assert light.headers == [GENESIS, blocks[0]]
        light.sync(blocks[1])
    # A whole fork is another ledger: only the link from there on shows it.
    light = client([blocks[0], resealed])
    with pytest.raises(HeaderRefused, match="does not name"):
        light.sync(blocks[2])


def test_what_is_not_there_cannot_be_proved() -> None:
    blocks, transactions = ledger(2, 2)
    with pytest.raises(ValueError, match="no block lists the transaction 5"):
        prove("mainland", blocks, transactions, 5)
    with pytest.raises(ValueError, match=r"not all of block 2 is there: \[4\]"):
        prove("mainland", blocks, transactions[:3], 3)


def test_sides_are_those_of_the_tree() -> None:
    left, right = Side.LEFT, Side.RIGHT
    assert sides(0, 1) == []
    assert [sides(place, 3) for place in range(3)] == [[right, right], [left, right], [left]]
    assert sides(4, 5) == [left]
    assert sides(5, 7) == [left, right, left]


PROOF = Proof("mainland", 1, 1, "leaf", (Step(Side.LEFT, "ab"),))


def test_the_text_of_a_proof_never_changes() -> None:
    assert to_text(PROOF) == (
        '{"height":1,"leaf":"leaf","ledger":"mainland","number":1,'
        '"path":[{"hash":"ab","side":"left"}]}'
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"height": True},
        {"height": 1.0},
        {"height": "1"},
        {"height": 1e400},
        {"height": None},
        {"ledger": 1},
        {"leaf": ["leaf"]},
        {"path": {}},
        {"path": [1]},
        {"path": [{"hash": "ab"}]},
        {"path": [{"hash": "ab", "side": "up"}]},
        {"path": [{"hash": "ab", "side": "left", "more": 1}]},
        {"more": 1},
    ],
)
def test_another_text_is_no_proof(changes: dict[str, Any]) -> None:
    data = {**json.loads(to_text(PROOF)), **changes}
    with pytest.raises(ValueError, match="proof"):
        from_text(json.dumps(data, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "{}", "null", " " + to_text(PROOF), "[" * 5000, "x" * (1 << 21)]
)
def test_no_text_at_all_is_no_proof(text: str) -> None:
    with pytest.raises(ValueError, match="proof"):
        from_text(text)
