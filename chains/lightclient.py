"""A light client: it keeps the headers of another ledger and checks proofs against them.

This is simplified payment verification (Nakamoto 2008, §8; ChainMaker's cross-chain gateways call
the mode `spv`). A proof carries a transaction's leaf and its audit path in the tree of RFC 6962,
with which RFC 9162 §2.1.3.2 recomputes the root of the header. What is proved is that the headers
commit to the transaction. That the headers are those of the ledger is the word of whoever feeds
`sync`: they carry no signatures of a consensus.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chains import blocks as ledger_blocks
from chains.blocks import GENESIS, leaf_hash, node_hash, split, transaction_leaf
from chains.sm import sm3
from chains.transcripts import canonical_json
from chains.types import Block, Transaction

LONGEST_PROOF = 1 << 20
"""Characters of a proof's text."""


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Step:
    """One neighbour on the way from a leaf to its root."""

    side: Side
    """Where the neighbour stands."""
    hash: str
    """Hex of SM3."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That a transaction is in a block of a ledger."""

    ledger: str
    height: int
    number: int
    """Of the transaction on its ledger."""
    leaf: str
    """What the transaction root commits to: canonical JSON, see `blocks.transaction_leaf`."""
    path: tuple[Step, ...]
    """From the leaf's neighbour upward."""

    @property
    def id(self) -> str:
        """Hex of SM3 over all that is proved, and not over how: one id for one transaction."""
        return sm3(canonical_json([self.ledger, self.height, self.number, self.leaf])).hex()


class Refusal(StrEnum):
    """Why a proof is not accepted."""

    OTHER_LEDGER = "other_ledger"
    UNKNOWN_HEIGHT = "unknown_height"
    """No header of this height is known (yet)."""
    OTHER_BLOCK = "other_block"
    """The block of this height does not list the transaction."""
    BROKEN_PATH = "broken_path"
    """Too short, too long, or turning to the wrong side for the place of the transaction."""
    FORGED = "forged"
    """The leaf and the path do not give the root of the header."""
    REPLAYED = "replayed"
    """Accepted before."""


class ProofRefused(Exception):
    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class HeaderRefused(Exception):
    """The header does not follow those that are known. `faults` are sentences."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class LightClient:
    """The headers of one ledger, from its genesis block on, and the proofs accepted so far."""

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        self.headers: list[Block] = [GENESIS]
        self.accepted: set[str] = set()

    def sync(self, header: Block) -> None:
        """Take the next header. Raises `HeaderRefused`, and keeps what it had, for a gap, a height
        that is known already, a forged link or hash, or a time that does not advance."""
        if faults := ledger_blocks.link_faults(self.headers[-1], header):
            raise HeaderRefused(faults)
        self.headers.append(header)

    def verify(self, proof: Proof) -> Refusal | None:
        """Why the proof does not hold by the headers that are known; None where it does. Says
        nothing of whether it was accepted before."""
        if proof.ledger != self.ledger:
            return Refusal.OTHER_LEDGER
        if not 0 < proof.height < len(self.headers):
            return Refusal.UNKNOWN_HEIGHT
        header = self.headers[proof.height]
        if proof.number not in header.transactions:
            return Refusal.OTHER_BLOCK
        place = header.transactions.index(proof.number)
        if [step.side for step in proof.path] != sides(place, len(header.transactions)):
            return Refusal.BROKEN_PATH
        if root_of(proof) != header.transaction_root:
            return Refusal.FORGED
        return None

    def accept(self, proof: Proof) -> None:
        """Accept the proof, once. Raises `ProofRefused`."""
        if reason := self.verify(proof):
            raise ProofRefused(reason)
        if proof.id in self.accepted:
            raise ProofRefused(Refusal.REPLAYED)
        self.accepted.add(proof.id)


def prove(
    ledger: str, blocks: Sequence[Block], transactions: Sequence[Transaction], number: int
) -> Proof:
    """The proof for the transaction of that number, from a transcript's blocks and transactions.
    Raises `ValueError` where no block lists it, or a transaction of its block is not there."""
    block = next((each for each in blocks if number in each.transactions), None)
    if block is None:
        raise ValueError(f"no block lists the transaction {number}")
    held = {each.number: each for each in transactions}
    if missing := [each for each in block.transactions if each not in held]:
        raise ValueError(f"not all of block {block.height} is there: {missing}")
    leaves = [transaction_leaf(held[each]) for each in block.transactions]
    place = block.transactions.index(number)
    return Proof(ledger, block.height, number, leaves[place].decode(), _path(leaves, place))


def sides(place: int, count: int) -> list[Side]:
    """On which sides the neighbours stand, from the leaf at `place` of `count` upward."""
    if count == 1:
        return []
    middle = split(count)
    if place < middle:
        return [*sides(place, middle), Side.RIGHT]
    return [*sides(place - middle, count - middle), Side.LEFT]


def root_of(proof: Proof) -> str:
    """Hex of the root that the leaf and the path give; "" where a hash of the path is none."""
    found = leaf_hash(proof.leaf.encode("utf-8", "surrogatepass"))
    for step in proof.path:
        try:
            neighbour = bytes.fromhex(step.hash)
        except ValueError:
            return ""
        if len(neighbour) != len(found):
            return ""
        pair = (neighbour, found) if step.side is Side.LEFT else (found, neighbour)
        found = node_hash(*pair)
    return found.hex()


def to_text(proof: Proof) -> str:
    """The proof as one argument of a contract on another ledger: canonical JSON."""
    return canonical_json(proof).decode()


def from_text(text: str) -> Proof:
    """The proof that `to_text` wrote. Raises `ValueError` for every other text."""
    if len(text) > LONGEST_PROOF:
        raise ValueError(f"a proof of more than {LONGEST_PROOF} characters")
    try:
        data = json.loads(text)
        path = tuple(Step(Side(each["side"]), str(each["hash"])) for each in data["path"])
        proof = Proof(
            str(data["ledger"]), int(data["height"]), int(data["number"]), str(data["leaf"]), path
        )
        exact = to_text(proof) == text
    except (ArithmeticError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError("not a proof") from error
    if not exact:
        raise ValueError("not the canonical text of a proof")
    return proof


def _path(leaves: Sequence[bytes], place: int) -> tuple[Step, ...]:
    """The audit path of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return ()
    middle = split(len(leaves))
    if place < middle:
        neighbour = ledger_blocks.root(leaves[middle:])
        return (*_path(leaves[:middle], place), Step(Side.RIGHT, neighbour.hex()))
    neighbour = ledger_blocks.root(leaves[:middle])
    return (*_path(leaves[middle:], place - middle), Step(Side.LEFT, neighbour.hex()))
