# misconception: odd-node-is-doubled
from hashlib import sha256


def leaf(record):
    """The digest of a record, 32 bytes."""
    return sha256(b"\x00" + record).digest()


def inner(left, right):
    """The digest of two digests, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def above(level):
    """The next level: pairs are joined, a last node without a partner moves up."""
    full = level + level[-1:] if len(level) % 2 else level
    return [inner(full[i], full[i + 1]) for i in range(0, len(full), 2)]


def tree(records):
    """All levels as bytes, from the leaves to the root."""
    found = [[leaf(record) for record in records]]
    while len(found[-1]) > 1:
        found.append(above(found[-1]))
    return found


def levels(records):
    """All levels as hex, from the leaves to the root."""
    return [[node.hex() for node in level] for level in tree(records)] if records else []


def root(records):
    """The root as hex."""
    return tree(records)[-1][0].hex() if records else sha256(b"").hexdigest()
