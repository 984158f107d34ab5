from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_authentic(report, registry):
    """True when the registered key of the meter signed the body of the report."""
    key = Ed25519PublicKey.from_public_bytes(report["public_key"])
    key.verify(report["signature"], report["body"])
    return True


def accepted(reports, registry):
    """The bodies of the authentic reports, in order, each once."""
    return [report["body"] for report in reports if is_authentic(report, registry)]
