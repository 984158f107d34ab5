"""Wrong answers that look right: what a person would have let pass. Pure.

A text looks right when nothing but case, width, spaces and punctuation keeps it apart from an
accepted form; a number, when it is the right one rounded or cut off after its last digit, or
with the separators of another keyboard.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import cast

from exercises.numeric import number_of, understood
from exercises.text import accepted
from exercises.types import Spec, Unreadable, Variant

LEAST_LETTERS = 2
"""Of a shorter text punctuation is all there is."""


def loosest(text: str) -> str:
    """Letters, digits and signs of a text, whatever their case and width, and nothing between."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "PZC")


def text_looks_right(spec: Spec, variant: Variant, value: str) -> bool:
    """Whether a text that was marked wrong differs from an accepted one in looks alone."""
    given = loosest(value)
    if len(given) < LEAST_LETTERS:
        return False
    return any(given == loosest(form) for form in accepted(spec, variant))


def number_looks_right(spec: Spec, variant: Variant, value: str, unit: str) -> bool:
    """Whether a number that was marked wrong is the right one, rounded or cut off."""
    try:
        given = understood(spec, value, unit)
    except Unreadable:
        return False
    right = number_of(spec["answer"], variant)
    if given == 0 or right == 0 or (given < 0) != (right < 0):
        return False
    step = last_place(value)
    return step is not None and abs(given - right) < step <= abs(right) / 10


def last_place(value: str) -> Fraction | None:
    """What a one in the last digit of a decimal number is worth; None for another form."""
    found = re.fullmatch(r"[+-]?[0-9][0-9 _,]*(?:\.([0-9 _]*))?", value)
    if found is None:
        return None
    return Fraction(1, 10 ** len(re.sub("[ _]", "", cast("str | None", found[1]) or "")))
