"""Blocks between `:::` marks: callouts and interactive figures."""

from __future__ import annotations

import re
from html import escape

from courses.figures import FIGURES

FIGURE = "figure"
CALLOUTS: dict[str, dict[str, str]] = {
    "question": {"en": "Question", "zh-hans": "问题"},
    "note": {"en": "Note", "zh-hans": "说明"},
    "example": {"en": "Example", "zh-hans": "例子"},
    "warning": {"en": "Take care", "zh-hans": "注意"},
    "summary": {"en": "Summary", "zh-hans": "小结"},
}
"""Kind → the title that it has when the author gives none."""

_PARAMETER = re.compile(r'(?P<name>[a-z][a-z0-9-]*)=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')


class BadFigureBlock(Exception):
    """A sentence that says what is wrong with `::: figure …`."""


def open_callout(kind: str, title: str, language: str) -> str:
    """The opening HTML of a callout; `</aside>` closes it."""
    words = escape(title or CALLOUTS[kind][language])
    return f'<aside class="callout callout-{kind}">\n<p class="callout-title">{words}</p>\n'


def open_figure(description: str) -> tuple[str, str]:
    """`name parameter=value …` → the name and the opening HTML. Raises `BadFigureBlock`."""
    name, _, rest = description.partition(" ")
    if name not in FIGURES:
        known = ", ".join(sorted(FIGURES)) or "none yet"
        raise BadFigureBlock(
            f"There is no interactive figure `{name}`. Known (courses/figures.py): {known}."
        )
    attributes: dict[str, str] = {}
    for match in _PARAMETER.finditer(rest):
        if match["name"] not in FIGURES[name]:
            raise BadFigureBlock(f"The figure `{name}` has no parameter `{match['name']}`.")
        if match["name"] in attributes:
            raise BadFigureBlock(f"`{match['name']}` is given twice.")
        attributes[match["name"]] = escape(match["quoted"] or match["plain"] or "")
    if left := _PARAMETER.sub("", rest).strip():
        raise BadFigureBlock(f"`{left}` is not of the form name=value.")
    data = "".join(f' data-{key}="{value}"' for key, value in attributes.items())
    return name, f'<cw-{name} class="interactive-figure"{data}>\n'
