# misconception: off-by-one-range
import hashlib


def unmask(digest: str, prefix: str, digits: int, salt: bytes) -> str | None:
    for number in range(1, 10**digits - 1):
        text = f"{prefix}{number:0{digits}d}"
        if hashlib.sha256(salt + text.encode()).hexdigest() == digest:
            return text
    return None
