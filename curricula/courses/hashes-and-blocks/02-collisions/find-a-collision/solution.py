import hashlib
from itertools import count


def collide(prefix: str, digits: int) -> tuple[str, str]:
    """Two different texts that begin with `prefix` and agree in `digits` digits of SHA-256."""
    seen: dict[str, str] = {}
    for number in count():
        text = f"{prefix}{number}"
        short = hashlib.sha256(text.encode()).hexdigest()[:digits]
        if short in seen:
            return seen[short], text
        seen[short] = text
    raise AssertionError("count() never ends")
