"""Seeds, and everything that is drawn from one: streams of chance, orders, opaque ids.

All of it is a function of its arguments alone: no clock, no process hash seed.
"""

from __future__ import annotations

import hashlib
import random
from uuid import UUID

SEED_BITS = 62
"""A seed fits a signed 64-bit column, with room to spare."""
ID_DIGITS = 12


def seed_for(root: int, exercise_uuid: UUID, variant: int) -> int:
    """The seed of one variant of one exercise for the learner whose root seed is `root`."""
    return derived(f"{root}:{exercise_uuid}:{variant}")


def derived(name: str) -> int:
    """A number of `SEED_BITS` bits that belongs to `name`."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)


def stream(seed: int, name: str) -> random.Random:
    """A source of chance of its own for each use that is made of a seed."""
    return random.Random(derived(f"{seed}:{name}"))  # noqa: S311  # reproducible on purpose


def shuffled(count: int, seed: int) -> tuple[int, ...]:
    """The numbers from 0 to `count` - 1 in the order of this seed."""
    order = list(range(count))
    stream(seed, "order").shuffle(order)
    return tuple(order)


def opaque_id(seed: int, role: str, index: int) -> str:
    """A name for the option at `index` that tells nothing about it, not even its place.

    A learner who does not know the seed cannot relate two ids, nor the ids of two roles.
    """
    digest = hashlib.sha256(f"{seed}:{role}:{index}".encode()).hexdigest()
    return digest[:ID_DIGITS]


def opaque_ids(seed: int, role: str, count: int) -> list[str]:
    """The ids of `count` options, by their index in the author's order."""
    return [opaque_id(seed, role, index) for index in range(count)]
