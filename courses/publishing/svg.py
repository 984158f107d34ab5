"""Figures: an author's SVG, held to a small vocabulary and made ready to stand inside a page.

The vocabulary is enforced by refusal and not by silent removal: an author must see at publish what
a learner would miss. Colours come from six classes, so that a figure follows light and dark.
"""

from __future__ import annotations

import re
from html import escape
from xml.parsers import expat

CLASSES = frozenset({"fg", "muted", "accent", "good", "bad", "surface"})
SHAPES = frozenset(
    {"svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line"}
    | {"polyline", "polygon", "text", "tspan", "marker", "clipPath", "linearGradient"}
    | {"radialGradient", "stop", "pattern"}
)
_DROPPED = frozenset({"title", "desc", "metadata"})
"""The Markdown's alternative text says what a figure shows."""
_ROOT_DROPPED = frozenset({"xmlns", "xmlns:xlink", "version", "width", "height", "baseProfile"})
_PAINT = frozenset({"fill", "stroke", "color", "stop-color"})
_LINKS = frozenset({"href", "xlink:href"})
_REFERRING = frozenset({"clip-path", "marker-start", "marker-mid", "marker-end", *_PAINT})
ATTRIBUTES = frozenset(
    {"viewBox", "preserveAspectRatio", "id", "class", "transform", "href", "opacity"}
    | {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx", "dy"}
    | {"d", "points", "pathLength", "width", "height", "offset", "rotate", "textLength"}
    | {"lengthAdjust", "fill-opacity", "fill-rule", "clip-rule", "stroke-width", "stroke-opacity"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-dashoffset"}
    | {"stroke-miterlimit", "stop-opacity", "font-size", "font-weight", "font-style"}
    | {"font-family", "letter-spacing", "text-anchor", "dominant-baseline", "alignment-baseline"}
    | {"baseline-shift", "refX", "refY", "markerWidth", "markerHeight", "markerUnits", "orient"}
    | {"gradientUnits", "gradientTransform", "spreadMethod", "patternUnits", "patternTransform"}
    | {"patternContentUnits", "clipPathUnits", "vector-effect", "paint-order", "aria-hidden"}
    | _REFERRING
)
_PAINTS = re.compile(
    r"none|currentColor|inherit|transparent|context-fill|context-stroke|url\(#[\w-]+\)"
)
_REFERENCE = re.compile(r"url\(#(?P<id>[\w-]+)\)")
_PLAIN_VALUE = re.compile(r"[^<>\"'\\:]*")


class BadFigure(Exception):
    """What is wrong with a figure: pairs of line and sentence."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{line}: {message}" for line, message in faults))


def inline(source: str, *, prefix: str, label: str) -> str:
    """The figure as one `<svg role="img">` with the alternative text `label`.

    Every id gets `prefix`, so that several figures can stand in one page. Raises `BadFigure`.
    """
    reader = _Reader(prefix, label)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler = lambda name, attributes: reader.start(
        name, attributes, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        message = expat.errors.messages[error.code]
        raise BadFigure([*reader.faults, (error.lineno, f"This is not XML: {message}.")]) from None
    reader.check_references()
    if reader.faults:
        raise BadFigure(reader.faults)
    return "".join(reader.written)


class _Reader:
    def __init__(self, prefix: str, label: str) -> None:
        self.prefix = prefix
        self.label = label
        self.faults: list[tuple[int, str]] = []
        self.written: list[str] = []
        self._open: list[str] = []
        self._dropping = 0
        self._ids: set[str] = set()
        self._references: list[tuple[int, str]] = []

    def refuse_doctype(self, *_: object) -> None:
        raise BadFigure([(1, "A figure has no DOCTYPE.")])

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if self._dropping or name in _DROPPED:
            self._dropping += 1
            return
        if not self._open:
            attributes = self._root(name, attributes, line)
        elif name not in SHAPES or name == "svg":
            self.faults.append((line, f"`<{name}>` is not allowed in a figure."))
        words = [f"<{name}"]
        for key, value in attributes.items():
            words.append(self._attribute(key, value.strip(), line))
        self._open.append(name)
        self.written.append("".join(words) + ">")

    def end(self, name: str) -> None:
        if self._dropping:
            self._dropping -= 1
            return
        self._open.pop()
        self.written.append(f"</{name}>")

    def text(self, words: str) -> None:
        if not self._dropping and self._open and self._open[-1] in {"text", "tspan"}:
            self.written.append(escape(words, quote=False))

    def check_references(self) -> None:
        for line, name in self._references:
            if name not in self._ids:
                self.faults.append((line, f"`#{name}` is nowhere in this figure."))

    def _root(self, name: str, attributes: dict[str, str], line: int) -> dict[str, str]:
        if name != "svg":
            self.faults.append((line, "A figure's outermost element is `<svg>`."))
        box = attributes.get("viewBox", "").replace(",", " ").split()
        try:
            _, _, width, height = map(float, box)
        except ValueError:
            self.faults.append((line, "`<svg>` needs a viewBox of four numbers."))
            width = height = 0
        kept = {key: value for key, value in attributes.items() if key not in _ROOT_DROPPED}
        for key in ("role", "aria-label", "aria-labelledby", "focusable"):
            kept.pop(key, None)
        size = {"width": f"{width:g}", "height": f"{height:g}"}
        return {"role": "img", "aria-label": self.label, **size, **kept}

    def _attribute(self, key: str, value: str, line: int) -> str:
        if key in {"role", "aria-label"} and not self._open:
            return f' {key}="{escape(value)}"'
        if key in _LINKS:
            return self._link(value, line)
        if key not in ATTRIBUTES:
            self.faults.append((line, f"`{key}` is not allowed in a figure."))
        elif key in _PAINT and not _PAINTS.fullmatch(value):
            self.faults.append(
                (line, f'`{key}="{value}"`: use currentColor with a class, none or url(#id).')
            )
        elif key == "class" and not CLASSES.issuperset(value.split()):
            self.faults.append((line, f"Classes of figures are {', '.join(sorted(CLASSES))}."))
        elif not _PLAIN_VALUE.fullmatch(value):
            self.faults.append((line, f"`{key}` has a value that is not allowed."))
        elif key == "id":
            self._ids.add(value)
            value = self.prefix + value
        elif key in _REFERRING and (found := _REFERENCE.fullmatch(value)):
            self._references.append((line, found["id"]))
            value = f"url(#{self.prefix}{found['id']})"
        elif "url(" in value.lower():
            self.faults.append((line, f"`{key}` must not point anywhere."))
        return f' {key}="{escape(value)}"'

    def _link(self, value: str, line: int) -> str:
        if not re.fullmatch(r"#[\w-]+", value):
            self.faults.append((line, "A figure may only refer to its own parts: `#id`."))
            return ""
        self._references.append((line, value[1:]))
        return f' href="#{self.prefix}{value[1:]}"'
