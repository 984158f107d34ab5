"""Pieces of text and the lexicon → findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from courses.policy.lexicon import lexicon
from courses.policy.overrides import OVERRIDES_FILE
from courses.policy.pieces import Form, Piece, pieces_of
from courses.policy.types import Finding, Judged, Lexicon, Override, Rule

LONGEST_EXCERPT = 160
FILES_REMEMBERED = 2048
"""With their findings, the last used."""
_ADDRESS = re.compile(r"(?:https?|wss?)://[^\s\"'<>)\]}，。；、）]+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？]|\n\s*\n|\n(?=\s*(?:[-*+|]|\d+[.)]))")


def check(files: Mapping[str, bytes], words: Lexicon | None = None) -> list[Finding]:
    """Every place of a course that breaks a rule, by file and line. `files`: path below the
    course's folder → contents. Pure: no query, nothing is written."""
    words = words or lexicon()
    return sorted(
        finding
        for path, data in files.items()
        if path != OVERRIDES_FILE
        for finding in _in_file(path, data, words)
    )


def judged(
    files: Mapping[str, bytes], overrides: Iterable[Override], words: Lexicon | None = None
) -> Judged:
    """The findings, apart from those that somebody has answered for in writing."""
    words = words or lexicon()
    overrides = list(overrides)
    open_, answered = [], []
    for finding in check(files, words):
        override = next((one for one in overrides if one.covers(finding)), None)
        if override is None:
            open_.append(finding)
        else:
            answered.append((finding, override))
    return Judged(tuple(open_), tuple(answered), words.digest)


@lru_cache(maxsize=FILES_REMEMBERED)
def _in_file(path: str, data: bytes, words: Lexicon) -> frozenset[Finding]:
    """The findings of one file, which most revisions of a course share."""
    return frozenset(
        _finding(piece, rule, match)
        for piece in pieces_of({path: data})
        for rule, match in _broken(piece, words)
    )


def _broken(piece: Piece, words: Lexicon) -> Iterator[tuple[Rule, re.Match[str]]]:
    addresses = list(_ADDRESS.finditer(piece.text))
    # Addresses are judged as what they are, not as words.
    text = _ADDRESS.sub(lambda one: " " * len(one[0]), piece.text) if addresses else piece.text
    for rule in words.rules:
        for match in addresses:
            if _is_of(match[0], rule.hosts):
                yield rule, match
        if addresses and rule.addresses is not None:
            for match in rule.addresses.finditer(piece.text):
                yield rule, match
        if rule.code is not None and piece.form is Form.CODE:
            for match in rule.code.finditer(piece.text):
                yield rule, match
        for match in _said(rule, text, piece, words):
            yield rule, match


def _said(rule: Rule, text: str, piece: Piece, words: Lexicon) -> Iterator[re.Match[str]]:
    """What the words of a piece break of a rule."""
    named = [] if rule.names is None else list(rule.names.finditer(text))
    around = f"{piece.around}\n{piece.opening}\n{text}"
    if named and not (words.critical.search(around) or words.regulating.search(around)):
        yield from named
    if rule.invites is not None:
        for match in rule.invites.finditer(text):
            if not _is_excused(match, text, piece, rule, words):
                yield match


def _is_excused(match: re.Match[str], text: str, piece: Piece, rule: Rule, words: Lexicon) -> bool:
    """Whether the clause of an invitation takes it back. The invitation's own words do not."""
    before, after = _clause(match, text, words.turns)
    clause = f"{piece.opening}\n{before}\n{after}"
    if piece.form is Form.ASKED:
        clause += f"\n{piece.around}"
    if rule.allowed is not None and rule.allowed.search(f"{before}{match[0]}{after}"):
        return True
    return bool(words.refusing.search(clause) or words.critical.search(clause))


def _clause(match: re.Match[str], text: str, turns: re.Pattern[str]) -> tuple[str, str]:
    """What stands before and after a match, as far as the sentence does not turn."""
    start, end = 0, len(text)
    for turn in turns.finditer(text):
        if turn.end() <= match.start():
            start = turn.end()
        elif turn.start() >= match.end():
            end = turn.start()
            break
    return text[start : match.start()], text[match.end() : end]


def _is_of(address: str, hosts: tuple[str, ...]) -> bool:
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return False
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _finding(piece: Piece, rule: Rule, match: re.Match[str]) -> Finding:
    line = piece.line + piece.text.count("\n", 0, match.start())
    excerpt = _excerpt(piece.text, match)
    return Finding(piece.file, line, rule.key, excerpt, reason=rule.reason)


def _excerpt(text: str, match: re.Match[str]) -> str:
    """The sentence of a match on one line, cut around it where it is long."""
    start, end = 0, len(text)
    for stop in _SENTENCE_END.finditer(text):
        if stop.end() <= match.start():
            start = stop.end()
        elif stop.start() >= match.end():
            end = stop.end()
            break
    before = " ".join(text[start : match.start()].split(" "))
    sentence = " ".join(text[start:end].split())
    if len(sentence) <= LONGEST_EXCERPT:
        return sentence
    at = max(0, min(len(" ".join(before.split())) - LONGEST_EXCERPT // 2, len(sentence)))
    return sentence[at : at + LONGEST_EXCERPT].strip()
