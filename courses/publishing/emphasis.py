"""Emphasis that works in Chinese, which has no spaces between words.

CommonMark decides by the characters around `**` whether it opens or closes, and takes punctuation
next to a letter for a sign that it does neither: `**哈希（hash）**是` stays literal. Here a
Chinese, Japanese or Korean character next to the marks is a boundary, as white space would be.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        # A boundary lets a mark open or close although punctuation stands on its inner side.
        opens = not isWhiteSpace(ord(after)) and (not _punctuation(after) or _boundary(before))
        closes = not isWhiteSpace(ord(before)) and (not _punctuation(before) or _boundary(after))
        return Scanned(
            opens and (canSplitWord or not closes or _punctuation(before)),
            closes and (canSplitWord or not opens or _punctuation(after)),
            end - start,
        )


def _punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _boundary(character: str) -> bool:
    return (
        isWhiteSpace(ord(character))
        or _punctuation(character)
        or _CJK.fullmatch(character) is not None
    )


class Inline(ParserInline):
    """markdown-it's inline parser with the rule above."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
