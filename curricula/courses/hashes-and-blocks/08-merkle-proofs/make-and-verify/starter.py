from hashlib import sha256


def prove(records, index):
    """The partners on the way up: (side, hex digest) each."""
    return []


def verify(record, proof, root):
    """Whether the proof leads from the record to the root."""
    return True


def index_of(proof, count):
    """The position of the record in a list of `count` records."""
    return 0
