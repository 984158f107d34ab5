from hashlib import sha256


def root(bodies):
    """The Merkle root of the bodies, as bytes."""
    return sha256(b"".join(bodies)).digest()


def proof(bodies, index):
    """The partners on the way up from a leaf: (side, hash) each."""
    return []
