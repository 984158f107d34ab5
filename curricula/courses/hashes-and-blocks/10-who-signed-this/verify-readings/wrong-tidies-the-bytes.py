from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_authentic(report, registry):
    """True when the registered key of the meter signed the body of the report."""
    entry = registry.get(report["meter"])
    if entry is None or entry["revoked"]:
        return False
    key = Ed25519PublicKey.from_public_bytes(entry["public_key"])
    try:
        key.verify(report["signature"][:64], report["body"].strip())
    except InvalidSignature:
        return False
    return True


def accepted(reports, registry):
    """The bodies of the authentic reports, in order, each once."""
    bodies = []
    for report in reports:
        if is_authentic(report, registry) and report["body"] not in bodies:
            bodies.append(report["body"])
    return bodies
