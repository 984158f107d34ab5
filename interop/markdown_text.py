"""Words of others, made to mean nothing in Markdown but themselves."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>$~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BACKTICKS = re.compile(r"`+")
_PARTED = re.compile(r"\{(?=\{)|\[(?=[\[^])|(?<=\})(?=\})|:(?=::)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def escaped(words: str) -> str:
    """Words with a backslash before each sign that Markdown would read, within a line."""
    return _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", words))


def parted(words: str) -> tuple[str, bool]:
    """Words in which no two signs make `{{`, `[[`, `[^` or `:::`, which mean something here even
    behind a backslash; and whether anything had to be parted."""
    changed = _PARTED.sub(lambda found: f"{found[0]} ", words)
    return changed, changed != words


def code_span(words: str) -> str:
    """Words as code within a line."""
    words = " ".join(parted(words)[0].split("\n"))
    if not words.strip():
        return words
    longest = max(map(len, _BACKTICKS.findall(words)), default=0)
    marks = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{marks}{pad}{words}{pad}{marks}"


def fenced(words: str, language: str = "") -> str:
    """Lines as a block of code."""
    words = parted(words)[0].strip("\n")
    longest = max(map(len, _BACKTICKS.findall(words)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{words}\n{marks}"


def storable_text(words: str) -> str:
    """Words without what neither XML nor a database may hold."""
    return _CONTROL.sub("", words)
