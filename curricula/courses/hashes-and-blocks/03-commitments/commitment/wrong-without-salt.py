# misconception: a-digest-hides-its-input
import hashlib


def commit(value: str, salt: bytes) -> str:
    if len(salt) != 32:
        raise ValueError("A salt has 32 bytes.")
    return hashlib.sha256(value.encode()).hexdigest()


def verify(commitment: str, value: str, salt: bytes) -> bool:
    return len(salt) == 32 and commit(value, salt) == commitment.lower()
