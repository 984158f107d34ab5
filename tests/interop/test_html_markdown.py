"""HTML of any shape becomes Markdown that says the same and is taken by publishing."""

from __future__ import annotations

from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses.publishing.faults import Faults
from courses.publishing.files import Markdown
from courses.publishing.markdown import Setting, render_document, render_inline
from interop.html_markdown import MarkdownWriter
from interop.reasons import because
from interop.xml_trees import read_html

SIGNS = "ab 1.) *_`#+-=>|<&[]()!$~\\\"'{}:^区块，（）\n"
LINE = ("b", "em", "code", "span", "sub", "sup", "del", "u", "q", "a")
BLOCK = ("p", "div", "h1", "h3", "blockquote", "li", "ul", "ol", "pre", "td")


def element(name: str, inside: str) -> str:
    if name in {"ul", "ol"}:
        return f"<{name}><li>{inside}</li><li>x</li></{name}>"
    if name == "td":
        return f"<table><tr><td>{inside}</td><td>y</td></tr></table>"
    if name == "a":
        return f'<a href="https://example.org/?a=(1)&amp;b">{inside}</a>'
    return f"<{name}>{inside}</{name}>"


plain = st.text(SIGNS, max_size=12).map(lambda words: escape(words, quote=False))
lines = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(element, st.sampled_from(LINE), inner),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=5,
)
documents = st.recursive(
    lines,
    lambda inner: st.one_of(
        st.builds(element, st.sampled_from(BLOCK), inner),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=8,
)


def letters(html: str) -> str:
    """The letters and digits that a reader sees, in order; raised and lowered ones too."""
    words = read_html(html).text().translate(PLAIN)
    return "".join(sign for sign in words if sign.isalnum())


PLAIN = {
    ord(raised): low
    for raised, low in zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True)
}


def writer() -> MarkdownWriter:
    return MarkdownWriter(lambda node: because("picture_missing", name=node.get("src")))


@settings(max_examples=50, deadline=None)
@given(documents)
@example("<p>1. a</p><ul><li>b</li></ul><ol><li>c</li></ol>")
@example("<p>a**b**c*<em>d</em>*</p>")
@example("<b>a</b><b>b</b>")
def test_documents_keep_their_letters_and_render_without_a_fault(html: str) -> None:
    faults = Faults()
    markdown = writer().blocks(read_html(html).children)
    setting = Setting("en", names=frozenset())
    rendered = render_document(Markdown("x.md", markdown), setting, faults)
    assert faults.ordered() == []
    assert letters(rendered) == letters(html), markdown


@settings(max_examples=50, deadline=None)
@given(documents)
def test_lines_keep_their_letters_and_render_without_a_fault(html: str) -> None:
    faults = Faults()
    markdown = writer().inline(read_html(html).children)
    rendered = render_inline(markdown, Setting("en", names=frozenset()), faults, "x.toml", 1)
    assert faults.ordered() == []
    assert letters(rendered) == letters(html), markdown
