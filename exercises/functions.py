"""The functions of the expression language. Each is bounded by what `Budget` lets exist.

They trust the sizes of their arguments (nothing larger can be made) and not their types:
a TypeError or ValueError of theirs reaches the author as an ExpressionError.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives import hashes

from exercises.budget import MAX_ITEMS, MAX_TEXT, Budget, ExpressionError, Value

Function = Callable[..., Value]

MAX_RANDOM_BYTES = 1_024
MAX_WORDS = 200
MAX_ROUND_DIGITS = 300

WORDS = (
    "amber anchor apple arrow autumn bamboo basket beacon birch bridge bronze candle canyon "
    "cedar cherry cloud copper coral cotton crane desert dragon eagle ember falcon feather "
    "forest garden ginger glacier granite harbour hazel island ivory jade jasmine juniper "
    "lantern lemon lotus maple marble meadow mirror mountain ocean olive orchid paper pearl "
    "pepper pine planet plum quartz river saffron salmon silver spring summer thunder tiger "
    "timber tulip valley velvet violet walnut willow winter"
)


def functions(rng: random.Random, budget: Budget) -> dict[str, Function]:
    """Every function by its name; those that draw lots draw from `rng`."""
    return {**PURE, **_drawing(rng), **_bounded(budget)}


def names() -> frozenset[str]:
    """The names that are taken by functions."""
    return frozenset(functions(random.Random(0), Budget()))  # noqa: S311


def _drawing(rng: random.Random) -> dict[str, Function]:
    words = WORDS.split()

    def randint(low: int, high: int) -> int:
        return rng.randint(_whole(low), _whole(high))

    def choice(options: Sequence[Value]) -> Value:
        return rng.choice(_not_empty(options))

    def sample(options: list[Value], count: int) -> list[Value]:
        return rng.sample(_list(options), _whole(count))

    def shuffled(options: list[Value]) -> list[Value]:
        return rng.sample(_list(options), len(options))

    def randhex(count: int) -> str:
        return rng.randbytes(_count(count, MAX_RANDOM_BYTES)).hex()

    def randtext(count: int) -> str:
        return " ".join(rng.choice(words) for _ in range(_count(count, MAX_WORDS)))

    return {
        "randint": randint,
        "choice": choice,
        "sample": sample,
        "shuffled": shuffled,
        "randhex": randhex,
        "randtext": randtext,
    }


def _bounded(budget: Budget) -> dict[str, Function]:
    def numbers(*bounds: int) -> list[Value]:
        span = range(*map(_whole, bounds))
        if len(span) > MAX_ITEMS:
            raise ExpressionError(f"A range may have {MAX_ITEMS} numbers at most.")
        return list(span)

    def total(items: list[Value]) -> Value:
        result: Value = 0
        for item in _list(items):
            result = budget.made(result + item)
        return result

    def ordered(items: Sequence[Value]) -> list[Value]:
        budget.spend(len(items) * len(items).bit_length())
        return sorted(_sequence(items))

    return {"range": numbers, "sum": total, "sorted": ordered}


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise ExpressionError(f"A whole number is needed, not {type(value).__name__}.")
    return value


def _count(value: Value, most: int) -> int:
    if not 0 <= _whole(value) <= most:
        raise ExpressionError(f"The count must lie between 0 and {most}.")
    return int(value)


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise ExpressionError(f"A list is needed, not {type(value).__name__}.")
    return value


def _sequence(value: Value) -> Sequence[Value]:
    if not isinstance(value, list | str):
        raise ExpressionError(f"A list or a text is needed, not {type(value).__name__}.")
    return value


def _not_empty(value: Value) -> Sequence[Value]:
    items = _sequence(value)
    if not items:
        raise ExpressionError("There is nothing to choose from.")
    return items


def _bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    raise ExpressionError(f"A text or unhex(…) is needed, not {type(value).__name__}.")


def sha256(data: str | bytes) -> str:
    return hashlib.sha256(_bytes(data)).hexdigest()


def sha3_256(data: str | bytes) -> str:
    return hashlib.sha3_256(_bytes(data)).hexdigest()


def sm3(data: str | bytes) -> str:
    """Chinese standard GB/T 32905: not every OpenSSL behind hashlib has it."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", _bytes(data)).hexdigest()
    digest = hashes.Hash(hashes.SM3())
    digest.update(_bytes(data))
    return digest.finalize().hex()


def doublesha256(data: str | bytes) -> str:
    """SHA-256 of the 32 bytes of the SHA-256."""
    return hashlib.sha256(hashlib.sha256(_bytes(data)).digest()).hexdigest()


def merkle_root(leaves: list[Value]) -> str:
    """The Merkle root of RFC 9162 with SHA-256, as lower-case hex.

    A leaf is the hash of 00 and the record (a text as UTF-8, or bytes of `unhex`), a parent that
    of 01, its left and its right child. A last node without a partner moves up as it is. No leaf:
    an error.
    """
    level = [hashlib.sha256(b"\x00" + _bytes(leaf)).digest() for leaf in _list(leaves)]
    if not level:
        raise ExpressionError("A Merkle tree needs a leaf.")
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = joined + level[2 * len(joined) :]
    return level[0].hex()


def unhex(digits: str) -> bytes:
    """The bytes of hex digits; `0x` may stand in front."""
    if not isinstance(digits, str):
        raise ExpressionError(f"A text of hex digits is needed, not {type(digits).__name__}.")
    return bytes.fromhex(digits.removeprefix("0x"))


def hex_of(value: int | bytes) -> str:
    """A number as Python writes it (`0x1f`); bytes as their digits alone."""
    return value.hex() if isinstance(value, bytes) else hex(_whole(value))


def whole(value: Value, base: int = 10) -> int:
    """`int`: of a text in a base, of a number by cutting off its fraction."""
    if isinstance(value, str):
        return int(value, _whole(base))
    if isinstance(value, bytes):
        return int.from_bytes(value[:MAX_TEXT], "big")
    return int(value)


def text(value: Value) -> str:
    if isinstance(value, bytes):
        raise ExpressionError("Bytes are no text. Use hex(…).")
    return str(value)


def rounded(value: Value, digits: int | None = None) -> Value:
    if digits is None:
        return round(value)
    if abs(_whole(digits)) > MAX_ROUND_DIGITS:
        raise ExpressionError(f"Round to {MAX_ROUND_DIGITS} digits at most.")
    return round(value, digits)


def lowest(*values: Value) -> Value:
    return min(_not_empty(values[0]) if len(values) == 1 else values)


def highest(*values: Value) -> Value:
    return max(_not_empty(values[0]) if len(values) == 1 else values)


def backwards(items: Sequence[Value]) -> list[Value]:
    return list(reversed(_sequence(items)))


def zipped(*lists: Sequence[Value]) -> list[Value]:
    """Lists side by side, as long as the shortest."""
    return [list(row) for row in zip(*map(_sequence, lists), strict=False)]


def numbered(items: Sequence[Value], start: int = 0) -> list[Value]:
    return [[number, item] for number, item in enumerate(_sequence(items), _whole(start))]


def length(value: str | bytes | list[Value]) -> int:
    return len(value)


def absolute(value: Value) -> Value:
    return abs(value)


PURE: dict[str, Function] = {
    "sha256": sha256,
    "sha3_256": sha3_256,
    "sm3": sm3,
    "doublesha256": doublesha256,
    "merkle_root": merkle_root,
    "unhex": unhex,
    "hex": hex_of,
    "bin": lambda value: bin(_whole(value)),
    "int": whole,
    "text": text,
    "len": length,
    "min": lowest,
    "max": highest,
    "abs": absolute,
    "round": rounded,
    "reversed": backwards,
    "zip": zipped,
    "enumerate": numbered,
}
