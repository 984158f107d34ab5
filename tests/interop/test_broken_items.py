"""Questions that are broken in the middle: refused one by one, with no other exception."""

from __future__ import annotations

import random
import re

from interop.cartridge import packages as cartridge
from interop.qti import packages as qti
from interop.settling import settled
from interop.types import Refused
from tests.interop import qti_items as items
from tests.interop.qti_items import body, choices, item, response
from tests.interop.test_cartridge import QUIZ

ELEMENT = re.compile(rb"<([\w:-]+)(\s[^<>]*)?(/>|>[^<]*</\1>)")
VALUE = re.compile(rb'="[^"]*"')
WORDS = re.compile(rb">[^<]+<")
VALUES = (b"", b"0", b"A", b"multiple", b"RESPONSE", b"99999999999", b"-5", b"float", b"ordered")
TEXTS = (b"", b"0", b"nan", b"1e999", b"A A A", "{{ n }}[[x]] ::: $ 区块".encode())
SOUND = (
    item("q", items.GAPS),
    item("q", items.TEMPLATE),
    item("q", items.CONSTRAINED),
    item("q", items.HINTED),
    item("q", response("A X|B Y", "multiple", "directedPair") + body(items.MATCH)),
    item("q", response("A|B", "multiple") + body(items.FORMULA + choices("a|b|c"))),
    item("q", response("B|A", "ordered") + body(choices("a|b", "order"))),
    QUIZ.encode(),
)


def broken(data: bytes, draw: random.Random) -> bytes:
    """The same with an element gone, doubled or elsewhere, or with another value or text."""
    for _ in range(draw.randint(1, 4)):
        places = list(draw.choice((ELEMENT, ELEMENT, VALUE, WORDS)).finditer(data))
        if not places:
            continue
        place, other = draw.choice(places), draw.choice(places)
        new = {
            b"<": draw.choice((b"", other[0], place[0] + other[0])),
            b"=": b'="' + draw.choice(VALUES) + b'"',
            b">": b">" + draw.choice(TEXTS) + b"<",
        }[place[0][:1]]
        data = data[: place.start()] + new + data[place.end() :]
    return data


def test_only_refused_is_raised_whatever_is_broken() -> None:
    draw = random.Random(11)
    outcomes = set()
    for number in range(120):
        data = broken(SOUND[number % len(SOUND)], draw)
        course_of = cartridge.course_of if b"questestinterop" in data else qti.course_of
        try:
            made = settled(course_of({"a.xml": data}, "en"))
        except Refused as refused:
            outcomes.add(refused.reason.code)
        else:
            outcomes |= {item.fate.value for item in made.items}
    assert outcomes >= {"taken", "loss", "refused"}
