# misconception: verifying-without-the-salt
import hashlib


def commit(value: str, salt: bytes) -> str:
    if len(salt) != 32:
        raise ValueError("A salt has 32 bytes.")
    return hashlib.sha256(salt + value.encode()).hexdigest()


def verify(commitment: str, value: str, salt: bytes) -> bool:
    return len(commitment) == 64 and bool(value)
