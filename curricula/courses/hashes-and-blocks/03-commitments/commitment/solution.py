import hashlib
import hmac


def commit(value: str, salt: bytes) -> str:
    """The SHA-256 digest of 32 bytes of salt followed by the value. Raises ValueError."""
    if len(salt) != 32:
        raise ValueError("A salt has 32 bytes.")
    return hashlib.sha256(salt + value.encode()).hexdigest()


def verify(commitment: str, value: str, salt: bytes) -> bool:
    """Whether salt and value open the commitment."""
    try:
        return hmac.compare_digest(commit(value, salt), commitment.lower())
    except ValueError:
        return False
