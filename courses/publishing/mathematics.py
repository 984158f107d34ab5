"""LaTeX → MathML (docs/decisions/0005)."""

from __future__ import annotations

import re

from latex2mathml.converter import convert

from exercises.texts import PLACEHOLDER

_UNKNOWN = re.compile(r">\s*(\\[A-Za-z]+)\s*<")
_HELD = re.compile(r"<mtext>value-(\w+)-</mtext>")


class BadMathematics(Exception):
    """A sentence that says what is wrong with a formula."""


def mathml(latex: str, *, display: bool) -> str:
    """One `<math>` element. `{{ name }}` stays in it, to be filled with a number or a word.

    Raises `BadMathematics`.
    """
    held = PLACEHOLDER.sub(lambda found: rf"{{\text{{value-{found[1]}-}}}}", latex)
    try:
        html = convert(held, display="block" if display else "inline")
    except Exception as error:  # noqa: BLE001  # the library raises whatever its parser trips over
        raise BadMathematics(
            f"This formula is not understood: {type(error).__name__} in `{latex}`."
        ) from None
    if unknown := _UNKNOWN.search(html):
        raise BadMathematics(f"`{unknown[1]}` is not a command that we can set.")
    return _HELD.sub(lambda found: f"<mn>{{{{ {found[1]} }}}}</mn>", html)
