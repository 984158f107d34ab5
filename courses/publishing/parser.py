"""The Markdown parser: CommonMark with tables, footnotes, mathematics and blocks; no raw HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from courses.publishing.containers import CALLOUTS, FIGURE
from courses.publishing.emphasis import Inline

_NOTES = {"en": "Sources and notes", "zh-hans": "来源与注释"}
_BACK = {"en": "Back to the text", "zh-hans": "返回正文"}


class _Parser(MarkdownIt):
    """Leaves every address as it was written: `markdown` judges it and names the line."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


def _ready_html(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    """What the checks have put there; nothing where they found a fault."""
    return str(tokens[index].meta.get("html", ""))


def _table_open(*_: object) -> str:
    return '<div class="table-wrap" tabindex="0"><table>\n'


def _table_close(*_: object) -> str:
    return "</table></div>\n"


def _footnotes_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    heading = _NOTES[env["language"]]
    return f'<section class="footnotes" aria-label="{heading}"><h2>{heading}</h2>\n<ol>\n'


def _footnote_back(
    renderer: Any, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    name = renderer.rules["footnote_anchor_name"](tokens, index, options, env)
    if tokens[index].meta["subId"] > 0:
        name += f":{tokens[index].meta['subId']}"
    label = escape(_BACK[env["language"]])
    return f' <a href="#fnref{name}" class="footnote-back" aria-label="{label}">↩\ufe0e</a>'


def _named(name: str) -> Any:
    def accepts(parameters: str, markup: str) -> bool:
        return parameters.strip().split(" ")[0] == name

    return accepts


def _make_parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "maxNesting": 40})
    parser.inline = Inline()
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.disable(["footnote_inline"])
    parser.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        double_inline=True,
        allow_blank_lines=False,
    )
    for name in (*CALLOUTS, FIGURE):
        parser.use(container_plugin, name, validate=_named(name))
        parser.add_render_rule(f"container_{name}_open", _ready_html)
        parser.add_render_rule(f"container_{name}_close", _ready_html)
    for kind in ("fence", "image", "math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(kind, _ready_html)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("footnote_block_open", _footnotes_open)
    parser.add_render_rule("footnote_anchor", _footnote_back)
    return parser


PARSER = _make_parser()
