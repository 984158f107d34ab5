import hashlib


def unmask(digest: str, prefix: str, digits: int, salt: bytes) -> str | None:
    """The text prefix + digits whose bytes behind the salt have this SHA-256 digest, or None."""
    for number in range(10**digits):
        text = f"{prefix}{number:0{digits}d}"
        if hashlib.sha256(salt + text.encode()).hexdigest() == digest:
            return text
    return None
