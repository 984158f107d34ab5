from hashlib import sha256


def leaf(body):
    return sha256(b"\x00" + body).digest()


def inner(left, right):
    return sha256(b"\x01" + left + right).digest()


def above(level):
    """The next level up: pairs are joined, a last node without a partner moves up."""
    joined = [inner(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return joined + level[len(joined) * 2 :]


def root(bodies):
    """The Merkle root of the bodies, as bytes."""
    if not bodies:
        return sha256(b"").digest()
    level = [leaf(body) for body in bodies]
    while len(level) > 1:
        level = above(level)
    return level[0]


def proof(bodies, index):
    """The partners on the way up from a leaf: (side, hash) each."""
    level = [leaf(body) for body in bodies]
    partners = []
    while len(level) > 1:
        partner = index ^ 1
        if partner < len(level):
            partners.append(("left" if partner < index else "right", level[partner]))
        level, index = above(level), index // 2
    return partners
