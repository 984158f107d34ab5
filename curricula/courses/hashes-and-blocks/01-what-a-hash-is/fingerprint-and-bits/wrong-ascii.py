# misconception: text-is-bytes
import hashlib


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("ascii", "ignore")).hexdigest()


def changed_bits(first: str, second: str) -> int:
    return (int(fingerprint(first), 16) ^ int(fingerprint(second), 16)).bit_count()
