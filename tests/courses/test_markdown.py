"""What Markdown becomes, exactly; and what authors are told instead of silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.publishing.faults import Faults
from courses.publishing.files import Markdown, Source
from courses.publishing.markdown import Block, Setting, render, render_inline

SOURCES = {
    "fips": Source("fips", "FIPS *180*", "https://doi.org/10.6028/NIST.FIPS.180-4", "2015-08-04")
}


def rendered(source: str, setting: Setting | None = None) -> tuple[list[Block], list[str]]:
    """Blocks and faults of a document whose first line is line 2 of `lesson.md`."""
    faults = Faults()
    setting = setting or Setting("en", sources=SOURCES, exercises=frozenset({"one", "two"}))
    blocks = render(Markdown("lesson.md", source, 2), setting, faults)
    return blocks, [str(fault) for fault in faults.ordered()]


def html(source: str, setting: Setting | None = None) -> str:
    blocks, faults = rendered(source, setting)
    assert faults == []
    return "".join(block["html"] for block in blocks)


GOLDEN = {
    "emphasis": (
        "*a* **b** ~~c~~ `d < e`",
        "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d &lt; e</code></p>",
    ),
    "raw html is text": ("<b onclick='x'>a</b>", "<p>&lt;b onclick='x'&gt;a&lt;/b&gt;</p>"),
    "emphasis in Chinese": (
        "这是**哈希（hash）**函数，**注意：**不可逆。",
        "<p>这是<strong>哈希（hash）</strong>函数，<strong>注意：</strong>不可逆。</p>",
    ),
    "not emphasis": ("2 ** n and snake_case_name", "<p>2 ** n and snake_case_name</p>"),
    "an outside link": (
        "[a](https://example.org/?a=1&b=2) <https://example.org/x>",
        (
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">a</a> '
            '<a href="https://example.org/x" rel="noopener noreferrer">https://example.org/x</a></p>'
        ),
    ),
    "headings and links to them": (
        "## Why *hash*?\n\n## Why hash?\n\n[up](#s-why-hash-2)",
        (
            '<h2 id="s-why-hash">Why <em>hash</em>?</h2>\n<h2 id="s-why-hash-2">Why hash?</h2>\n'
            '<p><a href="#s-why-hash-2">up</a></p>'
        ),
    ),
    "a table": (
        "| a | b |\n|---|--:|\n| 1 | 2 |",
        (
            '<div class="table-wrap" tabindex="0"><table>\n<thead>\n<tr>\n<th scope="col">a</th>\n'
            '<th class="align-right" scope="col">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'  # noqa: E501
            '<td class="align-right">2</td>\n</tr>\n</tbody>\n</table></div>'
        ),
    ),
    "mathematics": (
        "$a^2$ costs $5 and $6",
        '<p><math display="inline"><msup><mi>a</mi><mn>2</mn></msup></math> costs $5 and $6</p>',
    ),
    "code": (
        "```python\nx = 1\n```",
        (
            '<pre class="highlight" tabindex="0"><code class="language-python"><span class="n">x</span>'  # noqa: E501
            ' <span class="o">=</span> <span class="mi">1</span>\n</code></pre>'
        ),
    ),
    "code in no language": (
        "```\n<b>\n```",
        '<pre class="highlight" tabindex="0"><code>&lt;b&gt;\n</code></pre>',
    ),
    "a callout": (
        "::: warning\nMind *this*.\n:::",
        (
            '<aside class="callout callout-warning">\n<p class="callout-title">Take care</p>\n'
            "<p>Mind <em>this</em>.</p>\n</aside>"
        ),
    ),
    "a callout with a title": (
        "::: example A <chain>\nx\n:::",
        (
            '<aside class="callout callout-example">\n<p class="callout-title">A &lt;chain&gt;</p>\n'  # noqa: E501
            "<p>x</p>\n</aside>"
        ),
    ),
    "a callout in a callout": (
        ":::: note\n::: warning W\nx\n:::\n::::",
        (
            '<aside class="callout callout-note">\n<p class="callout-title">Note</p>\n'
            '<aside class="callout callout-warning">\n<p class="callout-title">W</p>\n'
            "<p>x</p>\n</aside>\n</aside>"
        ),
    ),
    "a source": (
        "Text.[^fips]",
        (
            '<p>Text.<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup></p>\n'
            '<section class="footnotes" aria-label="Sources and notes"><h2>Sources and notes</h2>\n'
            '<ol>\n<li id="fn1" class="footnote-item"><p>'
            '<a href="https://doi.org/10.6028/NIST.FIPS.180-4" rel="noopener noreferrer">FIPS *180*</a>'  # noqa: E501
            ', 2015-08-04. <a href="#fnref1" class="footnote-back" aria-label="Back to the text">'
            "↩\ufe0e</a></p>\n</li>\n</ol>\n</section>"
        ),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    source, expected = GOLDEN[name]
    assert (
        html(source)
        .replace('<span class="w"> </span>', " ")
        .replace("<mrow>", "")
        .replace("</mrow>", "")
        == expected
    )


def test_a_citation_before_a_colon_is_no_definition() -> None:
    assert "FIPS *180*" in html("As it says[^fips]: nothing.")


def test_a_lesson_may_say_more_of_a_source_than_the_course_does() -> None:
    text = html("A.[^fips]\n\n[^fips]: Section 5.")
    assert "Section 5." in text
    assert "FIPS" not in text


def test_exercises_stand_between_pieces() -> None:
    blocks, faults = rendered('a\n\n{{ exercise "one" }}\n\nb\n\n{{ exercise "two" }}')
    assert faults == []
    assert blocks == [
        {"html": "<p>a</p>"},
        {"exercise": "one"},
        {"html": "<p>b</p>"},
        {"exercise": "two"},
    ]


FAULTS = {
    "javascript": ("a\n\n[x](javascript:alert(1))", 4, "`javascript:alert(1)`: links go to"),
    "relative": ("[x](../other)", 2, "`../other`: links go to"),
    "space in an address": ("[x](<https://example.org/a b>)", 2, "has a space or a control"),
    "control in an address": ("[x](https://example.org/\u200bx)", 2, "has a space or a control"),
    "backslash": ("[x](https:\\\\example.org)", 2, "has a space or a control"),
    "user in an address": ("[x](https://bank@example.org/)", 2, "has a user's name"),
    "no such heading": ("[x](#top)", 2, "`#top` is no heading"),
    "outside picture": ("![x](https://example.org/a.png)", 2, "a picture is a file figures/"),
    "no source": ("a\nb [^none]", 3, "`[^none]` is neither a source"),
    "no exercise": ('{{ exercise "none" }}', 2, "There is no exercise `none`"),
    "exercise in a block": ('::: note\n{{ exercise "one" }}\n:::', 3, "An exercise stands alone"),
    "exercise in a line": ('See {{ exercise "one" }}', 2, "An exercise stands alone"),
    "braces": ("a {{ n }}", 2, "`{{` means nothing here"),
    "unknown block": ("::: hint\nx\n:::", 2, "`::: hint` opens no block"),
    "open block": ("a\n\n::: note\nx", 4, "`:::` is opened here and never closed."),
    "second title": ("# Again", 2, "Only a lesson's first line is a `#` heading"),
    "unknown language": ("\n```pyhton\nx\n```", 3, "`pyhton` is not a language"),
    "formula": ("$\\foo{a}$", 2, "`\\foo` is not a command"),
    "half a formula": ("a\nb $x^$", 3, "This formula is not understood"),
    "figure component": (
        "::: figure nothing\nx\n:::",
        2,
        "There is no interactive figure `nothing`",
    ),
    "figure without words": ("::: figure nothing\n:::", 2, "An interactive figure needs words"),
    "diagram": ("```mermaid\npie\n```", 3, "only flowchart and sequenceDiagram"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_the_line(name: str) -> None:
    source, line, message = FAULTS[name]
    _, faults = rendered(source)
    first = next(iter(faults), "")
    assert first.startswith(f"lesson.md:{line}: ")
    assert message in first


def test_varied_values_stay_to_be_filled() -> None:
    setting = Setting("en", names=frozenset({"n"}), prefix="bits-")
    source = "`{{ n }}` $2^{{ n }}$\n\n```python\nx = {{ n }}\n```\n"
    text = html(source, setting)
    assert text.count("{{ n }}") == 3


def test_unknown_values_are_faults() -> None:
    setting = Setting("en", names=frozenset({"n"}))
    _, faults = rendered("a {{ n }}\nand `{{ m }}`\n\n```\n\n{{ k }}\n```", setting)
    assert faults == [
        "lesson.md:3: `{{ m }}` is no name of [vary].",
        "lesson.md:6: `{{ k }}` is no name of [vary].",
    ]


def test_inline_texts() -> None:
    faults = Faults()
    setting = Setting("en", names=frozenset())
    assert render_inline("a **b** `c`", setting, faults, "e.toml", 7) == (
        "a <strong>b</strong> <code>c</code>"
    )
    assert faults.ordered() == []
    render_inline("![x](figures/a.svg)", setting, faults, "e.toml", 7)
    assert [str(fault) for fault in faults.ordered()] == [
        "e.toml:7: A figure can only stand in a lesson or a statement."
    ]


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><defs><marker id="m"/></defs>'
    '<path class="fg" stroke="currentColor" marker-end="url(#m)" d="M0 0"/><text>{}</text></svg>'
)


def test_figures_stand_inline_in_the_language_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/a.en.svg").write_text(SVG.format("Block"), encoding="utf-8")
    (tmp_path / "figures/a.zh-hans.svg").write_text(SVG.format("区块"), encoding="utf-8")
    source = '![A "block"](figures/a.svg "Caption")'
    for language, word in (("en", "Block"), ("zh-hans", "区块")):
        assert html(source, Setting(language, course=tmp_path)) == (
            '<figure class="figure"><svg role="img" aria-label="A &quot;block&quot;" width="10" '
            'height="10" viewBox="0 0 10 10"><defs><marker id="f1-m"></marker></defs>'
            '<path class="fg" stroke="currentColor" marker-end="url(#f1-m)" d="M0 0"></path>'
            f"<text>{word}</text></svg><figcaption>Caption</figcaption></figure>"
        )


def test_a_missing_figure_and_a_missing_alternative(tmp_path: Path) -> None:
    setting = Setting("en", course=tmp_path)
    assert rendered("![x](figures/none.svg)", setting)[1] == [
        "lesson.md:2: There is no figure figures/none.svg."
    ]
    assert rendered("![](figures/none.svg)", setting)[1] == [
        "lesson.md:2: A figure needs words that say what it shows: ![words](…)."
    ]
