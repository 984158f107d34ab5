"""Numbers as people write them, read exactly: no float is ever between the learner and the answer.

Read are full-width digits and signs, spaces between digits, commas between groups of three,
`1.5e3`, `1.5×10^3` and `1.5×10³`, hexadecimal with or without `0x`, and a unit behind the number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from fractions import Fraction

from exercises.types import Json, Unreadable

MAX_LENGTH = 4_000
"""Characters. Enough for every integer that the expression language can make."""
MAX_EXPONENT = 400
"""10 to the 400th is beyond every float; further on, a few characters would make huge numbers."""

SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "。": ".", "｡": ".", "·": "."})
RAISED = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:[ _][0-9]+)*|)"
    r"(?:\.(?P<part>[0-9]*(?:[ _][0-9]+)*))?"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,9})|\s*[x×*]\s*10\s*(?:\^|\*\*)\s*(?P<power>[+-]?[0-9]{1,9}))?"
)
HEXADECIMAL = re.compile(r"([+-]?)\s*(?:0[xX])?([0-9a-fA-F]+(?:[ _:][0-9a-fA-F]+)*)")

WRITE_A_NUMBER = {
    "decimal": {
        "en": "Write a number, such as 12 or 0.75. Use a point for decimals.",
        "zh-hans": "请填写一个数，例如 12 或 0.75；小数点用“.”。",
    },
    "integer": {"en": "Write a whole number, such as 12.", "zh-hans": "请填写一个整数，例如 12。"},
    "hexadecimal": {
        "en": "Write a hexadecimal number with the digits 0–9 and a–f, such as 0x1f.",
        "zh-hans": "请填写一个十六进制数，只用 0–9 和 a–f，例如 0x1f。",
    },
}
NOTHING = {"en": "Write a number first.", "zh-hans": "请先填写一个数。"}
TOO_LONG = {
    "en": f"This is too long: {MAX_LENGTH} characters are the most.",
    "zh-hans": f"内容过长：最多 {MAX_LENGTH} 个字符。",
}
TOO_LARGE = {
    "en": f"This exponent is too large: ±{MAX_EXPONENT} is the most.",
    "zh-hans": f"指数过大：最多为 ±{MAX_EXPONENT}。",
}


def plain(text: str) -> str:
    """`text` with the forms of Chinese keyboards and of typography as ASCII, and trimmed.

    Raises Unreadable for what is empty or too long.
    """
    if len(text) > MAX_LENGTH:
        raise Unreadable(TOO_LONG)
    # Before NFKC, which would read 10³ as 103.
    raised = RAISED.sub(
        lambda found: "^" + unicodedata.normalize("NFKC", found.group()).translate(SIGNS), text
    )
    folded = unicodedata.normalize("NFKC", raised).translate(SIGNS).strip()
    if not folded:
        raise Unreadable(NOTHING)
    if len(folded) > MAX_LENGTH:
        raise Unreadable(TOO_LONG)
    return " ".join(folded.split())


def read_number(text: str, form: str) -> tuple[Fraction, str]:
    """The number that `plain` text begins with, and the unit (or '') behind it.

    `form` is one of the keys of `WRITE_A_NUMBER`. Raises Unreadable.
    """
    if form == "hexadecimal":
        return Fraction(_hexadecimal(text)), ""
    found = NUMBER.match(text)
    if found is None or not (found["whole"] or found["part"]):
        raise Unreadable(WRITE_A_NUMBER[form])
    unit = text[found.end() :].strip()
    if unit[:1] in set("0123456789.,^_"):
        raise Unreadable(WRITE_A_NUMBER[form])
    number = _decimal(found)
    if form == "integer" and number.denominator != 1:
        raise Unreadable(WRITE_A_NUMBER[form])
    return number, unit


def _hexadecimal(text: str) -> int:
    found = HEXADECIMAL.fullmatch(text)
    if found is None:
        raise Unreadable(WRITE_A_NUMBER["hexadecimal"])
    number = int(re.sub("[ _:]", "", found[2]), 16)
    return -number if found[1] == "-" else number


def _decimal(found: re.Match[str]) -> Fraction:
    whole = re.sub("[ _,]", "", found["whole"])
    part = re.sub("[ _]", "", found["part"] or "")
    exponent = int(found["exponent"] or found["power"] or "0")
    if abs(exponent) > MAX_EXPONENT:
        raise Unreadable(TOO_LARGE)
    number = Fraction(int(whole + part)) * Fraction(10) ** (exponent - len(part))
    return -number if found["sign"] == "-" else number


def exact(value: Json) -> Fraction | None:
    """An author's number as the fraction that its decimal digits say; None for what is no number.

    A text is read as hexadecimal digits: what `hex(…)` and the hashes give.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(repr(value)) if math.isfinite(value) else None
    if isinstance(value, str) and (found := HEXADECIMAL.fullmatch(value)):
        return Fraction(int(re.sub("[ _:]", "", found[2]), 16) * (-1 if found[1] == "-" else 1))
    return None


def written(value: Json, form: str) -> str:
    """An author's number as a learner may write it."""
    number = exact(value)
    if form == "hexadecimal" and number is not None and number.denominator == 1:
        return hex(number.numerator)
    return str(value)
