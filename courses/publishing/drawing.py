"""What all diagrams are drawn with: SVG elements in the classes of figures, and text widths."""

from __future__ import annotations

import math
import unicodedata
from html import escape

FONT_SIZE = 14
LINE_HEIGHT = 20
MARGIN = 8
Point = tuple[float, float]
_ARROWS = (
    '<defs><marker id="{id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
    'markerHeight="7" orient="auto-start-reverse" class="fg">'
    '<path d="M0 0L10 5L0 10z" fill="currentColor"></path></marker></defs>'
)


class BadDiagram(Exception):
    """What is wrong with a diagram. `line` counts from 1, within the diagram."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def words_of(label: str) -> list[str]:
    """The lines of a label: `<br/>` breaks, quotes around it go."""
    plain = label.strip().removeprefix('"').removesuffix('"')
    for mark in ("<br/>", "<br />", "<br>"):
        plain = plain.replace(mark, "\n")
    return [line.strip() for line in plain.split("\n")]


def width_of(words: str) -> float:
    """About how many units a line of text takes: Chinese letters are square."""
    return sum(
        FONT_SIZE if unicodedata.east_asian_width(letter) in "WF" else FONT_SIZE * 0.58
        for letter in words
    )


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """One SVG element. `class_` and names with `_` become `class` and names with `-`."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{words}>{content}</{name}>"


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def text(lines: list[str], x: float, y: float, *, anchor: str = "middle") -> str:
    """Lines of text whose block is centred on `y`."""
    first = y - (len(lines) - 1) * LINE_HEIGHT / 2 + FONT_SIZE * 0.36
    spans = "".join(
        element("tspan", escape(line), x=x, y=first + index * LINE_HEIGHT)
        for index, line in enumerate(lines)
    )
    return element(
        "text", spans, class_="fg", fill="currentColor", font_size=FONT_SIZE, text_anchor=anchor
    )


def stroke(path: str, *, arrow: str = "", dashed: bool = False, heavy: bool = False) -> str:
    """A line along `path`, with an arrow head at its end when `arrow` names the marker."""
    extra: dict[str, str | float] = {}
    if arrow:
        extra["marker_end"] = f"url(#{arrow})"
    if dashed:
        extra["stroke_dasharray"] = "5 4"
    return element(
        "path",
        d=path,
        class_="muted",
        fill="none",
        stroke="currentColor",
        stroke_width=2.5 if heavy else 1.3,
        **extra,
    )


def canvas(parts: list[str], points: list[Point], *, label: str, arrow: str) -> str:
    """The whole drawing, around all of `points`. `label` is what a screen reader says."""
    left, top = (math.floor(min(point[axis] for point in points)) - MARGIN for axis in (0, 1))
    right, bottom = (math.ceil(max(point[axis] for point in points)) + MARGIN for axis in (0, 1))
    return element(
        "svg",
        _ARROWS.format(id=arrow) + "".join(parts),
        role="img",
        aria_label=label,
        width=right - left,
        height=bottom - top,
        viewBox=f"{left} {top} {right - left} {bottom - top}",
    )
