"""The last step before HTML is stored: only what is on these lists survives."""

from __future__ import annotations

import nh3

from courses.figures import FIGURES
from courses.publishing import svg

_TEXT_TAGS = frozenset(
    {"a", "aside", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "figcaption"}
    | {"figure", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "section"}
    | {"span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_MATHS_TAGS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup"}
    | {"mfrac", "msqrt", "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd"}
    | {"mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts"}
)
_MATHS_ATTRIBUTES = frozenset(
    {"display", "mathvariant", "stretchy", "fence", "separator", "form", "lspace", "rspace"}
    | {"minsize", "maxsize", "accent", "accentunder", "linethickness", "columnalign"}
    | {"rowspacing", "columnspacing", "columnlines", "rowlines", "displaystyle", "scriptlevel"}
    | {"width", "height", "depth", "voffset", "notation", "movablelimits", "largeop", "symmetric"}
)
_FIGURE_TAGS = {f"cw-{name}": parameters for name, parameters in FIGURES.items()}

TAGS = {*_TEXT_TAGS, *_MATHS_TAGS, *svg.SHAPES, *_FIGURE_TAGS}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"href", "rel", "aria-label"},
    "aside": {"aria-label"},
    "section": {"aria-label"},
    "ol": {"start"},
    "div": {"tabindex", "role", "aria-label"},
    "pre": {"tabindex"},
    "th": {"scope"},
    **{tag: set(_MATHS_ATTRIBUTES) for tag in _MATHS_TAGS},
    **{shape: set(svg.ATTRIBUTES) for shape in svg.SHAPES},
    **{
        tag: {f"data-{parameter}" for parameter in parameters}
        for tag, parameters in _FIGURE_TAGS.items()
    },
}
ATTRIBUTES["svg"] |= {"role", "aria-label"}


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https"},
    link_rel=None,
    clean_content_tags={"script", "style"},
)


def sanitise(html: str) -> str:
    """`html` without anything that is not on the lists: no scripts, styles, handlers, frames."""
    return _CLEANER.clean(html)
