"""The unified social credit code of an organisation: 统一社会信用代码, GB 32100-2015."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capitals without I, O, S, V and Z, each at the place of its value (section 5)."""
LENGTH = 18


def tidy(written: str) -> str:
    """A code as it is kept: capitals, no spaces and no hyphens."""
    return "".join(written.split()).replace("-", "").upper()


def is_credit_code(code: str) -> bool:
    """Whether a tidy code has 18 signs of the standard and the last is the check sign."""
    if len(code) != LENGTH or not set(code) <= set(SIGNS):
        return False
    return code[-1] == check_sign(code[:-1])


def check_sign(body: str) -> str:
    """The 18th sign for the 17 before it: weights are powers of 3, modulo 31 (section 5.5)."""
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return SIGNS[-total % 31]
