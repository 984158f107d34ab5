"""Presentation MathML → the LaTeX that lessons are written in."""

from __future__ import annotations

from collections.abc import Mapping

from interop.xml_trees import Node

RAW = "raw-markdown"
"""The name of a node whose words stand in the Markdown as they are."""

_FUNCTIONS = frozenset(
    {"sin", "cos", "tan", "log", "ln", "exp", "lim", "max", "min", "gcd", "det", "sup", "inf"}
)
_SIGNS: Mapping[str, str] = {
    "\\": r"\backslash ",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "~": r"\sim ",
    "^": r"\hat{}",
    "×": r"\times ",
    "⋅": r"\cdot ",
    "·": r"\cdot ",
    "÷": r"\div ",
    "±": r"\pm ",
    "−": "-",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "→": r"\to ",
    "∑": r"\sum ",
    "∏": r"\prod ",
    "∫": r"\int ",
    "∞": r"\infty ",
    "∂": r"\partial ",
    "π": r"\pi ",
    "α": r"\alpha ",
    "β": r"\beta ",
    "γ": r"\gamma ",
    "δ": r"\delta ",
    "θ": r"\theta ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "σ": r"\sigma ",
    "φ": r"\varphi ",
    "ω": r"\omega ",
    "Δ": r"\Delta ",
    "Σ": r"\Sigma ",
    "Ω": r"\Omega ",
    "\u2061": "",  # function application
    "\u2062": "",  # invisible times
    "\u2063": "",
    "\u200b": "",
    "\xa0": r"\ ",
}
_BIG = frozenset({r"\sum", r"\prod", r"\int", r"\lim", r"\max", r"\min"})
_GROUPS = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "mphantom", "mtd"})
_HATS = {"¯": "bar", "^": "hat", "→": "vec", "˙": "dot", "~": "tilde", "‾": "overline"}


class NoLatex(Exception):
    """A formula that has no LaTeX here; the name of the element that is not known."""


def latex(node: Node) -> str:
    """The LaTeX of a `math` element or a part of it. Raises `NoLatex`."""
    return " ".join(_latex(node).split())


def _latex(node: Node) -> str:  # noqa: PLR0911  # one for each kind of element
    name = node.name
    if name in _GROUPS:
        return _row(node)
    if name in {"mn", "mi", "mo", "ms", "mtext"}:
        return _token(node)
    if name == RAW:
        return node.text()
    if name == "semantics":
        parts = node.elements()
        if not parts:
            raise NoLatex(name)
        return _latex(parts[0])
    if name == "mspace":
        return r"\ "
    if name == "mfenced":
        separator = node.get("separators", ",")[:1]
        inner = separator.join(_latex(child) for child in node.elements())
        left, right = node.get("open", "("), node.get("close", ")")
        return f"{_signs(left)}{inner}{_signs(right)}"
    if name == "msqrt":
        return rf"\sqrt{_group(_row(node))}"
    if name == "mtable":
        return _table(node)
    return _scripts(node)


def _scripts(node: Node) -> str:  # noqa: PLR0911  # one for each kind of element
    """Elements whose children each have a place of their own."""
    parts = [_latex(child) for child in node.elements()]
    match node.name, parts:
        case "mfrac", [over, under]:
            return rf"\frac{_group(over)}{_group(under)}"
        case "mroot", [inner, index]:
            return rf"\sqrt[{index}]{_group(inner)}"
        case "msup", [base, above]:
            return f"{_base(base)}^{_group(above)}"
        case (("msub" | "munder"), [base, below]):
            return f"{_base(base)}_{_group(below)}"
        case (("msubsup" | "munderover"), [base, below, above]):
            return f"{_base(base)}_{_group(below)}^{_group(above)}"
        case "mover", [base, above]:
            if hat := _HATS.get(node.elements()[1].words()):
                return rf"\{hat}{_group(base)}"
            return f"{_base(base)}^{_group(above)}"
    raise NoLatex(node.name)


def _row(node: Node) -> str:
    return " ".join(_latex(child) for child in node.elements())


def _group(inner: str) -> str:
    """A group; with spaces where braces would meet, which mean varied values."""
    inner = inner.strip()
    return f"{{ {inner} }}" if inner.startswith("{") else f"{{{inner}}}"


def _base(inner: str) -> str:
    """The base of a script: a big sign such as ∑ must stand bare to be set as one."""
    plain = inner.strip()
    return plain if len(plain) == 1 or plain in _BIG else _group(inner)


def _token(node: Node) -> str:
    if any(isinstance(child, Node) for child in node.children):
        return "".join(
            _latex(child) if isinstance(child, Node) else _signs(child) for child in node.children
        )
    words = node.words()
    if node.name in {"mtext", "ms"} and words:
        return rf"\text{{{''.join(c for c in words if c not in '{}$')}}}"
    if node.name == "mi" and len(words) > 1 and words.isascii() and words.isalpha():
        return rf"\{words} " if words in _FUNCTIONS else rf"\mathrm{{{words}}}"
    return _signs(words)


def _signs(words: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in words)


def _table(node: Node) -> str:
    rows = [" & ".join(_row(cell) for cell in row.elements("mtd")) for row in node.elements("mtr")]
    if not rows:
        raise NoLatex(node.name)
    lines = r" \\ ".join(rows)
    return rf"\begin{{matrix}} {lines} \end{{matrix}}"
