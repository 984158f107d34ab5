"""HTML as a tree → the Markdown of lessons, statements and options.

What Markdown here has no way to say is left behind, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from courses.publishing.highlight import UnknownLanguage, highlighted
from courses.publishing.links import link_fault
from courses.publishing.mathematics import BadMathematics, mathml
from interop.markdown_text import code_span, escaped, fenced, parted
from interop.mathml_latex import RAW, NoLatex, latex
from interop.reasons import because
from interop.types import Reason
from interop.xml_trees import Node

Picture = Callable[[Node], str | Reason]
"""An `img` → the path `figures/NAME.svg`, or why it cannot come along."""

_BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "center", "ul", "ol", "dl"}
    | {"table", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "body"}
    | {"figcaption", "address", "details", "summary", "form", "fieldset", "li", "dt", "dd"}
)
_MEDIA = frozenset({"audio", "video", "iframe", "embed", "canvas", "applet", "source", "track"})
_SILENT = frozenset({"script", "style", "head", "title", "meta", "link", "rp", "template"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*", "dfn": "*"}
_MARKS_OF_LISTS = {"ul": ("-", "*"), "ol": (".", ")")}
_STRUCK = frozenset({"del", "s", "strike"})
_CODE = frozenset({"code", "tt", "kbd", "samp"})
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_SPACES = re.compile(r"[ \t\r\n\f]+")
LONGEST_FORMULA = 2_000
"""Characters of LaTeX."""
_DASHES = {"align-left": ":--", "align-center": ":-:", "align-right": "--:"}
BREAK = "\\\n"
Children = Sequence[Node | str]


def raw(words: str) -> Node:
    """A node that stands in the Markdown as it is: a gap, a varied value."""
    return Node(RAW, {}, [words])


class MarkdownWriter:
    """Writes Markdown. `said` collects what was left behind, each reason once."""

    def __init__(self, picture: Picture) -> None:
        self.said: dict[str, Reason] = {}
        self._picture = picture

    def say(self, code: str, **values: object) -> None:
        """Note a loss."""
        reason = because(code, **values)
        self.said.setdefault(reason.text["en"], reason)

    def blocks(self, children: Children) -> str:
        """A document: paragraphs, lists, tables, figures."""
        return "\n\n".join(piece for piece in self._blocks(children) if piece.strip())

    def inline(self, children: Children) -> str:
        """The same as words within a sentence: blocks become lines, pictures their words."""
        pieces = []
        for block in _runs(children):
            if isinstance(block, Node):
                pieces.append(self._line_of_block(block))
            else:
                pieces.append(self._words(block, pictures=False))
        return BREAK.join(piece for piece in map(_trimmed, pieces) if piece)

    # Blocks

    def _blocks(self, children: Children) -> list[str]:
        pieces: list[str] = []
        marks: dict[str, str] = {}
        for block in _runs(children):
            before = len(pieces)
            if not isinstance(block, Node):
                pieces += self._paragraph(block)
            elif block.name in _MARKS_OF_LISTS:
                # A list right behind its like is another one only if its marks are others.
                mark = next(one for one in _MARKS_OF_LISTS[block.name] if one not in marks.values())
                pieces.append(self._list(block, mark))
                marks = {block.name: mark}
                continue
            else:
                pieces += self._block(block)
            marks = {} if len(pieces) > before else marks
        return pieces

    def _paragraph(self, children: Children) -> list[str]:
        """Words as a paragraph; each picture among them stands alone after it."""
        words = _trimmed(self._words(children, pictures=True))
        pictures = self._pictures(children)
        return [piece for piece in (_line_start(words), *pictures) if piece]

    def _pictures(self, children: Children) -> list[str]:
        below = [node for child in children if isinstance(child, Node) for node in child.walk()]
        return [self._figure(node) for node in below if node.name == "img"]

    def _figure(self, node: Node) -> str:
        """A picture as a figure, or its words where it cannot come along."""
        words = parted(" ".join(node.get("alt").split()))[0]
        path = self._picture(node)
        if isinstance(path, Reason):
            self.said.setdefault(path.text["en"], path)
            return rf"\[{escaped(words)}\]" if words else ""
        return f"![{escaped(words or node.get('src').rpartition('/')[2])}]({path})"

    def _block(self, node: Node) -> list[str]:  # noqa: PLR0911  # one for each kind
        name = node.name
        if name == "math":
            return [self._formula(node)]
        if name == "dl":
            return self._definitions(node)
        if name == "table":
            return self._table(node)
        if name == "pre":
            return [fenced(node.text(), _language_of(node))]
        if name == "hr":
            return ["***"]
        if name == "blockquote":
            inner = self.blocks(node.children)
            return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []
        if re.fullmatch(r"h[1-6]", name):
            words = _trimmed(self._words(node.children, pictures=False)).replace(BREAK, " ")
            return [f"{'#' * max(2, int(name[1]))} {words}"] if words else []
        return self._blocks(node.children)

    def _list(self, node: Node, mark: str) -> str:
        items = []
        start = node.get("start")
        first = int(start) if start.isdecimal() and len(start) < 9 else 1
        for number, item in enumerate(node.elements(), start=first):
            lead = f"{number}{mark} " if node.name == "ol" else f"{mark} "
            inner = self.blocks(item.children if item.name == "li" else [item])
            indented = inner.replace("\n", "\n" + " " * len(lead))
            if inner:
                items.append(re.sub(r"(?m)^ +$", "", lead + indented))
        loose = any(item.elements("p") for item in node.elements())
        return ("\n\n" if loose else "\n").join(items)

    def _definitions(self, node: Node) -> list[str]:
        pieces = []
        for child in node.elements():
            if child.name == "dt":
                words = _trimmed(self._words(child.children, pictures=False))
                pieces += [f"**{words}**"] if words else []
            else:
                pieces += self._blocks(child.children)
        return pieces

    def _table(self, node: Node) -> list[str]:
        rows = _rows(node)
        if not rows:
            return []
        if any(cell.get("rowspan") or cell.get("colspan") for row in rows for cell in row):
            self.say("table_merged")
        if not any(cell.words() or cell.all("img", "math", RAW) for row in rows for cell in row):
            return []
        width = max(len(row) for row in rows)
        texts = [[self._cell(cell) for cell in row] + [" "] * (width - len(row)) for row in rows]
        headed = all(cell.name == "th" for cell in rows[0])
        head, body = (texts[0], texts[1:]) if headed else ([" "] * width, texts)
        marks = [_DASHES.get(cell.get("class"), "---") for cell in rows[0]]
        lines = [head, marks + ["---"] * (width - len(marks)), *body]
        caption = node.first("caption")
        above = self._paragraph(caption.children) if caption else []
        pictures = self._pictures(node.children)
        return [*above, "\n".join(f"| {' | '.join(line)} |" for line in lines), *pictures]

    def _cell(self, node: Node) -> str:
        words = _trimmed(self._flat(node.children, pictures=True))
        return re.sub(r"(?<!\\)\|", r"\\|", words) or " "

    def _line_of_block(self, node: Node) -> str:
        """A block where there can only be words."""
        if node.name in {"table", "ul", "ol", "dl", "pre", "blockquote"}:
            self.say("flattened")
        if node.name == "table":
            lines = (" ".join(self._flat(cell.children) for cell in row) for row in _rows(node))
            return BREAK.join(filter(None, map(_trimmed, lines)))
        if node.name == "pre":
            return code_span(" ".join(node.text().split()))
        if node.name == "hr":
            return ""
        if node.name == "math":
            return self._formula(node)
        return self.inline(node.children)

    def _flat(self, children: Children, *, pictures: bool = False) -> str:
        """Words in one line, whatever the blocks were."""
        parts = []
        for block in _runs(children):
            if isinstance(block, Node):
                parts.append(self._flat(block.children, pictures=pictures))
            else:
                parts.append(self._words(block, pictures=pictures))
        return " ".join(filter(None, map(_trimmed, parts))).replace(BREAK, " ")

    # Words

    def _words(self, children: Children, *, pictures: bool) -> str:
        """`pictures`: whether they come along, after the paragraph."""
        written = ""
        for child in children:
            if isinstance(child, str):
                words, changed = parted(_SPACES.sub(" ", child))
                if changed:
                    self.say("marks_parted")
                piece = re.sub(r"!$", r"\!", escaped(words))  # before a link it makes a picture
            else:
                piece = self._inline(child, pictures=pictures)
            apart = " " if written.endswith("{") and piece.startswith("{") else ""
            written += apart + piece
        return written

    def _inline(  # noqa: C901, PLR0911  # one line for each kind of element
        self, node: Node, *, pictures: bool
    ) -> str:
        name = node.name
        if name == RAW:
            return node.text()
        if name == "br":
            return BREAK
        if name in _SILENT:
            return ""
        if name == "math":
            return self._formula(node)
        if name == "img":
            return "" if pictures else self._words_of_picture(node)
        if name in _MEDIA or (name in {"object", "svg"}):
            self.say("media_left_out", name=node.get("data") or node.get("src") or name)
            return self._words(node.children, pictures=pictures) if name == "object" else ""
        if name in _CODE and not any(isinstance(child, Node) for child in node.children):
            return code_span(node.text())
        if name in {"sub", "sup"}:
            return self._script(node)
        inner = self._words(node.children, pictures=pictures)
        if name == "a":
            return self._link(node, inner)
        if name == "rt":
            return f"（{inner.strip()}）"
        if name == "q":
            return f"“{inner.strip()}”"
        if name in _BLOCKS:
            return f" {inner} "
        mark = _MARKS.get(name) or ("~~" if name in _STRUCK else "")
        return _marked(inner, mark)

    def _words_of_picture(self, node: Node) -> str:
        self.say("picture_as_words", name=node.get("src"))
        return escaped(" ".join(node.get("alt").split()))

    def _link(self, node: Node, inner: str) -> str:
        address = node.get("href").strip()
        if not inner.strip() or not address:
            return inner
        if link_fault(address) or "<" in address or ">" in address:
            self.say("link_left_out", address=address)
            return inner
        return f"[{inner.strip()}](<{address}>)"

    def _script(self, node: Node) -> str:
        words = node.words()
        table = _RAISED if node.name == "sup" else _LOWERED
        if words and all(sign in table for sign in words):
            return "".join(table[sign] for sign in words)
        if re.fullmatch(r"[A-Za-z0-9+\-]+", words):
            return f"${'^' if node.name == 'sup' else '_'}{{{words}}}$"
        inner = self._words(node.children, pictures=False)
        if inner.strip():
            self.say("script_flattened")
        return inner

    def _formula(self, node: Node) -> str:
        display = node.get("display") == "block"
        try:
            words = latex(node)
            if len(words) > LONGEST_FORMULA:
                raise NoLatex(node.name)  # noqa: TRY301  # as any other that cannot be set
            mathml(words, display=display)
        except NoLatex as unknown:
            self.say("formula_as_words", name=unknown)
            return escaped(node.words())
        except BadMathematics:
            self.say("formula_as_words", name="math")
            return escaped(node.words())
        mark = "$$" if display else "$"
        return f"{mark}{words}{mark}" if words else ""


def _language_of(pre: Node) -> str:
    """The language of a block of code, where it is named as in our own pages and is known."""
    code = pre.first("code")
    found = re.search(r"\blanguage-([\w+-]+)", code.get("class")) if code else None
    if found is None:
        return ""
    try:
        highlighted("", found[1])
    except UnknownLanguage:
        return ""
    return found[1]


def _rows(table: Node) -> list[list[Node]]:
    """The cells of a table, row by row; those of a table within it are not its own."""
    parts = [table, *table.elements("thead", "tbody", "tfoot")]
    rows = [row.elements("td", "th") for part in parts for row in part.elements("tr")]
    return [row for row in rows if row]


def _runs(children: Children) -> list[Node | list[Node | str]]:
    """Children as blocks, and what stands between blocks as lists of words."""
    runs: list[Node | list[Node | str]] = []
    words: list[Node | str] = []
    for child in children:
        if isinstance(child, Node) and is_block(child):
            runs += [words] if words else []
            runs.append(child)
            words = []
        else:
            words.append(child)
    return [*runs, words] if words else runs


def is_block(node: Node) -> bool:
    """Whether an element is a block, or holds one."""
    if node.name == "math":
        return node.get("display") == "block"
    if node.name in _BLOCKS:
        return True
    if node.name in _MARKS or node.name in {"span", "a", "ruby", RAW}:
        return False
    return any(child.name in _BLOCKS for child in node.elements())


def _marked(inner: str, mark: str) -> str:
    """Words between marks; the spaces at their ends stay outside."""
    core = inner.strip(" ")
    if not mark or not core or BREAK in core or core.startswith(("*", "~")):
        return inner
    lead = " " if inner.startswith(" ") else ""
    tail = " " if inner.endswith(" ") else ""
    return f"{lead}{mark}{core}{mark}{tail}"


def _trimmed(words: str) -> str:
    """Without spaces and line breaks at the ends, and with single spaces."""
    words = re.sub(r" *\\\n *", BREAK, re.sub(r" {2,}", " ", words)).strip()
    while words.endswith("\\\n") or words.startswith("\\\n"):
        words = words.removeprefix("\\\n").removesuffix("\\\n").strip()
    return words.removesuffix("\\") if re.search(r"(?<!\\)(\\\\)*\\$", words) else words


def _line_start(words: str) -> str:
    """Words that begin no list, heading or block by accident, on any of their lines."""
    lines = words.split("\n")
    return "\n".join(
        re.sub(r"^([#>+=-]|:::)", r"\\\1", re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", line))
        for line in lines
    )
