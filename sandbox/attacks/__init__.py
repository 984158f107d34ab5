"""Programs that try to get out, to use everything up, or to be called right when they are not.

Every lane is held against all of them by `python -m sandbox.check` and by the tests. A program
defines `attack(bait)`, which does its worst, and may define `answer(seed)`, which it would need
a secret of the host to get right. Whether it got anywhere is found out from outside, by
`sandbox.trial`. Where a program itself says `bait["breach"]`, it does so only after something
succeeded that must not: it is believed only against its own side.
"""

from __future__ import annotations

from sandbox.attacks import exhaust, forge, kernel, reach, residue, wire
from sandbox.attacks.attack import Attack

ATTACKS: tuple[Attack, ...] = (
    *reach.ATTACKS,
    *kernel.ATTACKS,
    *exhaust.ATTACKS,
    *forge.ATTACKS,
    *wire.ATTACKS,
    *residue.ATTACKS,
)

__all__ = ["ATTACKS", "Attack"]
