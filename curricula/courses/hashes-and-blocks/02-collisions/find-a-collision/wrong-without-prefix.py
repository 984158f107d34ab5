import hashlib
from itertools import count


def collide(prefix: str, digits: int) -> tuple[str, str]:
    seen: dict[str, str] = {}
    for number in count():
        text = str(number)
        short = hashlib.sha256(text.encode()).hexdigest()[:digits]
        if short in seen:
            return seen[short], text
        seen[short] = text
    raise AssertionError
