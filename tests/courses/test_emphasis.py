"""Emphasis next to Chinese letters works, and everywhere else it is CommonMark's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from courses.publishing.emphasis import Inline

OURS = MarkdownIt("commonmark")
OURS.inline = Inline()
COMMONMARK = MarkdownIt("commonmark")


@given(st.text(st.sampled_from("ab .,*_!()\"'-éß\n"), max_size=20))
def test_without_chinese_letters_it_is_commonmark(words: str) -> None:
    assert OURS.renderInline(words) == COMMONMARK.renderInline(words)


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("**哈希（hash）**是", "<strong>哈希（hash）</strong>是"),
        ("是**“摘要”**。", "是<strong>“摘要”</strong>。"),
        ("注意**：**看", "注意<strong>：</strong>看"),
        ("用*SM3*算法", "用<em>SM3</em>算法"),
        ("**`x`**是代码", "<strong><code>x</code></strong>是代码"),
        ("区块**链", "区块**链"),
        ("2 ** n 次", "2 ** n 次"),
        ("变量_名_称", "变量_名_称"),
    ],
)
def test_next_to_chinese_letters(words: str, html: str) -> None:
    assert OURS.renderInline(words) == html
