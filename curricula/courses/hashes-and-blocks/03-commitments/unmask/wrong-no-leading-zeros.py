# misconception: numbers-are-texts
import hashlib


def unmask(digest: str, prefix: str, digits: int, salt: bytes) -> str | None:
    for number in range(10**digits):
        text = f"{prefix}{number}"
        if hashlib.sha256(salt + text.encode()).hexdigest() == digest:
            return text
    return None
