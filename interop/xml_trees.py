"""Untrusted XML and HTML as small trees that remember their lines.

Expat reads neither external entities nor DTDs here, and no document may define entities: what XML
attacks are made of does not exist. HTML's own names (`&nbsp;`), which authors write without a DTD,
are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from html.parser import HTMLParser
from xml.parsers import expat

import nh3

from interop.reasons import refused

DEEPEST = 100
"""Elements within elements: what reads a tree calls itself for each of them."""
MOST_NODES = 500_000
"""Elements and attributes of one document."""
MOST_HTML = 200_000
"""Characters of one piece of HTML."""
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
"""HTML's elements that are never closed."""

_BUFFER = 1024 * 1024
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_READ_BY_EXPAT = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "utf8"}
_READ_BY_PYTHON = {"gb2312", "gbk", "gb18030", "big5", "windows-1252", "cp1252"}
"""Encodings of exporters that expat does not know."""
_HTML = frozenset(
    {"a", "abbr", "audio", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl"}
    | {"dt", "em", "embed", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"}
    | {"iframe", "img", "input", "ins", "kbd", "li", "math", "object", "ol", "p", "pre", "q", "rp"}
    | {"rt", "ruby", "s", "samp", "section", "select", "small", "span", "strike", "strong", "sub"}
    | {"sup", "svg", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"}
    | {"video"}
    | {"mi", "mn", "mo", "mtext", "mrow", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup"}
    | {"munder", "mover", "munderover", "mfenced", "mtable", "mtr", "mtd", "mstyle", "mspace"}
    | {"menclose", "mpadded", "mphantom", "ms", "semantics"}
)
"""What is kept of HTML; of other elements, the words."""


_HTML_ATTRIBUTES = frozenset(
    {"alt", "class", "close", "colspan", "data", "display", "height", "href", "lang", "open"}
    | {"rowspan", "separators", "src", "start", "title", "width"}
)


@dataclass(slots=True, eq=False)
class Node:
    """An element. Names of elements and attributes are without their namespace's prefix."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    """`xml:lang` is `lang`."""
    children: list[Node | str] = field(default_factory=list)
    """Elements and texts, in order."""
    line: int = 0
    namespace: str = ""

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def elements(self, *names: str) -> list[Node]:
        """The children that are elements, of these names or of any."""
        found = [child for child in self.children if isinstance(child, Node)]
        return [child for child in found if child.name in names] if names else found

    def first(self, *names: str) -> Node | None:
        """The first child of these names."""
        return next(iter(self.elements(*names)), None)

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.elements()))

    def all(self, *names: str) -> list[Node]:
        """The elements of these names anywhere below, in order."""
        return [node for node in self.walk() if node.name in names and node is not self]

    def text(self) -> str:
        """All words below, as they stand."""
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                waiting.extend(reversed(node.children))
        return "".join(parts)

    def words(self) -> str:
        """The same, with single spaces."""
        return " ".join(self.text().split())


def read_xml(data: bytes) -> Node:
    """The outermost element of a document. Raises `Refused`: not XML, entities, or too much."""
    if not data.strip():
        raise refused("empty_file")
    tree = _Tree()
    parser, data = _parser(data)
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    parser.namespace_prefixes = True
    parser.UseForeignDTD(True)  # so that unknown entities are reported instead of fatal

    def start(name: str, pairs: list[str]) -> None:
        attributes = {
            _local(pairs[place])[1]: pairs[place + 1] for place in range(0, len(pairs), 2)
        }
        namespace, local = _local(name)
        tree.open(local, attributes, parser.CurrentLineNumber, namespace)

    def entity(*_: object) -> None:
        raise refused("xml_entities")

    def skipped(name: str, is_parameter: bool) -> None:  # noqa: FBT001  # expat calls it so
        known = html5.get(f"{name};")
        if is_parameter or known is None:
            raise refused("xml_entities")
        tree.add_text(known)

    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: tree.close()
    parser.CharacterDataHandler = tree.add_text
    parser.EntityDeclHandler = entity
    parser.SkippedEntityHandler = skipped
    parser.ExternalEntityRefHandler = lambda *_: 1
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code) or "unreadable"
        raise refused("not_xml", why=why, line=error.lineno) from error
    except ValueError as error:
        raise refused("not_xml", why=type(error).__name__, line=1) from error
    return tree.root()


def read_html(words: str) -> Node:
    """A piece of HTML, however badly it is written, below one element `body`.

    Scripts, styles and unknown elements are gone. Raises `Refused` for what is too deep or large.
    """
    if len(words) > MOST_HTML:
        raise refused("too_large", most=f"{MOST_HTML} characters")
    # Python's own reader takes quadratic time on broken HTML: it is put in order first.
    ordered = nh3.clean(
        words,
        tags=set(_HTML),
        clean_content_tags={"script", "style"},
        attributes={"*": set(_HTML_ATTRIBUTES)},
        url_schemes={"http", "https", "data"},
        link_rel=None,
    )
    tree = _Tree()
    tree.open("body", {}, 1)
    reader = _HtmlReader(tree)
    reader.feed(ordered)
    reader.close()
    return tree.root()


def _parser(data: bytes) -> tuple[expat.XMLParserType, bytes]:
    """A parser and the bytes for it, in an encoding that it reads."""
    declared = _DECLARED.match(data)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding in _READ_BY_EXPAT:
        return expat.ParserCreate(namespace_separator=" "), data
    if encoding not in _READ_BY_PYTHON:
        raise refused("xml_encoding", encoding=encoding)
    try:
        converted = data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise refused("xml_encoding", encoding=encoding) from error
    return expat.ParserCreate("utf-8", namespace_separator=" "), converted


def _local(name: str) -> tuple[str, str]:
    """Namespace and name of what expat gives as `namespace name prefix`."""
    parts = name.split(" ")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", name)


class _Tree:
    """A tree that grows under limits."""

    def __init__(self) -> None:
        self._top = Node("")
        self._open: list[Node] = [self._top]
        self._nodes = 0

    @property
    def depth(self) -> int:
        return len(self._open) - 1

    def open(self, name: str, attributes: dict[str, str], line: int, namespace: str = "") -> None:
        self._nodes += 1 + len(attributes)
        if self._nodes > MOST_NODES:
            raise refused("xml_too_many", most=MOST_NODES)
        if self.depth >= DEEPEST:
            raise refused("xml_too_deep", most=DEEPEST)
        node = Node(name, attributes, [], line, namespace)
        self._open[-1].children.append(node)
        self._open.append(node)

    def close(self) -> None:
        self._open.pop()

    def add_text(self, words: str) -> None:
        siblings = self._open[-1].children
        if siblings and isinstance(siblings[-1], str):
            siblings[-1] += words
        else:
            siblings.append(words)

    def root(self) -> Node:
        return self._top.elements()[0]


class _HtmlReader(HTMLParser):
    """Reads HTML that is in order: every element that is opened is closed."""

    def __init__(self, tree: _Tree) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = tree

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tree.open(tag, attributes, self.getpos()[0])
        if tag in VOID:
            self.tree.close()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.tree.close()

    def handle_data(self, data: str) -> None:
        self.tree.add_text(data)
