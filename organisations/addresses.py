"""Reading a list of e-mail addresses as people write or paste it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

ADDRESS = re.compile(r"[^\s<>,;，；\"']+@[^\s<>,;，；\"']+")
AROUND = " \t<>,;，；\"'"
NAME_LENGTH = 100
EMAIL_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Line:
    """One address and the name beside it."""

    email: str
    """In lower case."""
    name: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a list says: each address once, and the lines that have none."""

    lines: list[Line]
    invalid: list[str]


def read_addresses(text: str) -> Addresses:
    """One address a line, with or without a name before or after it: `Lin <lin@example.org>`."""
    found: dict[str, Line] = {}
    invalid = []
    for written in text.splitlines():
        if not written.strip():
            continue
        line = _read(written)
        if line is None:
            invalid.append(written.strip())
        else:
            found.setdefault(line.email, line)
    return Addresses(list(found.values()), invalid)


def _read(written: str) -> Line | None:
    match = ADDRESS.search(written)
    if match is None:
        return None
    email = match.group().lower()
    if len(email) > EMAIL_LENGTH:
        return None
    try:
        validate_email(email)
    except ValidationError:
        return None
    before, after = written[: match.start()].strip(AROUND), written[match.end() :].strip(AROUND)
    if "@" in after:
        return None  # two addresses on a line: we would guess which one is meant
    name = "".join(sign for sign in before or after if sign.isprintable())
    return Line(email, name[:NAME_LENGTH])
