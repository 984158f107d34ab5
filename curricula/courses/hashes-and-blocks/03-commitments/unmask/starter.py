import hashlib


def unmask(digest: str, prefix: str, digits: int, salt: bytes) -> str | None:
    """The text prefix + digits whose bytes behind the salt have this SHA-256 digest, or None."""
    return None
