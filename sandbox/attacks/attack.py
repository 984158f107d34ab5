"""One hostile program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attack:
    name: str
    tries: str
    """What it is after, as the rest of a sentence that begins with "tries to"."""
    program: str
    endless: bool = False
    """It does all that it can do at once and then goes on until it is stopped."""


_TRY_ALL = '''
def tried(*ways):
    """What each way gave, or why not."""
    got = []
    for way in ways:
        try:
            got.append(way())
        except BaseException as error:
            got.append(repr(error)[:80])
    return got
'''


def attack(name: str, tries: str, program: str, *, endless: bool = False) -> Attack:
    """An attack whose program may use `tried(way, …)` to try one way after the other."""
    return Attack(name, tries, _TRY_ALL + program, endless)
