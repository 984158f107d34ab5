"""Texts of a course in an editor: what was posted of them, and what they look like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from courses.publishing.faults import Fault

FIELD = "text:"
"""Before the path of a file, in the name of its field."""
MARKS = ("<<<<<<<", ">>>>>>>")
"""Of lines that clash and about which nobody has decided yet."""


@dataclass(frozen=True, slots=True)
class EditedText:
    """One text in an editor."""

    path: str
    label: str
    """What it is, for people."""
    mode: str
    """The editor's language: markdown or toml."""
    language: str
    """The language in which it is written; '' for none."""
    text: str
    faults: Sequence[Fault]
    is_missing: bool = False
    """Whether it has no words yet."""

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"{FIELD}{self.path}"


def posted_texts(request: HttpRequest, paths: Iterable[str]) -> dict[str, bytes]:
    """Path → what the form says of these files, with plain line ends and one at the end."""
    found = {}
    for path in paths:
        words = request.POST.get(f"{FIELD}{path}")
        if words is not None:
            plain = words.replace("\r\n", "\n").replace("\0", "").rstrip("\n")
            found[path] = f"{plain}\n".encode()
    return found


def posted_base(request: HttpRequest, field: str = "base") -> int:
    """The number of the revision on which the form was written; 0 for what is no number."""
    words = request.POST.get(field, "")
    return int(words) if words.isdecimal() and len(words) < 9 else 0


def undecided(texts: Mapping[str, bytes]) -> bool:
    """Whether a text still has the marks of lines that clash."""
    return any(
        line.startswith(MARKS)
        for data in texts.values()
        for line in data.decode(errors="replace").split("\n")
    )
