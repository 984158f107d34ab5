# misconception: similar-digests-similar-data
import hashlib


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def changed_bits(first: str, second: str) -> int:
    left, right = first.encode("utf-8"), second.encode("utf-8")
    return sum((a ^ b).bit_count() for a, b in zip(left, right))
