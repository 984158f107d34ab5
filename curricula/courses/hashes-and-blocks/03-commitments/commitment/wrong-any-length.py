# misconception: parts-need-no-boundary
import hashlib


def commit(value: str, salt: bytes) -> str:
    return hashlib.sha256(salt + value.encode()).hexdigest()


def verify(commitment: str, value: str, salt: bytes) -> bool:
    return commit(value, salt) == commitment.lower()
