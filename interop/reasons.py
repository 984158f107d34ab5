"""Why something was left behind, in both languages, by a code that never changes its meaning."""

from __future__ import annotations

from interop.archive_reasons import ARCHIVE_REASONS
from interop.item_reasons import ITEM_REASONS
from interop.types import Reason, Refused

KNOWN = {**ARCHIVE_REASONS, **ITEM_REASONS}
LONGEST_QUOTE = 120


def because(code: str, **values: object) -> Reason:
    """The reason of this code, with the values in its sentences, each cut to a readable length.

    Raises KeyError for a code that is not known.
    """
    shown = {name: quoted(str(value)) for name, value in values.items()}
    return Reason(code, {language: text.format(**shown) for language, text in KNOWN[code].items()})


def refused(code: str, **values: object) -> Refused:
    """`Refused` with the reason of this code."""
    return Refused(because(code, **values))


def quoted(words: str) -> str:
    """Foreign words as they may stand in a report: one line, no control characters, not long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
