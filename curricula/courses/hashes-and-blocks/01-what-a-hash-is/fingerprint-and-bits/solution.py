import hashlib


def fingerprint(text: str) -> str:
    """The SHA-256 digest of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def changed_bits(first: str, second: str) -> int:
    """In how many of 256 bits the digests of the two texts differ."""
    difference = int(fingerprint(first), 16) ^ int(fingerprint(second), 16)
    return difference.bit_count()
