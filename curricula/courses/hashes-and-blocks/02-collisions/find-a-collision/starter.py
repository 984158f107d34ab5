import hashlib


def collide(prefix: str, digits: int) -> tuple[str, str]:
    """Two different texts that begin with `prefix` and agree in `digits` digits of SHA-256."""
    return prefix + "0", prefix + "1"
