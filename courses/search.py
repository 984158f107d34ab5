"""Words by which courses are found, in languages with and without spaces.

Chinese has no spaces between words, so runs of Chinese letters become bigrams: 区块链 → 区块, 块链.
The same function cuts what is stored and what is asked for, so that they meet.
"""

from __future__ import annotations

import re

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MIXED = re.compile(rf"{_CJK.pattern}+|[^\W_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def terms(text: str) -> list[str]:
    """The lower-case words and bigrams of a text, each once, in the order of their first use.

    A single Chinese letter between other things is a term of its own.
    """
    found: dict[str, None] = {}
    for match in _MIXED.finditer(text.casefold()):
        run = match.group()
        if _CJK.match(run) and len(run) > 1:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
        else:
            found[run] = None
    return list(found)


def pattern(term: str) -> str:
    """What a stored text (terms between spaces) contains when it has a term, or one that begins so.

    A single Chinese letter may stand anywhere: it is half of some bigram.
    """
    return term if len(term) == 1 and _CJK.match(term) else f" {term}"
