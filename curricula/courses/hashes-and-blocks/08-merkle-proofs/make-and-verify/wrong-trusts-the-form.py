# misconception: prover-is-polite
import re
from hashlib import sha256


def leaf(record):
    return sha256(b"\x00" + record).digest()


def inner(left, right):
    return sha256(b"\x01" + left + right).digest()


def prove(records, index):
    """The partners on the way up: (side, hex digest) each."""
    level = [leaf(record) for record in records]
    proof = []
    while len(level) > 1:
        partner = index ^ 1
        if partner < len(level):
            proof.append(("left" if partner < index else "right", level[partner].hex()))
        joined = [inner(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = joined + level[2 * len(joined) :]
        index //= 2
    return proof


def verify(record, proof, root):
    """Whether the proof leads from the record to the root."""
    node = leaf(record)
    for side, digest in proof:
        partner = bytes.fromhex(digest)
        node = inner(partner, node) if side == "left" else inner(node, partner)
    return node.hex() == root


def index_of(proof, count):
    """The position of the record in a list of `count` records."""
    sides = [side for side, _ in proof]
    return next(i for i in range(count) if expected_sides(i, count) == sides)


def expected_sides(index, count):
    """The sides of an honest proof for that position."""
    sides = []
    while count > 1:
        partner = index ^ 1
        if partner < count:
            sides.append("left" if partner < index else "right")
        index, count = index // 2, (count + 1) // 2
    return sides
