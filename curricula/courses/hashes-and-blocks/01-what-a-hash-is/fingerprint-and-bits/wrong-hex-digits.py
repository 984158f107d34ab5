# misconception: hex-digit-is-a-bit
import hashlib


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def changed_bits(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(fingerprint(first), fingerprint(second)))
