# misconception: claim-is-an-endorsement
from hashlib import sha256

import merkle
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def signed(public_key, signature, message):
    """Whether the signature is one of this key over this message; never raises."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


class Ledger:
    """A chain of blocks of signed and endorsed records."""

    def __init__(self, meters, endorsers, need):
        self.meters = meters
        self.endorsers = endorsers
        self.need = need
        self.blocks = []

    def head(self):
        """The hash of the last block, as hex."""
        if not self.blocks:
            return "0" * 64
        block = self.blocks[-1]
        text = f"{block['height']}|{block['previous']}|{block['root']}"
        return sha256(text.encode()).hexdigest()

    def propose(self, records):
        """A block that extends the ledger with the acceptable records."""
        kept = []
        for record in records:
            if self._acceptable(record, {other["body"] for other in kept}):
                kept.append(record)
        return {
            "height": len(self.blocks) + 1,
            "previous": self.head(),
            "root": merkle.root([record["body"] for record in kept]).hex(),
            "records": kept,
        }

    def accept(self, block):
        """Append a block when everything about it is right."""
        # Made anew from its own records, an honest block comes out as it went in.
        if block != self.propose(block["records"]):
            return False
        self.blocks.append(block)
        return True

    def find(self, body):
        """(height, index, proof) of a recorded body, or None."""
        for block in self.blocks:
            bodies = [record["body"] for record in block["records"]]
            if body in bodies:
                index = bodies.index(body)
                return block["height"], index, merkle.proof(bodies, index)
        return None

    def _acceptable(self, record, others):
        body = record["body"]
        if body in others or self.find(body) is not None:
            return False
        meter = self.meters.get(record["meter"])
        if meter is None or not signed(meter, record["signature"], body):
            return False
        digest = sha256(body).digest()
        agreed = [
            name
            for name, signature in record["endorsements"].items()
            if name in self.endorsers
        ]
        return len(agreed) >= self.need
