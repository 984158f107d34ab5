"""Source files that a learner wrote, as a form posts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exercises.texts import NOT_STORABLE
from exercises.types import Text, Unreadable


@dataclass(frozen=True, slots=True)
class Words:
    """What a learner is told of files that cannot be taken."""

    empty: Text
    too_long: Text
    no_text: Text


def read_files(
    names: Iterable[str],
    posted: Mapping[str, Sequence[str]],
    *,
    most_characters: int,
    words: Words,
) -> dict[str, str]:
    """The files of these names, with plain line ends. Raises Unreadable when all are empty, when
    together they are too long, and for what is no text."""
    files = {}
    for name in names:
        text = next(iter(posted.get(f"file:{name}", ())), "")
        files[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = "".join(files.values())
    if not whole.strip():
        raise Unreadable(words.empty)
    if len(whole) > most_characters:
        raise Unreadable(words.too_long)
    if NOT_STORABLE.search(whole):
        raise Unreadable(words.no_text)
    return files
