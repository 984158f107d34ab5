# misconception: order-does-not-matter
import hashlib


def unmask(digest: str, prefix: str, digits: int, salt: bytes) -> str | None:
    for number in range(10**digits):
        text = f"{prefix}{number:0{digits}d}"
        if hashlib.sha256(text.encode() + salt).hexdigest() == digest:
            return text
    return None
