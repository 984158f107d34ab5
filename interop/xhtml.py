"""Trees → XHTML, for formats that are XML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape

from interop.xml_trees import Node, read_html

MATHML = "http://www.w3.org/1998/Math/MathML"
_KEPT = {"href", "src", "alt", "start", "colspan", "rowspan"}
_MATHS = {"display"}
_CLASSES = {"code": "language-", "td": "align-", "th": "align-"}
"""Classes that say something: the language of code, the alignment of a column."""
_GONE = frozenset({"svg", "script", "style"})


def text(words: str) -> str:
    """Words as the content of an element."""
    return escape(words, quote=False)


def element(name: str, content: str = "", attributes: Mapping[str, object] | None = None) -> str:
    """An element whose content is XML already."""
    marks = "".join(f' {key}="{escape(str(value))}"' for key, value in (attributes or {}).items())
    return f"<{name}{marks}>{content}</{name}>" if content else f"<{name}{marks}/>"


def xhtml(children: Iterable[Node | str], unwrapped: Collection[str] = ()) -> str:
    """The XML of these children. Of elements in `unwrapped`, the words."""
    parts = []
    for child in children:
        if isinstance(child, str):
            parts.append(text(child))
        elif child.name in _GONE:
            continue
        elif child.name in unwrapped:
            parts.append(xhtml(child.children, unwrapped))
        else:
            parts.append(_element(child, unwrapped))
    return "".join(parts)


def inline(html: str, unwrapped: Collection[str] = ()) -> str:
    """The XML of a text of HTML."""
    return xhtml(read_html(html).children, unwrapped)


def words_of(html: str) -> str:
    """The words of a text of HTML, without its marks."""
    return read_html(html).words()


def _element(node: Node, unwrapped: Collection[str]) -> str:
    known = {key: value for key, value in node.attributes.items() if key in _KEPT}
    if node.name == "math":
        known = {"xmlns": MATHML} | {
            key: value for key, value in node.attributes.items() if key in _MATHS
        }
    if node.get("class").startswith(_CLASSES.get(node.name, "\0")):
        known["class"] = node.get("class")
    return element(node.name, xhtml(node.children, unwrapped), known)
