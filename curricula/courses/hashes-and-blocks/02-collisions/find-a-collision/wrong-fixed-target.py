# misconception: collision-needs-a-target
import hashlib
from itertools import count


def collide(prefix: str, digits: int) -> tuple[str, str]:
    first = prefix + "first"
    target = hashlib.sha256(first.encode()).hexdigest()[:digits]
    for number in count():
        text = f"{prefix}{number}"
        if hashlib.sha256(text.encode()).hexdigest()[:digits] == target:
            return first, text
    raise AssertionError
